"""Datasets from a function of the user, `--dataset=module:function`."""

import functools
import inspect

import numpy as np

from tfgan2.data.images import ImageSet
from tfgan2.data.kinds import POINTS, DataSet
from tfgan2.data.labels import checked_labels
from tfgan2.data.points import PointSet, checked_points, class_names_of
from tfgan2.data.selection import SELECTION_ARGUMENTS
from tfgan2.errors import InputError
from tfgan2.system.importing import called, check_arguments, imported

_ACCEPTED = (
    "a PointSet, an ImageSet, an array, or (array, labels): points are real numbers [n, d], images uint8 "
    "[n, height, width, channels], labels integers [n]"
)


def own_factory(name, *, flag="dataset"):
    """Imports `module:function` and converts its results to a `PointSet` or an `ImageSet`.

    Raises:
      InputError: There is no such function, or its arguments cannot be flags.
    """
    function = imported(flag, name, f"a function that returns {_ACCEPTED}")
    check_arguments(flag, name, function)
    for argument in inspect.signature(function).parameters:
        if argument in SELECTION_ARGUMENTS:
            raise InputError(
                f"--{flag}={name}: its argument {argument!r} is already a flag, --data.{argument}; call it otherwise"
            )

    @functools.wraps(function)
    def factory(**arguments):
        return as_data_set(name, called(flag, name, function, **arguments))

    return factory


def as_data_set(name, made):
    """Checks the result of a user's function and converts it to a `PointSet` or an `ImageSet`.

    Args:
      name: Name of the dataset.
      made: The result: points [n, d] of floats or integers, or uint8 images [n, height, width, channels] with 1, 3 or 4
        channels, the fourth for the opacity. It may be a pair with labels [n], or a `PointSet` or `ImageSet`. Fully
        transparent pixels get the colour of the background.

    Raises:
      InputError: The result is something else.
    """
    if isinstance(made, DataSet):
        samples, labels = made.samples, made.labels
    elif isinstance(made, tuple) and len(made) == 2:
        samples, labels = made
    else:
        samples, labels = made, None
    if not hasattr(samples, "__array__"):
        advice = ". Convert the list by numpy.array" if isinstance(samples, list) else ""
        raise InputError(f"{name} returned {_described(made)}; it must return {_ACCEPTED}{advice}")
    samples, labels = np.asarray(samples), None if labels is None else np.asarray(labels)
    is_points = made.kind is POINTS if isinstance(made, DataSet) else samples.ndim == 2
    samples = checked_points(name, "points", samples) if is_points else _checked_images(name, samples)
    class_names = made.class_names if isinstance(made, DataSet) else ()
    if labels is not None:
        labels = checked_labels(name, labels, len(samples), class_names)
    class_names = class_names or class_names_of(labels)
    fields = {"name": name, "samples": samples, "labels": labels, "class_names": class_names}
    if isinstance(made, DataSet):
        data = made._replace(**fields)
    else:
        data = PointSet(centers=None, std=None, **fields) if is_points else ImageSet(**fields)
    return data._replace(samples=data.as_stored(samples))


def _checked_images(name, images):
    if images.dtype != np.uint8 or images.ndim != 4 or 0 in images.shape or images.shape[-1] not in (1, 3, 4):
        raise InputError(f"{name} returned {images.dtype} {list(images.shape)}; it must return {_ACCEPTED}")
    return images


def _described(made):
    return f"a tuple of {len(made)}" if isinstance(made, tuple) else type(made).__name__
