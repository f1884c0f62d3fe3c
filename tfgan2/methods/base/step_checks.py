"""Checks of a method's step. They look at names and shapes while a step is traced, and add nothing to its graph."""

import contextlib

import keras
import tensorflow as tf

from tfgan2.errors import InputError


class StepError(ValueError):
    """A mistake in `train_step` or in a loss. The message does not name the method."""


@contextlib.contextmanager
def naming_class(method):
    """Context that converts a StepError to an InputError with the name of a class."""
    try:
        yield
    except StepError as error:
        raise InputError(f"{method.__name__}: {error}") from error


def check_player(player, players):
    """Raises StepError if `minimize` is called for a player that the method does not have."""
    if player not in players:
        raise StepError(f"minimize is called for the player {player!r}; it must be one of {', '.join(players)}.")


def check_loss(player, result):
    """Raises StepError if the result of a loss function is not (scalar, dict of scalars)."""
    if not (isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], dict)):
        raise StepError(
            f"the loss of the player {player!r} returns {_described(result)}; it must return a scalar tensor and a "
            'dict of scalars to report, such as `return loss, {}` or `return loss, {"gap": gap}`.'
        )
    loss, terms = result
    if not (tf.is_tensor(loss) and _is_scalar(loss)):
        raise StepError(
            f"the loss of the player {player!r} is {_described(loss)}; it must be a scalar tensor, such as "
            "tf.reduce_mean(losses)."
        )
    _check_scalars(f"the loss of the player {player!r} reports", terms)


def check_report(report):
    """Raises StepError if the result of `train_step` is not a dict of scalars."""
    if not (isinstance(report, dict) and report):
        raise StepError(
            f"train_step returns {_described(report)}; it must return a dict of scalars, such as the reports of "
            "minimize: `return first | second`."
        )
    _check_scalars("train_step reports", report)


def check_attributes(instance):
    """Raises InputError if an attribute of the instance hides a method of its class, as Keras' `loss` would."""
    own = lambda name: getattr(type(instance), name, None)  # noqa: E731
    hidden = [
        name
        for name, value in vars(instance).items()
        if callable(own(name)) and not callable(value) and own(name) is not getattr(keras.Model, name, None)
    ]
    if hidden:
        raise InputError(
            f"{type(instance).__name__} has a method {hidden[0]!r}, but its base class stores a value under this name. "
            "Give the method another name."
        )


def _check_scalars(what, values):
    for name, value in values.items():
        if not _is_scalar(value):
            raise StepError(f"{what} {name!r} as {_described(value)}; it must be a scalar.")


def _is_scalar(value):
    if isinstance(value, int | float):
        return True
    shape = getattr(value, "shape", None)
    return shape is not None and tf.TensorShape(shape).rank in (0, None)


def _described(value):
    if tf.is_tensor(value):
        return f"a tensor of shape {value.shape}"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    return "None" if value is None else f"of the type {type(value).__name__}"
