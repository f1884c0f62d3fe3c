"""The data of a run: the datasets of its flags, and the parts that a method trains on."""

import os
import sys
from typing import NamedTuple

import numpy as np

from tfgan2.data.facts import Facts, facts_of_set
from tfgan2.data.images import ImageSet
from tfgan2.data.kinds import DataSet
from tfgan2.data.parts import Part
from tfgan2.data.selection import Selection, check_shapes, numbers_of, select, with_negatives_of
from tfgan2.data.sources import factory_of
from tfgan2.errors import AbsentData, InputError
from tfgan2.flags.arguments import arguments_of


class RunData(NamedTuple):
    """The datasets and samples of the flags.

    Attributes:
      data: The dataset of `--dataset`.
      selection: The selected parts. Negative samples may be from another dataset.
      auxiliary: The part that is set apart, if any, followed by the datasets of `--auxiliary_dataset`.
      others: Flag -> its dataset, for all flags except `--dataset`.
      sampled_classes: Labels of `--data.positive_classes`.
      names_negatives: Whether a flag names classes or a dataset to avoid.
    """

    data: DataSet
    selection: Selection
    auxiliary: tuple[Part, ...] = ()
    others: dict[str, DataSet] = {}  # noqa: RUF012
    sampled_classes: tuple[int, ...] = ()
    names_negatives: bool = False


def load_data(settings):
    """Loads the `RunData` of a run.

    With `--dry_run` a known dataset may be missing, because the networks can be built without samples.

    Raises:
      InputError: A dataset cannot be found or used, or a class is unknown.
    """
    arguments, chosen = settings.arguments("data"), settings.arguments("selection")
    with settings.naming_flags("data"):
        data = _load(settings, settings.dataset, settings.factories["data"], arguments)
        auxiliary = [_other(settings, "auxiliary_dataset", name, arguments) for name in settings.auxiliary_dataset]
        for other in auxiliary:
            check_shapes(data, other)
        labelled = data.labels is not None
        sampled = numbers_of("positive_classes", chosen["positive_classes"], data) if labelled else ()
        names_negatives = bool(settings.negative_dataset or chosen["negative_classes"])
        auxiliary = [select(other, settings.seed, held_out=chosen["held_out"]).positive for other in auxiliary]
        others = {f"--auxiliary_dataset ({number})": part.data for number, part in enumerate(auxiliary)}
        if settings.negative_dataset is None:
            selection = select(data, settings.seed, **chosen)
        else:
            negative_classes = chosen.pop("negative_classes")
            selection = select(data, settings.seed, **chosen)
            other = _other(settings, "negative_dataset", settings.negative_dataset, arguments)
            options = {"positive_classes": negative_classes, "held_out": chosen["held_out"]}
            negative = select(other, settings.seed, **options).positive
            selection = with_negatives_of(selection, negative)
            others["--negative_dataset"] = negative.data
    apart = () if selection.auxiliary is None else (selection.auxiliary,)
    data = selection.positive.data
    return RunData(data, selection, (*apart, *auxiliary), others, sampled, names_negatives)


def facts_of(run_data, scaling):
    """Returns the `Facts` about the data of a run, with the scaling of its networks."""
    data, selection = run_data.data, run_data.selection
    labels = () if data.labels is None else data.labels[selection.everything.all_rows]
    trained = tuple(np.unique(labels).tolist())
    sets = {flag: facts_of_set(one) for flag, one in {"--dataset": data, **run_data.others}.items()}
    return Facts(data.kind, scaling, trained, run_data.sampled_classes, sets)


