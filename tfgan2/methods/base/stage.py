"""A stage: a training that comes before a method's own, with a game and a folder of its own."""

from tfgan2.errors import ArgumentError
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.game import Game

ALL, MAIN = "all", "main"
"""What --stage takes beside the names of stages: everything, or the method's own training alone."""


class Stage:
    """A training that comes before a method's own.

    A method lists its stages in `Game.stages`. The stage NAME has the flags --NAME.train_steps, --NAME.batch_size and
    --NAME.optimizer.*, and one for each keyword-only argument of its game and of its `prepare`. A subclass sets these
    attributes and overrides what it needs.

    Attributes:
      name: of the stage, the prefix of its flags and its folder; neither `ALL` nor `MAIN`.
      game: class of the game that is trained.
      train_steps: default number of steps.
      batch_size: default number of samples in a batch.
      optimizer: arguments of `make_optimizer` whose defaults differ here.
      optional: whether 0 steps leave the stage out.
      family: which flag names the family that its networks are made of, "network" or "backbone".
      uses: names of the method's arguments that the result of the stage depends on.
      array_keys: names of the arrays that `prepare` returns.
      settled: argument of the game -> function of the run's `Scaling` that gives its value; it is no flag.
    """

    name: str
    game: type[Game]
    train_steps: int
    batch_size: int
    optimizer = {}  # noqa: RUF012
    optional = False
    family = "backbone"
    uses = ()
    array_keys = ()
    settled = {}  # noqa: RUF012

    def make_networks(self, family, shape, arguments):
        """The networks that the game's constructor takes, in its order.

        Args:
          family: of networks or backbones, as `Stage.family` says.
          shape: of a sample.
          arguments: the method's arguments that the stage `uses`.

        Raises:
          FamilyError: the family has no such networks.
          ValueError: the family has none for the shape.
        """
        return [network_of(family, role, shape) for role in self.game.roles]

    def check(self, samples, values, replicas):
        """Checks sizes before any stage starts, as some stages would fail only after hours.

        Args:
          samples: the `NetworkSamples` that the stage learns from.
          values: values of the stage's flags, by their names without the prefix.
          replicas: devices that share a batch.

        Raises:
          ArgumentError: a value does not fit the samples or the devices.
        """
        batch = values["batch_size"]
        if batch > samples.size and not samples.repeats:
            raise ArgumentError("batch_size", batch, f"at most {samples.size}, the samples of {samples.name}")
        if batch % replicas:
            raise ArgumentError("batch_size", batch, f"a multiple of {replicas}, the number of devices")

    def start_from(self, game, before):
        """Takes over weights from the stage before, if there is one that was not left out.

        Args:
          game: of this stage, untrained.
          before: the trained game of the stage before.
        """

    def prepare(self, samples, before, seed, arguments):
        """What the game must know of each sample: arrays with the `array_keys`, computed once and kept in a file.

        Keyword-only arguments of an override are flags of the stage.

        Args:
          samples: the `NetworkSamples` that the stage learns from.
          before: the trained game of the stage before, or None.
          seed: of the run.
          arguments: the method's arguments that the stage `uses`.

        Returns:
          Arrays that `with_arrays` takes.
        """
        return {}
