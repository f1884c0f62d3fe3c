"""Checks of hyperparameters, with one wording."""

import typing


def check_at_least(minimum, /, **values):
    """Raises ValueError for the first value that is below `minimum` or not a number."""
    for name, value in values.items():
        if not value >= minimum:
            raise ValueError(f"{name} is {value}; it must be at least {minimum}.")


def check_range(low, high, /, **values):
    """Raises ValueError for the first value that is outside [low, high] or not a number."""
    for name, value in values.items():
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}; it must be in [{low}, {high}].")


def check_choices(constructor, **values):
    """Raises ValueError for the first value that its annotation in the constructor, a Literal, does not list."""
    annotations = typing.get_type_hints(constructor)
    for name, value in values.items():
        choices = typing.get_args(annotations[name])
        if value not in choices:
            raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(choices)}.")
