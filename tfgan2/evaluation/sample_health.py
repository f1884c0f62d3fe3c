"""How alike generated samples are, and how many are copies: numbers without labels and without a network."""

import functools

import numpy as np

from tfgan2.data.parts import evenly
from tfgan2.evaluation.scores import copying_distances
from tfgan2.metrics.distances import squared_neighbor_distances
from tfgan2.metrics.nearest_neighbors import neighbor_spread

_ROWS = 500  # Samples that are compared with each other.
_TRAINING, _COST = 2000, 2e10  # Training images, and operations to compare them with each other.


class SampleHealth:
    """Compares the distances between generated samples with those between real samples, in pixels or coordinates.

    The values are

    * `spread`: the mean distance between two generated samples, divided by that between two real samples,
    * `nearest`: the same for the distance to the most similar other sample, see `neighbor_spread`,
    * `copies`: the share of generated pictures that are copies of training pictures, of at most 2,000 of them. The
      distance of a copy to a training picture is below half of the median distance of a training picture to the most
      similar other one.

    Points have only `spread`: the width of their modes decides the others. A value is left out if the real samples are
    too few or have too many copies among themselves.

    Args:
      real: Real samples [n, ...]; images are uint8.
      training: Training images [m, ...], uint8, or None.
    """

    def __init__(self, real, training=None):
        self._real = _rows(real)
        self._training = None if training is None else _training_rows(training)

    def of(self, generated):
        """Returns name -> value of generated samples [n, ...]."""
        count = min(len(self._real), len(generated))
        real, generated = _rows(self._real, count), _rows(generated, count)
        if len(real) < 2 or not (wanted := _mean_distance(real)):
            return {}
        values = {"spread": _mean_distance(generated) / wanted}
        if self._training is None:
            return values
        if self._limit:
            values["nearest"] = neighbor_spread(real=real, generated=generated)
            values["copies"] = float(np.mean(copying_distances(generated, self._training) < self._limit))
        return values

    @functools.cached_property
    def _limit(self):
        """Distance below which a generated picture is a copy. 0 if most training pictures have copies."""
        if len(self._training) < 2:
            return 0.0
        return float(np.median(np.sqrt(squared_neighbor_distances("training pictures", self._training, 1)))) / 2


def _rows(samples, at_most=_ROWS):
    """Evenly spaced samples as rows, float32 [n, d]. Images are in [0, 1]."""
    chosen = evenly(np.asarray(samples), at_most)
    rows = chosen.reshape(len(chosen), -1).astype(np.float32)
    return rows / np.float32(255) if chosen.dtype == np.uint8 else rows


def _training_rows(training):
    """Fewer large images are taken, because their comparison takes longer."""
    return _rows(training, int(min(_TRAINING, (_COST / training[0].size) ** 0.5)))


def _mean_distance(rows):
    """Mean distance of two different rows."""
    rows = rows.astype(np.float64)
    squares = np.sum(rows**2, axis=1)
    squared = np.maximum(squares[:, None] + squares - 2 * rows @ rows.T, 0.0)
    np.fill_diagonal(squared, 0.0)
    return float(np.sqrt(squared).sum() / (len(rows) * (len(rows) - 1)))
