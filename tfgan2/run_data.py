"""The data of a run: the sets that its flags choose, and what a method's batches are drawn from."""

import os
import sys
from typing import NamedTuple

import numpy as np

from tfgan2.data.images import ImageSet
from tfgan2.data.selection import Selection, select, with_negatives_of
from tfgan2.data.sources import factory_of
from tfgan2.data.synthetic import PointSet
from tfgan2.data.training import Part
from tfgan2.errors import AbsentData, InputError
from tfgan2.flags.arguments import arguments_of


class RunData(NamedTuple):
    """What `--dataset`, `--negative_dataset` and `--data.*` choose.

    Attributes:
      data: the set called `--dataset`.
      selection: its parts; the negative one may be of another set.
    """

    data: PointSet | ImageSet
    selection: Selection


def load_data(settings):
    """The `RunData` of a run.

    With `--dry_run` a known dataset need not be here; without its samples the networks can still be built.

    Raises:
      InputError: a dataset cannot be found or used, or has no such classes.
    """
    arguments, chosen = settings.arguments("data"), settings.arguments("selection")
    with settings.naming_flags("data"):
        data = _load(settings, settings.dataset, settings.factories["data"], arguments)
        if settings.negative_dataset is None:
            return RunData(data, select(data, settings.seed, **chosen))
        _check_sources(settings.dataset, settings.negative_dataset)
        negative_classes = chosen.pop("negative_classes")
        selection = select(data, settings.seed, **chosen)
        factory = factory_of(settings.negative_dataset, flag="negative_dataset")
        accepted = {argument.name for argument in arguments_of(factory)}
        shared = {name: value for name, value in arguments.items() if name in accepted}
        other = _load(settings, settings.negative_dataset, factory, shared)
        negative = select(other, settings.seed, positive_classes=negative_classes).positive
        return RunData(data, with_negatives_of(selection, negative))


def parts_for(method, run_data, settings):
    """What a method's batches are drawn from, key -> `Part`.

    Methods that learn from negatives get positives and negatives, methods that learn from labels everything, all others
    the positives.

    Raises:
      InputError: the method needs negatives or labels, and there are none; or a step needs more samples than there are.
    """
    data, selection = run_data
    if "negative" in method.batch_keys:
        if not (settings.negative_dataset or settings.values["data.negative_classes"]):
            raise InputError(
                f"--method={settings.method} learns from negatives, too; name them by --data.negative_classes, such as "
                "--data.negative_classes=1,3, or give a data set of them, --negative_dataset=folder:DIR"
            )
        parts = {"positive": selection.positive, "negative": selection.negative or Part(data)}
        # The smaller one is repeated, if need be within a batch.
        return {key: part._replace(rows=_rows_of(part)) for key, part in parts.items()}
    parts = {"real": selection.everything if "labels" in method.batch_keys else selection.positive}
    needed, size = settings.batch_size, parts["real"].size
    needed *= method.discriminator_steps
    if parts["real"].rows is None and needed > size > 0:
        raise InputError(
            f"a step needs {needed} samples (--batch_size={settings.batch_size} times {method.discriminator_steps} "
            f"discriminator steps), but {settings.dataset} has {size}; take a smaller batch."
        )
    return parts


def check_labels(method, run_data, settings):
    """Raises InputError if a method learns from labels, and the data have none, or those of two data sets."""
    if "labels" not in method.batch_keys:
        return
    if settings.negative_dataset:
        raise InputError(
            f"--method={settings.method} learns from the labels of one data set; instead of --negative_dataset="
            f"{settings.negative_dataset} put both into one folder, a sub-folder for each class"
        )
    if run_data.data.labels is None:
        raise InputError(
            f"--method={settings.method} learns from labels, and {run_data.data.name} has none; sort images into "
            "sub-folders, or save labels beside arrays"
        )


def repeated_parts(parts, needed):
    """A line for each part that is smaller than what a step needs."""
    return [
        f"the {part.size} {key} samples are fewer than the {needed} of a step, so each is used several times in it"
        for key, part in parts.items()
        if 0 < part.size < needed
    ]


def _rows_of(part):
    return np.arange(part.size) if part.rows is None else part.rows


def _load(settings, name, factory, arguments):
    try:
        return factory(**arguments)
    except AbsentData as absent:
        if not settings.dry_run or None in absent.shape:
            raise
        print(f"tfgan2: {absent}", file=sys.stderr)
        return ImageSet(name, np.empty((0, *absent.shape), np.uint8), None, ())


def _check_sources(positive, negative):
    kinds, places = zip(*(name.partition(":")[::2] for name in (positive, negative)), strict=True)
    if kinds[0] == kinds[1] and len({os.path.realpath(os.path.expanduser(place)) for place in places}) == 1:
        raise InputError(
            f"--negative_dataset={negative} is the same as --dataset={positive}; name it once, and choose from it by "
            "--data.positive_classes and --data.negative_classes"
        )
