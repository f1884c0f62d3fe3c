"""The base of all methods: a game between players."""

import contextlib
import zlib

import keras
import tensorflow as tf

from tfgan2.errors import NonFiniteError
from tfgan2.layers.spectral import power_iterate
from tfgan2.methods.base.averages import Averages
from tfgan2.methods.base.chunks import FINITE, make_chunk
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.gradient_functions import make_gradient_function
from tfgan2.random_numbers import random_numbers


class Game(keras.Model):
    """A game between players, each a named set of networks moved down one loss.

    A network has one optimizer for all players that move it, or one for each of them. Adam's moments are then shared or
    apart. Shared moments mix the losses: the step of one player continues beta_1 of the step of the player before it.
    Separate moments do not, but Adam divides by the size of the gradient: if the gradient of one loss vanishes, its
    optimizer still takes full steps, of noise. On GN-GAN's grid of 25 modes shared moments covered 24 or 25, separate
    ones 11 to 16 in trials of one seed each (results/gngan_grid25.md).

    A subclass is handed its networks, names its `players` and plays one round in `train_step`: a few calls of
    `minimize`. The base knows what the methods should not have to: replicas, XLA, power iterations, random numbers that
    survive a restart, averages of weights, and the first non-finite loss.

    A step is one update of the generator, where there is one. A dataset delivers dicts with the method's `batch_keys`;
    `real` holds the samples of one step, `discriminator_steps` batches for methods that update the discriminator more
    than once.

    Args:
      networks: role -> network, each built. They become attributes of those names.
      seed: of all random numbers drawn during training, in [0, 2^31).
    """

    roles = ("generator", "discriminator")
    """The networks that the constructor takes, in its order."""

    averaged_roles = ("generator", "encoder")
    """Roles whose weights are averaged by `ema_decay`: those that serve users."""

    batch_keys = ("real",)
    """What the batches that a dataset delivers hold: real samples, or positive and negative ones; labels or auxiliary
    samples besides."""

    learns_every_class = False
    """Whether it is trained on what is not wanted, too, and told in sampling what to make."""

    discriminator_steps = 1
    """Batches of samples that one step consumes."""

    coupled_players = ()
    """Players whose loss calls `global_mean`; over several replicas these stay uncompiled (no collectives in XLA)."""

    stages = ()
    """Names of all stages that may come before the method's own training, each a game by itself."""

    def __init__(self, networks, *, seed=0):
        super().__init__()
        if not 0 <= seed < 2**31:
            raise ValueError(f"seed is {seed}; it must be in [0, {2**31}).")
        self.seed = seed
        self.networks = dict(networks)
        for role, network in networks.items():
            if not network.built:
                raise ValueError(f"the {role} has no weights yet; call it on a batch before you hand it in.")
            setattr(self, role, network)
        self.step = _counter("step")
        self.phase = "train"
        self.ema_decay = 0.0
        self._averages = Averages([], 0.0)
        self.built = True

    # What a subclass provides.

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        """The networks that the constructor takes, in its order.

        Args:
          family: of networks, with a method for each role.
          shape: of a sample.
          classes: number of classes of the data; 0 if they have no labels.
          arguments: the other arguments of the constructor.

        Methods with stages take one more argument, `backbone`, the family of their partitioner.

        Raises:
          FamilyError: the family has no such networks.
          ValueError: it has none for the shape.
        """
        shapes = {"generator": shape}
        return [network_of(family, role, shape, output_shape=shapes.get(role)) for role in cls.roles]

    @classmethod
    def stages_of(cls, arguments):
        """Those of `stages` that come first with these arguments of the constructor, in order."""
        return ()

    @property
    def players(self):
        """Player -> roles of the networks that it moves."""
        raise NotImplementedError

    def train_step(self, batch):
        """Plays one round: dict of tensors -> dict of scalars.

        It is traced without AutoGraph, so what depends on a tensor's value is `tf.cond`, not `if`.
        """
        raise NotImplementedError

    @property
    def global_step(self):
        """Steps taken since the start of the run, as a Python integer."""
        return int(self.step.read_value())

    def schedule(self, train_steps):
        """The phases of a run of `train_steps`, in order, as (phase, last step) pairs."""
        return [("train", train_steps)]

    @property
    def trained_roles(self):
        """The roles that players move, each of which needs an optimizer."""
        return tuple(dict.fromkeys(role for roles in self.players.values() for role in roles))

    def optimizer_names(self, per="network"):
        """Names of the optimizers that training needs.

        Args:
          per: "network", one for each of `trained_roles`, called as the role; or "player", the same but for networks
            that several players move, which have one for each of them, called "<role>/<player>".
        """
        names = []
        for role in self.trained_roles:
            movers = [player for player, roles in self.players.items() if role in roles]
            names += [f"{role}/{player}" for player in movers] if per == "player" and len(movers) > 1 else [role]
        return tuple(names)

    def updates_per_step(self, name):
        """How often a step uses the optimizer of that name: once for each player, but for each discriminator batch."""
        role, _, only = name.partition("/")
        players = [player for player, roles in self.players.items() if role in roles and only in ("", player)]
        return sum(self.discriminator_steps if player == "discriminator" else 1 for player in players)

    # What users call.

    def compile(self, optimizers, *, jit_compile=False, steps_per_execution=1, ema_decay=0.0):
        """Makes the game ready to train.

        Args:
          optimizers: name -> Keras optimizer, for the `optimizer_names` of one kind.
          jit_compile: compile with XLA: whole chunks of steps on one device, losses and gradients over several.
          steps_per_execution: steps that run between two returns to Python.
          ema_decay: of the exponential moving average of the weights and batch-norm statistics of `averaged_roles`,
            in [0, 1); 0 keeps none.

        Raises:
          ValueError: the optimizers have other names, or a value is out of range.
        """
        super().compile(optimizer=None, jit_compile=False, steps_per_execution=steps_per_execution)
        accepted = [sorted(self.optimizer_names(per)) for per in ("network", "player")]
        if sorted(optimizers) not in accepted:
            wanted = " or ".join(map(str, accepted if accepted[0] != accepted[1] else accepted[:1]))
            raise ValueError(f"optimizers are given for {sorted(optimizers)}; give one for each of {wanted}.")
        if not 0.0 <= ema_decay < 1.0:
            raise ValueError(f"ema_decay is {ema_decay}; it must be in [0, 1).")
        self.network_optimizers = dict(optimizers)
        self.ema_decay = ema_decay
        self._compiled = jit_compile
        self._gradient_functions = {}
        self._train_chunk = None
        with self.distribute_strategy.scope():
            for name, optimizer in self.network_optimizers.items():
                optimizer.build(self.networks[name.partition("/")[0]].trainable_variables)
            self._averages = Averages(self._averaged_weights() if ema_decay else [], ema_decay)

    # What a subclass calls.

    def minimize(self, player, loss_function, *tensors):
        """Moves one player one step down its loss.

        Args:
          player: a key of `players`.
          loss_function: maps `tensors` to (loss, terms): a scalar, the mean over this replica's samples, and a dict of
            scalars to report.
          *tensors: what the loss needs.

        Returns:
          The loss, the terms and the norm of the gradient of this replica's loss, named "<player>/<term>".
        """
        roles = self.players[player]
        for role in roles:
            power_iterate(self.networks[role])
        variables = {role: self.networks[role].trainable_variables for role in roles}
        context = tf.distribute.get_replica_context()
        replicas = context.num_replicas_in_sync
        gradient_function = self._gradient_function(player, loss_function, variables, replicas)
        loss, terms, gradients = gradient_function(*tensors)
        for role in roles:
            shares = [gradient / replicas for gradient in gradients[role]]  # optimizers sum over the replicas
            if replicas > 1:
                self._apply(None, player, role, shares)
            else:
                # Keras exchanges gradients even of one replica, and for each exchange TensorFlow keeps the whole traced
                # step in memory as long as the process lives. In this context it does not.
                context.merge_call(self._apply, (player, role, shares))
        report = {"loss": loss, **terms, "gradient_norm": tf.linalg.global_norm(tf.nest.flatten(gradients))}
        return {f"{player}/{term}": tf.cast(value, tf.float32) for term, value in report.items()}

    def random(self, stream, shape, distribution="normal"):
        """Random numbers for this step: a function of (seed, step, stream) and of the row in the global batch.

        Args:
          stream: a name, different for each use within a step.
          shape: of this replica's draw; its first axis is the batch.
          distribution: "normal", "uniform" in [-1, 1) or "unit" in [0, 1).
        """
        context = tf.distribute.get_replica_context()
        rows = shape[0]
        key = tf.stack([tf.constant((self.seed << 32) | zlib.crc32(stream.encode()), tf.int64), self.step])
        values = random_numbers(distribution, [rows * context.num_replicas_in_sync, *shape[1:]], key)
        first = context.replica_id_in_sync_group * rows
        return values[first : first + rows] if context.num_replicas_in_sync > 1 else values

    @staticmethod
    def untracked(network, inputs):
        """A network's outputs in training mode, without an update of its moving batch statistics.

        In inference mode batch norm uses the moving statistics. They must come from the inputs of inference: prior
        latents for a generator, real samples for an encoder. Every other training pass, such as that of an encoder's
        codes through the generator, must use this method. It is normalised by its own batch, too. All passes of prior
        latents update the statistics, those in the discriminator's loss included.
        """
        with keras.StatelessScope():
            return network(inputs, training=True)

    def global_mean(self, values):
        """Mean over the first axis and over all replicas, differentiable: for losses that are not linear in a mean."""
        mean = tf.reduce_mean(values, axis=0)
        context = tf.distribute.get_replica_context()
        if context.num_replicas_in_sync == 1:
            return mean
        return context.all_reduce(tf.distribute.ReduceOp.MEAN, mean)

    @staticmethod
    def batches(samples, count):
        """Splits one step's samples into `count` batches, alike for any number of replicas."""
        return [samples[index::count] for index in range(count)]

    # What the base does.

    def update(self, batch):
        """One step on one replica: `train_step`, then the averages and the step counter."""
        report = self.train_step(batch)
        self._averages.update(self.step)
        self.step.assign_add(1)
        return report

    def train_chunk(self, iterator, steps):
        """Runs `steps` steps on the batches of an iterator, without returning to Python in between.

        Returns:
          The mean over these steps of everything reported, as Python floats.

        Raises:
          NonFiniteError: a reported value is not finite; the message names it and the step.
        """
        if self._train_chunk is None:
            options = {"strategy": self.distribute_strategy, "compiled": self._compiled}
            self._train_chunk = make_chunk(self.update, self.step, iterator.element_spec, **options)
        names, run = self._train_chunk
        means, (step, term) = (result.numpy().tolist() for result in run(iterator, steps))
        if step != FINITE:
            raise NonFiniteError(f"{names[term]} is not finite at step {step}.")
        return dict(zip(names, means, strict=True))

    def make_train_function(self, force=False):
        """Lets `fit` train by `train_chunk`; its `steps_per_epoch` must be a multiple of `steps_per_execution`."""
        if force:
            self._train_chunk = None
        self.train_function = lambda iterator: self.train_chunk(iterator, self.steps_per_execution)

    def begin_phase(self, phase):
        """Enters a phase of `schedule`; what was traced for the last one is dropped."""
        if phase != self.phase:
            self.phase = phase
            self._gradient_functions.clear()
            self._train_chunk = None

    @contextlib.contextmanager
    def averaged(self):
        """Within this context the networks hold their averages, if `ema_decay` keeps any."""
        with self._averages.in_place():
            yield self

    def state(self):
        """Everything that training moves, as a flat dict: name -> tf.Variable. A checkpoint holds exactly this."""
        state = {"step": self.step}
        for role, network in self.networks.items():
            state |= {f"{role}/{i:03d}/{v.name}": v.value for i, v in enumerate(network.variables)}
        for name, optimizer in self.network_optimizers.items():
            state |= {f"optimizer/{name}/{i:03d}": v.value for i, v in enumerate(optimizer.variables)}
        return state | {f"average/{i:03d}": average for i, average in enumerate(self._averages.variables)}

    def _averaged_weights(self):
        networks = [self.networks[role] for role in self.averaged_roles if role in self.networks]
        return [
            weight for network in networks for weight in network.weights if weight.dtype.startswith(("float", "bfl"))
        ]

    def _optimizer_of(self, player, role):
        return self.network_optimizers.get(f"{role}/{player}") or self.network_optimizers[role]

    def _apply(self, strategy, player, role, gradients):
        del strategy
        self._optimizer_of(player, role).apply(gradients, self.networks[role].trainable_variables)

    def _gradient_function(self, player, loss_function, variables, replicas):
        """(tensors) -> (loss, terms, gradients); where XLA compiles it, the same one at each use."""
        function = make_gradient_function(player, loss_function, variables)
        if not self._compiled or replicas == 1 or player in self.coupled_players:
            return function
        compiled = tf.function(function, autograph=False, jit_compile=True)
        return self._gradient_functions.setdefault((player, loss_function), compiled)


def _counter(name):
    return tf.Variable(
        0, dtype=tf.int64, trainable=False, name=name, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
    )
