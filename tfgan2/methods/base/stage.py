"""A stage is a training before the main training of a method, with its own game and folder."""

from tfgan2.errors import ArgumentError
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.game import Game

ALL, MAIN = "all", "main"
"""Values of --stage besides names of stages: everything, or only the main training."""


class Stage:
    """A training before the main training of a method.

    A method lists its stages in `Game.stages`. The stage NAME has the flags --NAME.train_steps, --NAME.batch_size and
    --NAME.optimizer.*. It also has one flag for each keyword-only argument of its game and of its `prepare`. A subclass
    sets these attributes and overrides methods.

    Attributes:
      name: Name of the stage, the prefix of its flags and of its folder. It must differ from `ALL` and `MAIN`.
      game: Class of the game that is trained.
      train_steps: Default number of steps.
      batch_size: Default number of samples in a batch.
      optimizer: Arguments of `make_optimizer` with other defaults.
      share: Share of the time of a run that a recipe gives to the stage.
      optional: Whether the stage is left out with 0 steps.
      family: The flag of the family that makes the networks, "network" or "backbone".
      uses: Names of the method's arguments that change the result of the stage.
      takes_classes: Whether `make_networks` has another argument `classes`, the number of classes of the data.
      array_keys: Names of the arrays of `prepare`.
      settled: Argument of the game -> function of the run's `Scaling` that returns its value. It is not a flag.
    """

    name: str
    game: type[Game]
    train_steps: int
    batch_size: int
    optimizer = {}  # noqa: RUF012
    share = 0.2
    optional = False
    family = "backbone"
    uses = ()
    takes_classes = False
    array_keys = ()
    settled = {}  # noqa: RUF012

    def make_networks(self, family, shape, arguments):
        """Makes the networks for the constructor of the game, in its order.

        Args:
          family: The family of networks or backbones, see `Stage.family`.
          shape: Shape of a sample.
          arguments: The method's arguments that the stage `uses`.

        Raises:
          FamilyError: The family does not have these networks.
          ValueError: The family has no networks for this shape.
        """
        return [network_of(family, role, shape) for role in self.game.roles]

    def check(self, samples, values, replicas):
        """Checks sizes before the first stage starts. Otherwise a stage could fail after hours.

        Args:
          samples: The `NetworkSamples` for the stage.
          values: Flag without its prefix -> value, for the flags of the stage.
          replicas: Number of devices that share a batch.

        Raises:
          ArgumentError: A value does not fit the samples or the devices.
        """
        batch = values["batch_size"]
        if batch > samples.size and not samples.repeats:
            raise ArgumentError("batch_size", batch, f"at most {samples.size}, the samples of {samples.name}")
        if batch % replicas:
            raise ArgumentError("batch_size", batch, f"a multiple of {replicas}, the number of devices")

    def start_from(self, game, before):
        """Takes over weights from the stage before, if there is one.

        Args:
          game: The untrained game of this stage.
          before: The trained game of the stage before, or None.
        """

    def prepare(self, samples, before, seed, arguments):
        """Computes arrays with facts about each sample. They are computed once and kept in a file.

        Keyword-only arguments of an override are flags of the stage.

        Args:
          samples: The `NetworkSamples` for the stage.
          before: The trained game of the stage before, or None.
          seed: Seed of the run.
          arguments: The method's arguments that the stage `uses`.

        Returns:
          Name -> array for the `array_keys`. See `with_arrays`.
        """
        return {}
