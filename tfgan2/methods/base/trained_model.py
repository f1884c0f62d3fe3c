"""How a game is trained: steps in chunks, on one replica or several, with averages of the weights."""

import contextlib

import keras
import numpy as np
import tensorflow as tf

from tfgan2.errors import ArgumentError, InputError, NonFiniteError
from tfgan2.methods.base.averages import Averages, HalfLife
from tfgan2.methods.base.chunks import FINITE, make_chunk
from tfgan2.methods.base.regularization import Regularization, Regularizers
from tfgan2.methods.base.step_checks import check_attributes, check_report, naming_class
from tfgan2.methods.base.streams import Streams
from tfgan2.methods.base.updates import Updates
from tfgan2.ranges import BatchSize, BelowOne, checked


class TrainedModel(keras.Model):
    """A model of several networks that trains in chunks of steps. `Game` says what a step is.

    Args:
      networks: role -> built network. Each network becomes an attribute with the name of its role.

    Raises:
      InputError: a network is not a Keras model.
      ValueError: a network has no weights.
    """

    averaged_roles = ()
    """Roles of the networks with weights that `compile` averages, if it is told to."""

    def __init__(self, networks):
        super().__init__()
        self.networks = dict(networks)
        for role, network in networks.items():
            if not isinstance(network, keras.Layer):
                raise InputError(f"the {role} is {network!r}; it must be a keras.Model, called on a batch once.")
            if not network.built:
                raise ValueError(f"the {role} has no weights yet; call it on a batch before you hand it in.")
            setattr(self, role, network)
        self.step = _counter("step")
        self.phase = "train"
        self._averages = Averages([], 0.0)
        self._regularization = Regularization(Regularizers(), self.networks)
        self._streams = Streams()
        self.built = True

    @property
    def global_step(self):
        """Number of steps since the start of the run, a Python integer."""
        return int(self.step.read_value())

    @checked
    def compile(
        self,
        optimizers,
        *,
        jit_compile: bool = False,
        steps_per_execution: BatchSize = 1,
        ema_decay: BelowOne = 0.0,
        ema_half_life: HalfLife | None = None,
        regularizers: Regularizers | None = None,
    ):
        """Makes the game ready to train.

        Args:
          optimizers: name -> Keras optimizer, for the `optimizer_names` of one kind.
          jit_compile: Whether XLA compiles: whole chunks of steps on one device, losses and gradients over several.
          steps_per_execution: Number of steps between two returns to Python.
          ema_decay: Decay of the exponential moving average of the weights and batch-norm statistics of
            `averaged_roles`, in [0, 1); 0 keeps no average.
          ema_half_life: A half-life of the average instead of a decay; None keeps no such average.
          regularizers: What is added to the losses of discriminators; None adds nothing.

        Raises:
          ArgumentError: a value is out of range, or both a decay and a half-life are given.
          InputError: Keras or a base class stores a value under the name of a method.
          ValueError: the optimizers have other names.
        """
        super().compile(optimizer=None, jit_compile=False, steps_per_execution=steps_per_execution)
        check_attributes(self)
        accepted = [sorted(self.optimizer_names(per)) for per in ("network", "player")]
        if sorted(optimizers) not in accepted:
            wanted = " or ".join(map(str, accepted if accepted[0] != accepted[1] else accepted[:1]))
            raise ValueError(f"optimizers are given for {sorted(optimizers)}; give one for each of {wanted}.")
        if ema_decay and ema_half_life:
            raise ArgumentError("ema_half_life", ema_half_life.samples, f"left out with an ema_decay of {ema_decay}")
        self.network_optimizers = dict(optimizers)
        self._compiled = jit_compile
        self._updates = Updates(self.networks, self.network_optimizers, compiled=jit_compile)
        self._train_chunk = None
        with self.distribute_strategy.scope():
            for name, optimizer in self.network_optimizers.items():
                optimizer.build(self.networks[name.partition("/")[0]].trainable_variables)
            decay = ema_half_life or ema_decay
            self._averages = Averages(self._averaged_weights() if decay else [], decay)
            self._regularization = Regularization(regularizers or Regularizers(), self.networks)

    @property
    def keeps_averages(self):
        """Whether training keeps averages of weights."""
        return bool(self._averages.variables)

    @contextlib.contextmanager
    def averaged(self):
        """Within this context the networks hold their averages, if there are any."""
        with self._averages.in_place():
            yield self

    def state(self):
        """All variables that training changes: name -> tf.Variable. A checkpoint holds exactly these."""
        state = {"step": self.step}
        for role, network in self.networks.items():
            state |= {f"{role}/{i:03d}/{v.name}": v.value for i, v in enumerate(network.variables)}
        for name, optimizer in self.network_optimizers.items():
            state |= {f"optimizer/{name}/{i:03d}": v.value for i, v in enumerate(optimizer.variables)}
        state |= {f"regularization/{name}": variable for name, variable in self._regularization.state().items()}
        return state | {f"average/{i:03d}": average for i, average in enumerate(self._averages.variables)}

    def check_finite(self):
        """Checks the variables of `state`.

        Raises:
          NonFiniteError: a variable is not finite. The message names the variable and the step.
        """
        state = self.state()
        bad = (name for name, each in state.items() if each.dtype.is_floating and not np.all(np.isfinite(each.numpy())))
        name = next(bad, None)
        if name is None:
            return
        names = {id(variable): name for name, variable in state.items()}
        averaged = {f"average/{i:03d}": names[id(each.value)] for i, each in enumerate(self._averages.weights)}
        what = f"the average of {averaged[name]}" if name in averaged else name
        raise NonFiniteError(f"{what} is not finite after step {self.global_step - 1}.")

    def update(self, batch):
        """One step on one replica: `train_step`, then the averages and the step counter.

        Raises:
          InputError: `train_step` or a loss returns something else than it must, calls an unknown player, or draws a
            stream twice.
        """
        with naming_class(type(self)), self._streams.of_one_step():
            report = self.train_step(batch)
            check_report(report)
        self._regularization.check_used(type(self).__name__)
        self._averages.update(self.step)
        self.step.assign_add(1)
        return report

    def train_chunk(self, iterator, steps):
        """Runs `steps` steps on the batches of an iterator, without a return to Python in between.

        Returns:
          The mean over these steps of every reported value, as Python floats.

        Raises:
          NonFiniteError: a batch or a reported value is not finite. The message names it and the step.
        """
        if self._train_chunk is None:
            options = {"strategy": self.distribute_strategy, "compiled": self._compiled}
            self._train_chunk = make_chunk(self.update, self.step, iterator.element_spec, **options)
        names, run = self._train_chunk
        means, (step, term) = (result.numpy().tolist() for result in run(iterator, steps))
        if step != FINITE:
            raise NonFiniteError(f"{names[term]} is not finite at step {step}.")
        return dict(zip(names[-len(means) :], means, strict=True))

    def make_train_function(self, force=False):
        """Makes `fit` train by `train_chunk`. `steps_per_epoch` must be a multiple of `steps_per_execution`."""
        if force:
            self._train_chunk = None
        self.train_function = lambda iterator: self.train_chunk(iterator, self.steps_per_execution)

    def begin_phase(self, phase):
        """Enters a phase of `schedule`, and drops the traced graphs of the last one.

        A resumed run calls it again in the middle of a phase, where it must change no weight.
        """
        if phase != self.phase:
            self.phase = phase
            self.forget_graphs()

    def forget_graphs(self):
        """Drops all traced graphs of training."""
        self._updates.forget()
        self._train_chunk = None

    def _averaged_weights(self):
        networks = [self.networks[role] for role in self.averaged_roles if role in self.networks]
        return [
            weight for network in networks for weight in network.weights if weight.dtype.startswith(("float", "bfl"))
        ]


def _counter(name):
    return tf.Variable(
        0, dtype=tf.int64, trainable=False, name=name, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
    )
