"""Optimizers and their learning-rate schedules."""

from typing import Annotated, Literal

import keras

from tfgan2.ranges import BelowOne, Count, In, NonNegative, Positive, UnitInterval, checked


@checked
def make_optimizer(
    *,
    name: Literal["adam", "sgd", "rmsprop", "adagrad"] = "adam",
    learning_rate: Positive = 2e-4,
    beta_1: BelowOne = 0.5,
    beta_2: BelowOne = 0.999,
    beta_2_end: BelowOne | None = None,
    epsilon: Positive = 1e-7,
    momentum: BelowOne = 0.0,
    weight_decay: NonNegative = 0.0,
    schedule: Literal["constant", "staircase", "linear", "half_then_linear", "cosine"] = "constant",
    decay_rate: Annotated[float, In("(0, 1]")] = 0.99,
    decay_every: Count = 10_000,
    schedule_end: UnitInterval = 0.0,
    schedule_steps: Count,
) -> keras.optimizers.Optimizer:
    """A Keras optimizer. Its learning rate follows a schedule over its own updates t = 0, 1, ...

    Weight decay works as in PyTorch's optimizers of the same names. The methods with weight decay were published with
    these. The penalty weight_decay / 2 ||w||^2 is added to the loss, so its gradient passes through momentum and
    through the division of adam and rmsprop. Keras' own `weight_decay` shrinks the weights apart from the update
    (AdamW), which is different.

    Args:
      name: Algorithm: adam, rmsprop, adagrad or sgd.
      learning_rate: Learning rate before the schedule is applied, above 0.
      beta_1: Decay of the mean of gradients in adam, in [0, 1).
      beta_2: Decay of the mean of squared gradients in adam and rmsprop, in [0, 1).
      beta_2_end: Value that beta_2 reaches after T updates, by half a cosine; None keeps beta_2.
      epsilon: Constant, above 0, that is added to the root of the mean of squared gradients; in adagrad to that of
        their sum.
      momentum: Share of the last update in the next update of sgd, in [0, 1).
      weight_decay: Factor of each weight that is added to its gradient, at least 0. Biases and scales decay, too.
      schedule: Factor of the learning rate. constant: 1. staircase: decay_rate^floor(t / decay_every). Over T updates
        linear: 1 - t / T, half_then_linear: min(1 - t / T, 1/2), cosine: e + (1 - e) (1 + cos(pi t / T)) / 2 with the
        schedule_end e. From T on it is 0, and e for cosine.
      decay_rate: Factor of each decay of staircase, in (0, 1].
      decay_every: Updates between two decays of staircase, at least 1.
      schedule_end: Factor e at the end of cosine, in [0, 1].
      schedule_steps: Number T of updates of linear, half_then_linear and cosine, at least 1.

    Raises:
      ArgumentError: a value is out of range.
    """
    schedules = {
        "constant": lambda: learning_rate,
        "staircase": lambda: keras.optimizers.schedules.ExponentialDecay(
            learning_rate, decay_every, decay_rate, staircase=True
        ),
        "linear": lambda: keras.optimizers.schedules.PolynomialDecay(learning_rate, schedule_steps, 0.0),
        "half_then_linear": lambda: HalfThenLinear(learning_rate, schedule_steps),
        "cosine": lambda: keras.optimizers.schedules.CosineDecay(learning_rate, schedule_steps, schedule_end),
    }
    optimizers = {
        "adam": (keras.optimizers.Adam, {"beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}),
        "sgd": (keras.optimizers.SGD, {"momentum": momentum}),
        "adagrad": (keras.optimizers.Adagrad, {"initial_accumulator_value": 0.0, "epsilon": epsilon}),
        "rmsprop": (keras.optimizers.RMSprop, {"rho": beta_2, "epsilon": epsilon}),
    }
    kind, options = optimizers[name]
    if beta_2_end is not None and name in _DECAYS_OF_SQUARES:
        kind = _moving(kind, _DECAYS_OF_SQUARES[name], beta_2, beta_2_end, schedule_steps)
    return (_decaying(kind, weight_decay) if weight_decay else kind)(schedules[schedule](), name=name, **options)


_DECAYS_OF_SQUARES = {"adam": "beta_2", "rmsprop": "rho"}
"""Optimizer -> the attribute of Keras' class that is beta_2."""


SPANNING_SCHEDULES = ("linear", "half_then_linear", "cosine")
"""The schedules that end after `schedule_steps`."""


@keras.saving.register_keras_serializable("tfgan2")
class HalfThenLinear(keras.optimizers.schedules.LearningRateSchedule):
    """Half the learning rate until the middle, then linear to 0: rate * max(0, min(1 - t / T, 1/2)).

    Args:
      learning_rate: The rate before halving.
      schedule_steps: T, in updates.
    """

    def __init__(self, learning_rate: float, schedule_steps: int):
        self.learning_rate = learning_rate
        self.schedule_steps = schedule_steps

    def __call__(self, step):
        remaining = 1.0 - keras.ops.cast(step, "float32") / self.schedule_steps
        return self.learning_rate * keras.ops.clip(remaining, 0.0, 0.5)

    def get_config(self):
        return {"learning_rate": self.learning_rate, "schedule_steps": self.schedule_steps}


def _moving(kind, attribute, start, end, steps):
    """A subclass of a Keras optimizer with an attribute that moves over its updates by half a cosine, as in R3GAN."""
    remaining = keras.optimizers.schedules.CosineDecay(1.0, steps)

    class Moving(kind):
        def update_step(self, gradient, variable, learning_rate):
            setattr(self, attribute, end + (start - end) * remaining(self.iterations))
            super().update_step(gradient, variable, learning_rate)
            setattr(self, attribute, start)

    return Moving


def _decaying(kind, weight_decay):
    """A subclass of a Keras optimizer that adds weight_decay w to the gradient of each weight w."""

    class Decaying(kind):
        def update_step(self, gradient, variable, learning_rate):
            # Keras has summed the gradients of all replicas before.
            decay = weight_decay * keras.ops.convert_to_tensor(variable)
            super().update_step(gradient + keras.ops.cast(decay, gradient.dtype), variable, learning_rate)

    return Decaying
