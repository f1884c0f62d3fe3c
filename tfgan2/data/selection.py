"""Selection of positive, negative and auxiliary samples of a dataset."""

from typing import Annotated, NamedTuple

import numpy as np

from tfgan2.data.class_names import class_numbers
from tfgan2.data.held_out import with_held_out
from tfgan2.data.parts import Part
from tfgan2.errors import ArgumentError, InputError
from tfgan2.ranges import BelowOne, In, checked

SELECTION_ARGUMENTS = (
    *("positive_classes", "negative_classes", "minority", "contamination", "auxiliary_classes", "auxiliary_count"),
    "held_out",
)
"""The arguments of `select` that are flags of every dataset."""


class Selection(NamedTuple):
    """The selected subsets of a dataset.

    Attributes:
      positive: Training samples of the classes to generate.
      negative: Training samples of the classes to avoid, or None. They may be from another dataset.
      auxiliary: Samples that are set apart from the positive samples, or None.
      target: Samples of the distribution to learn: the classes to generate, before `minority` subsampling, with the
        samples that are held out from training.
      auxiliary_classes: Labels of the auxiliary samples.
    """

    positive: Part
    negative: Part | None
    auxiliary: Part | None
    target: Part
    auxiliary_classes: tuple[int, ...] = ()

    @property
    def everything(self):
        """The positive samples and the negative samples of the same dataset as one `Part`, each sample once."""
        data = self.positive.data
        if self.negative is None or self.negative.data is not data:
            return self.positive
        return Part(data, np.union1d(self.positive.rows, self.negative.rows))

    @property
    def target_without_auxiliary(self):
        """The target without the auxiliary classes. If it has no other classes, the target itself."""
        if not self.auxiliary_classes:
            return self.target
        rows = self.target.rows[~_of_classes(self.target.data, self.auxiliary_classes)[self.target.rows]]
        return Part(self.target.data, rows) if len(rows) else self.target


@checked
def select(
    data,
    draw_seed,
    *,
    positive_classes: tuple[str, ...] = (),
    negative_classes: tuple[str, ...] = (),
    minority: tuple[str, ...] = (),
    contamination: BelowOne = 0.0,
    auxiliary_classes: tuple[str, ...] = (),
    auxiliary_count: Annotated[int, In("[1, 1048576]")] | None = None,
    held_out: Annotated[float, In("[0, 0.5]")] = 0.0,
) -> Selection:
    """Selects samples of a `DataSet` by names or numbers of classes. The classes of points are modes.

    Args:
      data: The dataset.
      draw_seed: Seed of the random choice of minority, auxiliary, contaminating and held-out samples.
      positive_classes: Train the generator to make these classes, by name or number from 0. Empty is all classes that
        are not negative.
      negative_classes: Train the generator to avoid these classes. A class may be both positive and negative.
      minority: Train on COUNT samples of a class only, picked at random: CLASS:COUNT, for one class or several.
      contamination: Add negative samples, picked at random, to the positive ones until they have this share.
      auxiliary_classes: Set samples of these positive classes apart, as auxiliary data of P2GAN.
      auxiliary_count: Set this many samples apart, picked at random. None is half of the samples of those classes.
      held_out: Keep this share of the samples apart from training, at least 10, picked at random, of each class alike.
        Evaluations use them as real data.

    Returns:
      The `Selection`. The dataset of its parts has the attribute `held_out`.

    Raises:
      InputError: The data have no classes, or a class is unknown. A class or part is empty. Positive and negative
        classes are the same.
    """
    data = with_held_out(data, held_out, draw_seed)
    trained = np.ones(data.size, bool)
    trained[[] if data.held_out is None else data.held_out] = False
    chosen = {"positive_classes": positive_classes, "negative_classes": negative_classes}
    chosen["auxiliary_classes"] = auxiliary_classes
    if data.size == 0 or not (any(chosen.values()) or minority or contamination):
        rows = None if data.held_out is None else np.flatnonzero(trained)
        return Selection(Part(data, rows), None, None, Part(data))
    negative = tuple(negative_classes)
    positive_classes, negative_classes, auxiliary_classes = (
        numbers_of(name, classes, data) for name, classes in chosen.items()
    )
    if set(positive_classes) == set(negative_classes) != set():
        raise ArgumentError("negative_classes", negative, "different from the positive_classes")
    random = np.random.default_rng(draw_seed)
    kept = trained & _kept(data, minority, random, trained)
    is_positive, is_negative = _of_classes(data, positive_classes), _of_classes(data, negative_classes)
    if not positive_classes:
        is_positive = ~is_negative
        if not is_positive.any():
            raise ArgumentError("negative_classes", negative, f"fewer than all classes of {data.name}")
    auxiliary = None
    if auxiliary_classes:
        of_classes = np.flatnonzero(is_positive & kept & _of_classes(data, auxiliary_classes))
        auxiliary = _set_apart(of_classes, ",".join(map(str, chosen["auxiliary_classes"])), auxiliary_count, random)
        kept[auxiliary] = False
    positive, negative = np.flatnonzero(is_positive & kept), np.flatnonzero(is_negative & kept)
    if not len(positive):
        accepted = "smaller, as it sets all positive samples apart"
        raise ArgumentError("auxiliary_count", len(auxiliary), accepted)
    if contamination:
        positive = _contaminated(positive, negative, contamination, random)
    return Selection(
        positive=Part(data, positive),
        negative=Part(data, negative) if negative_classes else None,
        auxiliary=None if auxiliary is None else Part(data, auxiliary),
        target=Part(data, np.flatnonzero(is_positive)),
        auxiliary_classes=auxiliary_classes,
    )


