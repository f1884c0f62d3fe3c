"""Optimizers and their learning-rate schedules."""

import math
from typing import Literal

import keras


def make_optimizer(
    *,
    name: Literal["adam", "sgd", "rmsprop", "adagrad"] = "adam",
    learning_rate: float = 2e-4,
    beta_1: float = 0.5,
    beta_2: float = 0.999,
    epsilon: float = 1e-7,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
    schedule: Literal["constant", "staircase", "linear", "half_then_linear", "cosine"] = "constant",
    decay_rate: float = 0.99,
    decay_every: int = 10_000,
    schedule_end: float = 0.0,
    schedule_steps: int,
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
      ValueError: a name is unknown or a value is out of range. The message begins with the argument.
    """
    _check("learning_rate", learning_rate, 0 < learning_rate < math.inf, "finite and above 0")
    _check("beta_1", beta_1, 0 <= beta_1 < 1, "in [0, 1)")
    _check("beta_2", beta_2, 0 <= beta_2 < 1, "in [0, 1)")
    _check("epsilon", epsilon, 0 < epsilon < math.inf, "finite and above 0")
    _check("momentum", momentum, 0 <= momentum < 1, "in [0, 1)")
    _check("weight_decay", weight_decay, 0 <= weight_decay < math.inf, "finite and at least 0")
    _check("decay_rate", decay_rate, 0 < decay_rate <= 1, "in (0, 1]")
    _check("decay_every", decay_every, decay_every >= 1, "at least 1")
    _check("schedule_end", schedule_end, 0 <= schedule_end <= 1, "in [0, 1]")
    _check("schedule_steps", schedule_steps, schedule_steps >= 1, "at least 1")
    schedules = {
        "constant": lambda: learning_rate,
        "staircase": lambda: keras.optimizers.schedules.ExponentialDecay(
            learning_rate, decay_every, decay_rate, staircase=True
        ),
        "linear": lambda: keras.optimizers.schedules.PolynomialDecay(learning_rate, schedule_steps, 0.0),
        "half_then_linear": lambda: HalfThenLinear(learning_rate, schedule_steps),
        "cosine": lambda: keras.optimizers.schedules.CosineDecay(learning_rate, schedule_steps, schedule_end),
    }
    _check("schedule", schedule, schedule in schedules, f"one of {', '.join(schedules)}")
    optimizers = {
        "adam": (keras.optimizers.Adam, {"beta_1": beta_1, "beta_2": beta_2, "epsilon": epsilon}),
        "sgd": (keras.optimizers.SGD, {"momentum": momentum}),
        "adagrad": (keras.optimizers.Adagrad, {"initial_accumulator_value": 0.0, "epsilon": epsilon}),
        "rmsprop": (keras.optimizers.RMSprop, {"rho": beta_2, "epsilon": epsilon}),
    }
    _check("name", name, name in optimizers, f"one of {', '.join(optimizers)}")
    kind, options = optimizers[name]
    return (_decaying(kind, weight_decay) if weight_decay else kind)(schedules[schedule](), name=name, **options)


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


def _decaying(kind, weight_decay):
    """A subclass of a Keras optimizer that adds weight_decay w to the gradient of each weight w."""

    class Decaying(kind):
        def update_step(self, gradient, variable, learning_rate):
            # Keras has summed the gradients of all replicas before.
            decay = weight_decay * keras.ops.convert_to_tensor(variable)
            super().update_step(gradient + keras.ops.cast(decay, gradient.dtype), variable, learning_rate)

    return Decaying


def _check(name, value, accepted, range_):
    if not accepted:
        raise ValueError(f"{name} is {value!r}; it must be {range_}.")
