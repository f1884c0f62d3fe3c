"""The training samples that are nearest to generated samples, so that copies show."""

import numpy as np

from tfgan2.errors import InputError
from tfgan2.evaluation.extractors import Resources, extractor_named
from tfgan2.evaluation.image_grids import grid
from tfgan2.evaluation.nearest_samples import nearest_samples
from tfgan2.evaluation.protocols import PROTOCOLS
from tfgan2.page.elements import element
from tfgan2.page.images import figure

_COMPARED = {"images": 24, "points": 500}  # Samples, generated ones and as many real ones.
_SHOWN, _NEIGHBORS = 8, 5  # Rows of the picture, and training images beside each sample.


def neighbors_of(subject, records):
    """Returns the elements about the nearest training samples.

    Args:
      subject: The `Subject`.
      records: The newest evaluations. If one is by a classifier, its features are compared as well.
    """
    if subject.run is None:
        return (element("p", "The run has no checkpoint yet."),)
    if subject.wanted is None:
        return (element("p", f"This needs the data of the run, which cannot be read: {subject.missing}"),)
    if subject.wanted.size <= _NEIGHBORS:
        return (element("p", f"The run has only {subject.wanted.size} training samples."),)
    samples = subject.samples(_COMPARED[subject.facts.kind.name])
    if not subject.is_of_images:
        return (_text(subject, samples, nearest_samples(samples, subject.wanted, 1, _flat), "coordinates", "{:.3g}"),)
    return tuple(_of_images(subject, samples, records))


def _of_images(subject, samples, records):
    found = nearest_samples(samples, subject.wanted, _NEIGHBORS, _flat)
    yield _text(subject, samples, found, "pixels", "{:.1f} of 255 levels (root mean square)", scale=_levels(samples))
    scaled = found._replace(distances=found.distances * _levels(samples))
    yield _picture(subject, samples, scaled, "pixels", "{:.1f}")
    extractor = _classifier(subject, records)
    if extractor is not None:
        found = nearest_samples(samples, subject.wanted, _NEIGHBORS, lambda images: extractor.extract(images).features)
        yield _picture(subject, samples, found, "features of the classifier of the evaluation", "{:.3g}")


def _text(subject, samples, found, of, form, scale=1.0):
    """How near the samples are to the training data, compared with the training data among themselves."""
    real = subject.facts.kind.as_stored(subject.wanted.drawn(len(samples), subject.seed))
    among = nearest_samples(real, subject.wanted, 2, _flat).distances[:, 1]
    nearest = found.distances[:, 0]
    copies = np.count_nonzero(nearest == 0)
    median, usual = (form.format(scale * float(np.median(each))) for each in (nearest, among))
    return element(
        "p",
        f"Of {len(samples):,} samples, {copies or 'none'} {'equal' if copies > 1 else 'equals'} a training sample. The "
        f"median distance of a sample to the nearest training sample, in {of}, is {median}. For training samples "
        f"among themselves it is {usual}. A much smaller distance is a sign of copies.",
    )


def _picture(subject, samples, found, of, form):
    """A picture of the samples that are nearest to the training data, each before its neighbours."""
    shown = np.argsort(found.distances[:, 0], kind="stable")[:_SHOWN]
    images, captions = [], []
    for place in shown:
        images += [samples[place], *subject.wanted.data.samples[found.rows[place]]]
        captions += ["generated", *map(form.format, found.distances[place])]
    text = (
        f"By {of}: the {len(shown)} of {len(samples)} samples that are nearest to the training data. Each row has a "
        f"generated image and its {_NEIGHBORS} nearest training images with their distances."
    )
    return figure(grid(np.stack(images), 1 + _NEIGHBORS, captions), text, text)


def _classifier(subject, records):
    """The classifier of an evaluation, or None."""
    names = [record["protocol"].get("name") for record in records]
    if not any(name in PROTOCOLS and getattr(PROTOCOLS[name], "extractor", "") == "classifier" for name in names):
        return None
    try:
        return extractor_named("classifier", subject.run.data, Resources(subject.run.cache_dir))
    except (InputError, OSError):
        return None


def _flat(samples):
    return samples.reshape(len(samples), -1).astype(np.float32)


def _levels(samples):
    """Factor from a distance of stored images to the root mean square of their differences."""
    return samples[0].size ** -0.5