def parts_for(method, run_data, *, name, batch_size):
    """Returns the parts that a method trains on: key of its batches -> `Part`.

    Methods with negatives get positive and negative samples. Methods that learn every class get both as one part. All
    other methods get the positive samples, and auxiliary data if they use any.

    Args:
      method: The game.
      run_data: The `RunData` of the run.
      name: Name of the method in `--method`.
      batch_size: Samples of a batch over all devices.

    Raises:
      InputError: The method needs negatives, and no flag names any. It makes them, and a flag names some. The numbers
        of auxiliary datasets and of auxiliary keys of its batches differ. A step needs more samples than there are.
    """
    data, selection = run_data.data, run_data.selection
    if "negative" in method.batch_keys:
        if not run_data.names_negatives:
            raise InputError(
                f"--method={name} learns from negatives, too; name them by --data.negative_classes, such as "
                "--data.negative_classes=1,3, or by a dataset of them, --negative_dataset=folder:DIR"
            )
        parts = {"positive": selection.positive, "negative": selection.negative or Part(data)}
        # The smaller part is repeated, also within a batch.
        return {key: part._replace(rows=part.all_rows) for key, part in parts.items()}
    if method.made_negatives and run_data.names_negatives:
        raise InputError(
            f"--method={name} makes its negatives from the real images, by --{name}.negatives="
            f"{','.join(method.made_negatives)}; leave out this flag, or --data.negative_classes and "
            "--negative_dataset"
        )
    parts = {"real": selection.everything if method.learns_every_class else selection.positive}
    needed, size = batch_size * method.discriminator_steps, parts["real"].size
    if parts["real"].rows is None and needed > size > 0:
        raise InputError(
            f"a step needs {needed} samples (--batch_size={batch_size} times {method.discriminator_steps} "
            f"discriminator steps), but {data.name} has {size}; take a smaller batch."
        )
    auxiliary = [key for key in method.batch_keys if key.startswith("auxiliary")]
    if auxiliary:
        _check_auxiliary(auxiliary, run_data.auxiliary)
        found = zip(auxiliary, run_data.auxiliary, strict=True)
        parts |= {key: part._replace(rows=part.all_rows) for key, part in found}
    return parts


def wanted_part(method, run_data):
    """Returns the `Part` with the distribution to learn. It has auxiliary classes only if their force is a pull."""
    selection = run_data.selection
    return selection.target if "auxiliary_0" in method.wanted_keys else selection.target_without_auxiliary


def check_labels(method, run_data, *, name):
    """Raises InputError if a method learns from labels, and the data have none or are two datasets."""
    if not method.takes_classes():
        return
    if negative := run_data.others.get("--negative_dataset"):
        raise InputError(
            f"--method={name} learns from the labels of one dataset; instead of --negative_dataset="
            f"{negative.name} put both into one folder, a sub-folder for each class"
        )
    if run_data.data.labels is None:
        fault = f", as {run_data.data.label_fault}" if run_data.data.label_fault else ""
        raise InputError(
            f"--method={name} learns from labels, and {run_data.data.name} has none{fault}; sort images "
            "into sub-folders, or save labels beside arrays"
        )


def repeated_parts(parts, needed):
    """Returns a message for each part that has fewer samples than a step needs."""
    return [
        f"the {part.size} {key} samples are fewer than the {needed} of a step, so each is used several times in it"
        for key, part in parts.items()
        if 0 < part.size < needed
    ]


def _check_auxiliary(keys, parts):
    if len(keys) != len(parts):
        raise InputError(
            f"--p2gan.forces names {', '.join(keys)}, but there are {len(parts)} sets of auxiliary data; give as many, "
            "by --auxiliary_dataset, such as --auxiliary_dataset=folder:DIR, or one by --data.auxiliary_classes"
        )


def _load(settings, name, factory, arguments):
    try:
        return factory(**arguments)
    except AbsentData as absent:
        if not settings.dry_run or None in absent.shape:
            raise
        print(f"tfgan2: {absent}", file=sys.stderr)
        return ImageSet(name, np.empty((0, *absent.shape), np.uint8), None, ())


def _other(settings, flag, name, arguments):
    """Loads a dataset of another flag than `--dataset`. It gets the arguments of `--dataset` that it also has."""
    _check_sources(flag, settings.dataset, name)
    factory = factory_of(name, flag=flag)
    accepted = {argument.name for argument in arguments_of(factory)}
    shared = {argument: value for argument, value in arguments.items() if argument in accepted}
    return _load(settings, name, factory, shared)


def _check_sources(flag, dataset, other):
    kinds, places = zip(*(name.partition(":")[::2] for name in (dataset, other)), strict=True)
    if kinds[0] == kinds[1] and len({os.path.realpath(os.path.expanduser(place)) for place in places}) == 1:
        classes = {"negative_dataset": "positive_classes and --data.negative_classes"}.get(flag, "auxiliary_classes")
        raise InputError(
            f"--{flag}={other} is the same as --dataset={dataset}; name it once, and choose from it by --data.{classes}"
        )
