"""Measurements during training: the number of covered modes or classes of the data, and further scores."""

import math
from collections.abc import Callable
from typing import NamedTuple

from tfgan2.data.kinds import IMAGES, POINTS, Kind
from tfgan2.errors import InputError
from tfgan2.evaluation import contrastive_network
from tfgan2.evaluation.classifier import class_count, reason_against, title_of
from tfgan2.evaluation.extractors import Resources, extractor_named
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.mixture_scores import MixtureScores, best_mixture_scores, real_pair
from tfgan2.evaluation.occupancy import measured_occupancy
from tfgan2.evaluation.real_samples import compared_count, wanted_rows
from tfgan2.evaluation.scores import SCORES, best_values, covering_minimum
from tfgan2.metrics.modes import grid_coverage, registered_counts, registration_radius

_POINTS, _IMAGES, _BY_INCEPTION = 2000, 1000, 5000  # Samples of a measurement.
_SHOWN_CLASSES = 20  # With more classes their shares would hide the other values.
_INCEPTION, _MOBILENET = "inception_tf2015", "mobilenet_v2"
_OF_INCEPTION = ("inception_score", "inception_score_1000")
# Network -> scores that it cannot compute. Those of the classifier and of the contrastive network are equal.
_ELSEWHERE = {_INCEPTION: ("classifier_score",), _MOBILENET: ("classifier_score", *_OF_INCEPTION)}
_WITHOUT_LABELS = ("frechet", "precision_recall", "density_coverage", "neighbors")  # Measured without a classifier.
_BY_THE_RUN = ("negatives", "unwanted")  # Measured where the run has unwanted images.
_BEST_OF_POINTS = {
    "registered_modes": math.inf,
    "registered_points": math.inf,
    "total_variation_true": 0.0,
    "total_variation_differential": 0.0,
    "total_variation": 0.0,
}


class Panel(NamedTuple):
    """The measurements that are repeated during training.

    Attributes:
      kind: The `Kind` of the samples.
      modes: Number of modes, or 0 if they are unknown or there is only one.
      covered: Name of the value that counts covered modes, or None.
      samples: Number of generated samples.
      best: Name of a value -> its ideal value. It is infinite if more (or less) is always better. Some values, such as
        the share of a class, have no ideal value.
      measure: Function that returns name -> number. Its arguments are samples in data units, a function from images to
        their reconstructions or None, and name -> rows of each generator of a mixture or None.
    """

    kind: Kind
    modes: int
    covered: str | None
    samples: int
    best: dict[str, float]
    measure: Callable[..., dict[str, float]]

    def shortfall(self, name, value):
        """Distance of a value from its ideal value. A smaller number is better."""
        best = self.best[name]
        return abs(value - best) if math.isfinite(best) else -math.copysign(1, best) * value


def panel_for(data, *, scores=(), best_metric=None, negative_classes=(), encodes=False, resources=None, unwanted=None):
    """Returns the `Panel` of a dataset, or None if nothing can be measured.

    Points need known modes. Images with labels are measured by a classifier, and 100 images or more without labels by a
    contrastive network. The score of reconstructions needs neither.

    Args:
      data: A `DataSet`.
      scores: Keys of `SCORES`, further scores of images.
      best_metric: Name of the value that decides which step is best, or None.
      negative_classes: Labels of images that the generator avoids.
      encodes: Whether the method has an encoder for reconstructions.
      resources: The `Resources`. With an `inception_path` or a `feature_network`, scores use features of this network,
        otherwise those of a classifier or a contrastive network.
      unwanted: Images of other datasets that the generator avoids, stored [m, ...], or None.

    Raises:
      InputError: A score or the best value cannot be measured.
    """
    resources = resources or Resources()
    if scores:
        _check_scores(data, scores, encodes, resources)
    panel = _PANELS[data.kind.name](data, scores, negative_classes, resources, unwanted)
    if best_metric is not None:
        check_measured("best_metric", best_metric, best_metric, panel, data)
    return panel


def check_measured(flag, value, name, panel, data):
    """Checks that a flag names a value that is measured.

    Args:
      flag: Name of the flag, for the message.
      value: Value of the flag, for the message.
      name: The name in it.
      panel: The `Panel`, or None.
      data: The `DataSet` that it measures.

    Raises:
      InputError: Nothing of this name is measured.
    """
    known = {} if panel is None else panel.best
    if name not in known:
        what = "" if name == value else f": {name}"
        raise InputError(
            f"--{flag}={value}{what} is not measured during training on {data.name}; there "
            + (f"are {', '.join(known)}, and more on images by --evaluate_metrics." if known else "is nothing.")
        )


