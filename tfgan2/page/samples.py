"""The samples of a run, by class, generator or partition where they can be chosen, and reconstructions."""

import numpy as np

from tfgan2.evaluation.figures import pixels
from tfgan2.evaluation.image_grids import grid, paired
from tfgan2.evaluation.point_pictures import partitions_picture, points_picture
from tfgan2.page.elements import element
from tfgan2.page.images import figure

_SIDES = ((32, 12), (64, 10), (128, 8))  # Largest side of an image -> images in a row and in a column of the sheet.
_FEWEST = 6
_POINTS = 2000
_CHOICES, _OF_EACH = 20, 8  # Rows of the sheet by choice, and images in a row.
_PLURALS = {"label": "classes", "generator": "generators", "partition": "partitions"}
_RECONSTRUCTED = 24
_COLUMNS = 8


def samples_of(subject):
    """Returns the elements with samples of a `Subject`."""
    if subject.run is None:
        return (element("p", "The run has no checkpoint yet, so there are no samples to draw."),)
    return (element("p", _origin(subject)), *(_images if subject.is_of_images else _points)(subject))


def reconstructions_of(subject):
    """Returns the elements with reconstructions. Empty if the method has no encoder, or before a checkpoint."""
    if subject.run is None or "encoder" not in subject.run.model.networks:
        return ()
    if subject.wanted is None:
        return (element("p", f"Reconstructions need the data. {subject.missing}"),)
    if not subject.is_of_images:
        real = subject.wanted.drawn(_POINTS // 4, subject.seed)
        found = subject.run.reconstruct(real, averaged=subject.averaged)
        lines = np.stack([real, found], axis=1)
        drawn = points_picture(real, found, paths=lines, title="originals and reconstructions")
        text = "Each line leads from a training point (grey) to its reconstruction (orange)."
        return (figure(pixels(drawn), f"Picture of points. {text}", text),)
    real = subject.wanted.drawn(_RECONSTRUCTED, subject.seed)
    found = subject.run.reconstruct(real, averaged=subject.averaged)
    stored = subject.facts.kind.as_stored
    sheet = grid(paired(stored(real), stored(found), _COLUMNS), _COLUMNS)
    text = "Rows of training images. The row below each holds their reconstructions."
    return (figure(sheet, text, text, sharp=True),)


def _origin(subject):
    """Which weights and random numbers the samples are from, in words."""
    averaged = subject.averaged and subject.run.model.keeps_averages
    weights = "the averaged weights" if averaged else "the weights"
    return f"Samples by {weights} of step {subject.step:,}, drawn with seed {subject.seed} and not selected."


def _images(subject):
    side = next((side for largest, side in _SIDES if max(subject.facts.shape[:2]) <= largest), _FEWEST)
    sheet = grid(subject.samples(side * side), side)
    yield figure(sheet, f"Sheet of {side * side} generated images, {side} in a row.", sharp=True)
    offered = subject.run.model.offered_choices
    if len(offered) > 1:
        yield from _by_choice(subject, offered[:_CHOICES], len(offered))


def _by_choice(subject, shown, offered):
    """A sheet with a row of images for each class, generator or partition."""
    choice = [number for number in shown for _ in range(_OF_EACH)]
    names = [_name(subject, number) for number in shown]
    captions = [name if place == 0 else "" for name in names for place in range(_OF_EACH)]
    sheet = grid(subject.samples(len(choice), choice), _OF_EACH, captions)
    plural = _PLURALS[subject.run.model.choice]
    which = f"the first {len(shown)} of {offered} {plural}" if len(shown) < offered else f"the {offered} {plural}"
    text = f"A row of generated images for each of {which}: {', '.join(names)}."
    yield element("h3", f"Samples by {plural}")
    yield figure(sheet, text, text)


def _name(subject, number):
    model = subject.run.model
    names = subject.run.choice_names
    return names[number] if names else f"{'class' if model.choice == 'label' else model.choice} {number}"


def _points(subject):
    points, real = subject.samples(_POINTS), subject.real
    picture = points_picture(real, points, title=f"{_POINTS:,} samples, step {subject.step:,}")
    beside = "over the training data" if len(real) else "without the training data, which are not there"
    dimensions = subject.facts.shape[0]
    shown = " The first two coordinates are shown." if dimensions > 2 else ""
    yield figure(pixels(picture), f"Picture of {_POINTS:,} generated points, {beside}.{shown}")
    model = subject.run.model
    if model.choice and len(model.offered_choices) > 1:
        numbers = model.choices(subject.seed, _POINTS).numpy()
        picture = partitions_picture(points, numbers, title=f"samples by {model.choice}")
        text = f"The same points in the colours of their {_PLURALS[model.choice]}."
        yield element("h3", f"Samples by {_PLURALS[model.choice]}")
        yield figure(pixels(picture), text, text)
