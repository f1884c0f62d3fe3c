"""What is measured while a generator trains: how many modes or classes of its data it covers, and more if asked for."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tfgan2.data.images import ImageSet
from tfgan2.errors import InputError
from tfgan2.evaluation.classifier import reason_against, title_of
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.scores import SCORES, best_values, covering_minimum
from tfgan2.metrics.modes import grid_coverage, registration_radius

_POINTS, _IMAGES = 2000, 1000  # samples of a measurement
_SHOWN_CLASSES = 20  # the shares of more would hide the rest
_NOT_TO_CHOOSE = ("inception_score", "inception_score_1000", "negatives")  # of another network, or always there
_BEST_OF_POINTS = {
    "registered_modes": math.inf,
    "registered_points": math.inf,
    "total_variation_true": 0.0,
    "total_variation_differential": 0.0,
    "total_variation": 0.0,
}


class Panel(NamedTuple):
    """A measurement that is made again and again.

    Attributes:
      modes: how many there are.
      covered: the value that counts the covered ones.
      samples: how many are generated.
      best: name of a value -> what it is at best, infinite where more or less is always better.
      measure: maps samples in data units, and a function from images to their reconstructions or None, to
        {name: number}; what has no best, as the share of a class, is not in `best`.
    """

    modes: int
    covered: str
    samples: int
    best: dict[str, float]
    measure: Callable[..., dict[str, float]]

    def shortfall(self, name, value):
        """What a value lacks of its best: the less, the better."""
        best = self.best[name]
        return abs(value - best) if math.isfinite(best) else -math.copysign(1, best) * value


def panel_for(data, *, scores=None, best_metric=None, negative_classes=(), encodes=False, cache_dir=None):
    """The `Panel` of a data set, or None for points without known modes and images that no classifier can be had for.

    Args:
      data: a `PointSet` or `ImageSet`.
      scores: of images, beside their classes: keys of `SCORES` that a classifier can give; None is no more.
      best_metric: a value that has to have a best.
      negative_classes: labels of images that the generator is to leave out.
      encodes: whether the method has an encoder, so that there are reconstructions.
      cache_dir: folder of the cache, where the classifier is.

    Raises:
      InputError: scores or a value are asked for that cannot be had.
    """
    if scores is not None:
        _check_scores(data, scores, encodes)
    if isinstance(data, ImageSet):
        panel = None if reason_against(data) else _of_images(data, scores or (), negative_classes, cache_dir)
    else:
        panel = None if data.centers is None or data.std is None else _of_points(data)
    known = {} if panel is None else panel.best
    if best_metric is not None and best_metric not in known:
        raise InputError(
            f"--best_metric={best_metric} is not measured during training on {data.name}; there "
            + (f"are {', '.join(known)}, and more on images by --evaluate_metrics." if known else "is nothing.")
        )
    return panel


def _check_scores(data, scores, encodes):
    flag = f"--evaluate_metrics={','.join(scores)}"
    usable = [score for score in SCORES if score not in _NOT_TO_CHOOSE]
    for score in scores:
        if score not in usable:
            raise InputError(f"{flag}: {score!r} is none of {', '.join(usable)}.")
    if not isinstance(data, ImageSet):
        raise InputError(f"{flag} measures images, and {data.name} are points; leave it out.")
    reason = reason_against(data)
    if reason:
        raise InputError(f"{flag} measures by a classifier, but {reason}")
    if "reconstructions" in scores and not encodes:
        raise InputError(f"{flag}: the method has no encoder, so there are no reconstructions; leave them out.")


def _of_points(points):
    radius = registration_radius(points.std)

    def measure(samples, reconstruct=None):
        minimum = covering_minimum(len(samples), len(points.centers))
        return grid_coverage(samples, points.centers, radius=radius, minimum=minimum)._asdict()

    return Panel(len(points.centers), "registered_modes", _POINTS, _BEST_OF_POINTS, measure)


def _of_images(data, scores, negative_classes, cache_dir):
    classes = max(len(data.class_names), int(data.labels.max()) + 1)
    always = ("classes", "negatives") if negative_classes else ("classes",)
    scores = (*always, *(score for score in scores if score not in always))
    positives = np.count_nonzero(~np.isin(data.labels, negative_classes))
    protocol = FeatureProtocol(
        "training",
        "classifier",
        scores,
        generated=_IMAGES,
        real=min(_IMAGES, positives // 2),
        negative_classes=tuple(negative_classes),
    )
    ready = []

    def measure(samples, reconstruct=None):
        if not ready:  # the classifier is trained when it is needed first, not when a run starts
            ready.append(protocol.ready(data, seed=0, resources=Resources(cache_dir)))
        record = ready[0](samples, reconstruct)
        shares = np.array(record["class_counts"]) / len(samples)
        named = {f"share_of_{name}": float(share) for name, share in zip(data.class_names, shares, strict=False)}
        return record["values"] | (named if classes <= _SHOWN_CLASSES else {})

    best = best_values(scores, f"classifier-{title_of(data.name)}")
    return Panel(classes - len(negative_classes), "modes_covered", _IMAGES, best, measure)