def _check_scores(data, scores, encodes, resources):
    flag = f"--evaluate_metrics={','.join(scores)}"
    network = _named_network(resources)
    usable = [score for score in SCORES if score not in (*_BY_THE_RUN, *_ELSEWHERE.get(network, _OF_INCEPTION))]
    for score in scores:
        if score not in usable:
            raise InputError(f"{flag}: {score!r} is none of {', '.join(usable)}.")
    if data.kind is not IMAGES:
        raise InputError(f"{flag} measures images, and {data.name} are points; leave it out.")
    if network:
        extractor_named(network, data, resources)  # An error is raised now and not at the first measurement.
    elif of_classes := reason_against(data):
        if set(scores) & {"classes", "classifier_score"}:
            raise InputError(f"{flag} measures by a classifier, but {of_classes}")
        too_few = contrastive_network.reason_against(data)
        if too_few and set(scores) != {"reconstructions"}:
            raise InputError(f"{flag} measures by a network, but {too_few}")
    if "reconstructions" in scores and not encodes:
        raise InputError(f"{flag}: the method has no encoder, so there are no reconstructions; leave them out.")


def _named_network(resources):
    """Name of the extractor by the network that the user names, or None."""
    return _INCEPTION if resources.inception_path else _MOBILENET if resources.feature_network else None


def _of_points(points, scores, negative_classes, resources, unwanted):
    if not points.modes_are_known:
        return None
    radius = registration_radius(points.std)
    mixture = MixtureScores(points, real_pair(points, _POINTS, 0)[1])

    def measure(samples, reconstruct=None, rows_of=None):
        minimum = covering_minimum(len(samples), len(points.centers))
        found = grid_coverage(samples, points.centers, radius=radius, minimum=minimum)._asdict()
        of_each = {
            name: registered_counts(samples[rows], points.centers, radius) for name, rows in (rows_of or {}).items()
        }
        return found | mixture.values(samples) | measured_occupancy(of_each)

    best = _BEST_OF_POINTS | best_mixture_scores(points.shape[0])
    return Panel(POINTS, *_counted(len(points.centers), "registered_modes"), _POINTS, best, measure)


def _of_images(data, scores, negative_classes, resources, unwanted):
    own = () if unwanted is None else ("unwanted",)
    always = ("classes", "negatives", *own) if negative_classes else ("classes", *own)
    asked = tuple(score for score in scores if score not in always)
    named = _named_network(resources)
    groups = {} if reason_against(data) else {"classifier": always}
    if not groups and not named and not contrastive_network.reason_against(data):
        groups = {"contrastive": tuple(score for score in (*_WITHOUT_LABELS, *own) if score not in asked)}
    if asked:
        # With few images and without labels and network, the checks allow only reconstructions, compared in pixels.
        network = named or next(iter(groups), "pixels")
        groups[network] = (*groups.get(network, ()), *asked)
    if not groups:
        return None
    count = _BY_INCEPTION if _INCEPTION in groups else _IMAGES
    real = compared_count(data, wanted_rows(data, negative_classes))
    protocol = FeatureProtocol("training", "", (), count, min(count, real), 1, None, tuple(negative_classes))
    protocols = [protocol._replace(extractor=network, scores=chosen) for network, chosen in groups.items()]
    ready = []

    def measure(samples, reconstruct=None, rows_of=None):
        if not ready:  # The network is trained at the first measurement and not at the start of a run.
            options = {"seed": 0, "resources": resources, "errors": False, "unwanted": unwanted}
            ready.extend(protocol.ready(data, **options) for protocol in protocols)
        records = [measured(samples, reconstruct, rows_of) for measured in ready]
        values = {name: value for record in records for name, value in record["values"].items()}
        return values | (_shares(data, records[0]["class_counts"]) if "classifier" in groups else {})

    titles = {name: f"{name}-{title_of(data.name)}" for name in ("classifier", "contrastive", _MOBILENET)}
    titles |= {_INCEPTION: "inception-tf2015", "pixels": "pixels"}
    best = {name: value for of, chosen in groups.items() for name, value in best_values(chosen, titles[of]).items()}
    if "classifier" not in groups:
        return Panel(IMAGES, 0, None, count, best, measure)
    return Panel(IMAGES, *_counted(class_count(data) - len(negative_classes), "modes_covered"), count, best, measure)


_PANELS = {"points": _of_points, "images": _of_images}


def _counted(modes, name):
    """(modes, name), or (0, None) for a single mode, which even noise covers."""
    return (modes, name) if modes > 1 else (0, None)


def _shares(data, counts):
    if len(counts) > _SHOWN_CLASSES:
        return {}
    return {f"share_of_{name}": n / sum(counts) for name, n in zip(data.class_names, counts, strict=False)}