def with_negatives_of(selection, negative):
    """Replaces the negative samples of a selection by samples of another dataset.

    Args:
      selection: The selection from the dataset of the positive samples.
      negative: The `Part` of the other dataset.

    Raises:
      InputError: The samples of both have different shapes, or are the same.
    """
    check_shapes(selection.positive.data, negative.data)
    ours, theirs = selection.positive.data.samples, negative.data.samples
    if len(ours) == len(theirs) > 0 and np.array_equal(ours[:100], theirs[:100]) and np.array_equal(ours, theirs):
        raise InputError(
            f"{selection.positive.data.name} and {negative.data.name} hold the same samples; the negatives must differ"
        )
    return selection._replace(negative=negative)


def check_shapes(data, other):
    """Raises InputError if the samples of two datasets have different shapes."""
    ours, theirs = (list(one.shape) for one in (data, other))
    if ours != theirs:
        raise InputError(
            f"{data.name} has samples of shape {ours} and {other.name} of {theirs}; give both the same, images by "
            "--data.image_size and --data.channels"
        )


def _of_classes(data, classes):
    return np.isin(data.labels, classes)


def numbers_of(name, classes, data):
    """Converts names or numbers of classes to numbers, and checks that each class has samples.

    Raises:
      InputError: The data have no classes, or a class is unknown or empty.
    """
    if not classes:
        return ()
    _check_labels(name, classes, data)
    numbers = class_numbers(name, classes, data)
    for text, number in zip(classes, numbers, strict=True):
        if not np.any(data.labels == number):
            raise ArgumentError(name, text, f"made of classes that {data.name} has samples of")
    return numbers


def _check_labels(name, value, data):
    if data.labels is None:
        fault = f", as {data.label_fault}" if data.label_fault else ""
        advice = (
            "Sort images into sub-folders, save labels beside arrays, or give the negatives as a separate dataset "
            "by --negative_dataset."
        )
        raise ArgumentError(name, value, f"empty for {data.name}, which has no classes{fault}", advice)


def _kept(data, minority, random, trained):
    """The samples that remain after `minority` subsampling of the trained ones, booleans [n]."""
    kept = np.ones(data.size, bool)
    if minority:
        _check_labels("minority", minority, data)
    for text in minority:
        label, _, count = text.rpartition(":")
        label, count = label.strip(), count.strip()
        if not (label and count.isdecimal() and len(count) < 10 and int(count) > 0):
            raise ArgumentError("minority", text, "CLASS:COUNT, such as 5:200 for 200 samples of class 5")
        (number,) = numbers_of("minority", (label,), data)
        rows = np.flatnonzero((data.labels == number) & trained)
        if int(count) > len(rows):
            accepted = f"{label}:COUNT with at most {len(rows)}, the samples of class {label} in {data.name}"
            raise ArgumentError("minority", text, accepted)
        kept[rows] = False
        kept[random.permutation(rows)[: int(count)]] = True
    return kept


def _set_apart(rows, classes, count, random):
    """Rows of the auxiliary samples."""
    count = len(rows) // 2 if count is None else count
    if not 0 < count <= len(rows):
        accepted = f"in [1, {len(rows)}], the number of positive samples of the auxiliary_classes {classes}"
        raise ArgumentError("auxiliary_count", count, accepted)
    return np.sort(random.permutation(rows)[:count])


def _contaminated(positive, negative, share, random):
    if not len(negative):
        raise ArgumentError("contamination", share, "0 without negative_classes, which the samples are taken of")
    count = round(share / (1 - share) * len(positive))
    if count > len(negative):
        accepted = f"smaller: it needs {count} negative samples, and only {len(negative)} exist"
        raise ArgumentError("contamination", share, accepted)
    return np.concatenate([positive, random.permutation(negative)[:count]])
