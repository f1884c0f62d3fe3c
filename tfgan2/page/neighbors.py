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
_BY_NETWORK = 5000  # Training images that pass through a slow network.
_SHOWN, _NEIGHBORS = 8, 5  # Rows of the picture, and training images beside each sample.


def neighbors_of(subject, records, feature_network=None):
    """Returns the elements about the nearest training samples.

    Images are compared by their pixels, and by the features of a network if there is one: that of `feature_network`, or
    of the run, or the classifier if an evaluation used it.

    Args:
      subject: The `Subject`.
      records: The newest evaluations.
      feature_network: See `Resources`.

    Raises:
      InputError: The network cannot be read, or the samples are points.
    """
    if feature_network is not None and not subject.is_of_images:
        name = subject.settings.dataset
        raise InputError(f"--feature_network compares images, and {name} are points; leave it out.")
    if subject.run is None:
        return (element("p", "The run has no checkpoint yet."),)
    if subject.wanted is None:
        return (element("p", f"This needs the data of the run, which cannot be read: {subject.missing}"),)
    if subject.wanted.size <= _NEIGHBORS:
        return (element("p", f"The run has only {subject.wanted.size} training samples."),)
    samples = subject.samples(_COMPARED[subject.facts.kind.name])
    if not subject.is_of_images:
        return (_text(subject, samples, nearest_samples(samples, subject.wanted, 1, _flat), "coordinates", "{:.3g}"),)
    return tuple(_of_images(subject, samples, _extractor(subject, records, feature_network)))


def _of_images(subject, samples, extractor):
    found = nearest_samples(samples, subject.wanted, _NEIGHBORS, _flat)
    yield _text(subject, samples, found, "pixels", "{:.1f} of 255 levels (root mean square)", scale=_levels(samples))
    scaled = found._replace(distances=found.distances * _levels(samples))
    yield _picture(subject.wanted, samples, scaled, "pixels", "{:.1f}")
    if extractor is not None:
        part = _thinned(subject.wanted) if extractor.slow else subject.wanted
        found = nearest_samples(samples, part, _NEIGHBORS, lambda images: extractor.extract(images).features)
        yield _picture(part, samples, found, f"features of {extractor.title}", "{:.3g}")


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


def _picture(part, samples, found, of, form):
    """A picture of the samples that are nearest to the training data, each before its neighbours."""
    shown = np.argsort(found.distances[:, 0], kind="stable")[:_SHOWN]
    images, captions = [], []
    for place in shown:
        images += [samples[place], *part.data.samples[found.rows[place]]]
        captions += ["generated", *map(form.format, found.distances[place])]
    text = (
        f"By {of}: the {len(shown)} of {len(samples)} samples that are nearest to {part.size:,} training images. Each "
        f"row has a generated image and its {_NEIGHBORS} nearest training images with their distances."
    )
    return figure(grid(np.stack(images), 1 + _NEIGHBORS, captions), text, text)


def _extractor(subject, records, feature_network):
    """The extractor of features, or None."""
    path, of_run = feature_network, subject.settings.feature_network
    if path is None and of_run is not None and of_run.is_file():
        path = of_run
    if path is not None:
        return extractor_named("mobilenet_v2", subject.run.data, Resources(feature_network=path))
    names = [record["protocol"].get("name") for record in records]
    by_classifier = (getattr(PROTOCOLS[name], "extractor", "") == "classifier" for name in names if name in PROTOCOLS)
    if not any(by_classifier):
        return None
    return extractor_named("classifier", subject.run.data, Resources(subject.run.cache_dir))


def _thinned(part):
    """The part with about 5,000 evenly spaced samples."""
    rows = part.all_rows
    return part._replace(rows=rows[:: -(-len(rows) // _BY_NETWORK)])


def _flat(samples):
    return samples.reshape(len(samples), -1).astype(np.float32)


def _levels(samples):
    """Factor from a distance of stored images to the root mean square of their differences."""
    return samples[0].size ** -0.5
