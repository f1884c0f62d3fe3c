"""The base class of all methods."""

import keras
import tensorflow as tf

from tfgan2.methods.base.families import networks_of
from tfgan2.methods.base.prepared import Prepared
from tfgan2.methods.base.step_checks import check_player
from tfgan2.methods.base.trained_model import TrainedModel
from tfgan2.random_numbers import random_numbers, recovered_seed
from tfgan2.ranges import Seed, check, check_call


class Game(Prepared, TrainedModel):
    """Networks, and players that each move some of them down one loss.

    A subclass names its `players` and computes one step in `train_step`, by a few calls of `minimize`. This base class
    handles replicas, XLA, power iterations, random numbers that survive a restart, averages of the weights, and the
    detection of a loss that is not finite.

    A step ends with the update of the generator, if the method has one. A dataset delivers dicts with the keys
    `batch_keys`. Each tensor holds the samples of one step: `discriminator_steps` batches.

    `TrainedModel` has what runs a training: compile, chunks of steps, phases and the state of a checkpoint. `Prepared`
    has what comes before it: stages and arrays of the samples.

    Args:
      networks: role -> built network. Each network becomes an attribute with the name of its role.
      seed: Seed of all random numbers that training draws, in [0, 2^31).

    Raises:
      ArgumentError: a keyword argument of the constructor, also of a subclass's, is not what its annotation declares;
        see `tfgan2.ranges`.
      ValueError: a network has no weights.
    """

    roles = ("generator", "discriminator")
    """Roles of the networks that the constructor takes, in its order."""

    averaged_roles = ("generator", "encoder")
    """Roles of the networks that users call after training. `compile` averages their weights, if it is told to."""

    batch_keys = ("real",)
    """Keys of a batch: "real", or "positive" and "negative" samples; beside them labels or auxiliary samples."""

    learns_every_class = False
    """Whether the method trains on all classes and generates the requested one."""

    discriminator_steps = 1
    """Updates of the discriminator in one step. Each one has a batch of its own."""

    made_negatives = ()
    """Kinds of negative samples that the method makes from the real ones."""

    coupled_players = ()
    """Players with a loss that calls `global_mean`. XLA does not compile these losses over several replicas."""

    def __init__(self, networks, *, seed: Seed = 0):
        check("seed", Seed, seed)  # also where a subclass declares another range
        super().__init__(networks)
        self.seed = self.drawing_seed = seed

    def __new__(cls, *arguments, **keywords):
        # Here for the constructors of all subclasses. Keras reads their signatures, so they are not decorated.
        check_call(cls.__init__, keywords)
        return super().__new__(cls, *arguments, **keywords)

    # What a subclass provides.

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        """Makes the networks that the constructor takes, in its order.

        A method with `takes_backbone` takes one more argument, `backbone`, a backbone family.

        Args:
          family: A network family. It has a method for each role.
          shape: Shape of one sample.
          classes: Number of classes of the data; 0 for data without labels.
          arguments: The other arguments of the constructor.

        Raises:
          FamilyError: the family has no such networks.
          ValueError: the family has none for the shape.
        """
        return networks_of(family, shape, cls.roles, packing=arguments.get("packing", 1))

    @classmethod
    def takes_classes(cls):
        """Whether the constructor takes classes after the networks, as the batches hold labels of the data."""
        return "labels" in cls.batch_keys and "labels" not in cls.array_keys

    @property
    def players(self):
        """Player -> roles of the networks that it moves."""
        raise NotImplementedError

    def train_step(self, batch):
        """Computes one step: dict of tensors -> dict of scalars to report.

        The step is traced without AutoGraph. A branch on the value of a tensor must be `tf.cond`, not `if`.
        """
        raise NotImplementedError

    def schedule(self, train_steps):
        """The phases of a run of `train_steps` steps, in order, as pairs (phase, last step)."""
        return [("train", train_steps)]

    def draw_anew(self, recovery):
        """Takes the random numbers of a recovery, and drops the traced graphs if these are other numbers.

        `drawing_seed`, the seed of all random numbers of training and of the data's order, then is a function of `seed`
        and of the recovery's number. It is no part of a checkpoint.

        Args:
          recovery: Number of the recovery, from 1; 0 stands for a run without one.
        """
        seed = recovered_seed(self.seed, recovery)
        if seed != self.drawing_seed:
            self.drawing_seed = seed
            self.forget_graphs()

    @property
    def trained_roles(self):
        """The roles that players move. Each of them needs an optimizer."""
        return tuple(dict.fromkeys(role for roles in self.players.values() for role in roles))

    def optimizer_names(self, per="network"):
        """Names of the optimizers that training needs.

        Args:
          per: "network" gives one optimizer to each of `trained_roles`, named as the role. "player" differs for a
            network that several players move: each of them gets an optimizer, named "<role>/<player>".
        """
        names = []
        for role in self.trained_roles:
            movers = [player for player, roles in self.players.items() if role in roles]
            names += [f"{role}/{player}" for player in movers] if per == "player" and len(movers) > 1 else [role]
        return tuple(names)

    def updates_per_step(self, name):
        """How often one step uses the optimizer of that name."""
        role, _, only = name.partition("/")
        players = [player for player, roles in self.players.items() if role in roles and only in ("", player)]
        return sum(self.discriminator_steps if player == "discriminator" else 1 for player in players)

    # What a subclass calls in `train_step`.

    def minimize(self, player, loss_function, *tensors):
        """Moves one of `players` one step down its loss; see `Updates.minimize`."""
        check_player(player, self.players)
        coupled, roles = player in self.coupled_players, self.players[player]
        report = self._updates.minimize(player, roles, loss_function, tensors, coupled=coupled)
        return report | self._regularization.follow(player, roles, report, self.step)

    def regularized(self, loss, terms, real, fake, *, boundary=0.0, role="discriminator"):
        """Adds the regularisers that `compile` got to the loss of a discriminator.

        A method calls this at the end of the loss of each discriminator.

        Args:
          loss: The discriminator's loss.
          terms: The terms to report.
          real: (function, samples): the samples that the discriminator shall call real, [n, ...], and the function that
            maps them to the logits that the loss compares, [n] or [n, 1]; None if this update has none.
          fake: The same for the samples that it shall call generated.
          boundary: The logit above which the discriminator calls a sample real; None for the mean of the logits of
            `fake` on this replica. ADA counts the real samples above it.
          role: Role of the discriminator.

        Returns:
          (loss, terms) with those of the regularisers.
        """
        added, reported = self._regularization.terms(role, self.step, real, fake, boundary)
        return (loss if added is None else loss + added), terms | reported

    def update_discriminator(self, draws):
        """Updates the discriminator once for each of some draws, the arguments of `discriminator_loss`.

        Returns:
          The report of the last update.
        """
        for draw in draws:
            report = self.minimize("discriminator", self.discriminator_loss, *draw)
        return report

    def discriminator_batches(self, *samples):
        """Splits the tensors of one step into the batches of its discriminator updates.

        Batch i holds every `discriminator_steps`-th sample from sample i on. So the batches of several replicas are
        together those of one.

        Returns:
          For each update a tuple with one batch of each tensor.
        """
        steps = self.discriminator_steps
        return [tuple(each[index::steps] for each in samples) for index in range(steps)]

    def random(self, stream, shape, distribution="normal"):
        """Random numbers, float32: a function of (drawing_seed, step, stream) and of the row in the global batch.

        Args:
          stream: A name. A step can draw it once.
          shape: Shape of this replica's draw. The first axis is the batch.
          distribution: "normal", "uniform" in [-1, 1), "unit" in [0, 1), or "bimodal"; see `random_numbers`.

        Raises:
          ValueError: this step has drawn the stream already.
        """
        context = tf.distribute.get_replica_context()
        rows = shape[0]
        key = tf.stack([tf.constant((self.drawing_seed << 32) | self._streams.key(stream), tf.int64), self.step])
        values = random_numbers(distribution, [rows * context.num_replicas_in_sync, *shape[1:]], key)
        first = context.replica_id_in_sync_group * rows
        return values[first : first + rows] if context.num_replicas_in_sync > 1 else values

    @staticmethod
    def untracked(network, inputs):
        """A network's outputs in training mode, without an update of its moving batch statistics.

        In inference mode batch norm uses the moving statistics. They must come from the inputs of inference: prior
        latents for a generator, real samples for an encoder. Every other pass in training mode must use this method,
        for example that of an encoder's codes through the generator. Its batch norm uses the statistics of the batch,
        too. All passes of prior latents update the moving statistics, also those in the discriminator's loss.
        """
        with keras.StatelessScope():
            return network(inputs, training=True)

    def global_mean(self, values):
        """Mean over the first axis and over all replicas, differentiable: for losses that are not linear in a mean.

        Args:
          values: A tensor [n, ...], or a structure of such tensors. Replicas exchange a structure at once.
        """
        means = tf.nest.map_structure(lambda each: tf.reduce_mean(each, axis=0), values)
        context = tf.distribute.get_replica_context()
        if context.num_replicas_in_sync == 1:
            return means
        return context.all_reduce(tf.distribute.ReduceOp.MEAN, means)
