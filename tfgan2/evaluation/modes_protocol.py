"""Measuring points against the known modes of their target distribution."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.synthetic import SOURCES
from tfgan2.errors import InputError
from tfgan2.evaluation.occupancy import counts_of_each, measured_occupancy, occupancy_errors
from tfgan2.evaluation.scores import covering_minimum
from tfgan2.metrics.modes import (
    grid_coverage,
    mode_quality,
    registered_counts,
    registered_labels,
    registration_radius,
)
from tfgan2.metrics.spread import standard_error


class ModesProtocol(NamedTuple):
    """How samples are measured against the known modes of a point set.

    Attributes:
      name: what `--protocol` calls it.
      dataset: the point set that it is for; None is any with known modes.
      samples: how many are generated.
    """

    name: str
    dataset: str | None
    samples: int = 2000

    @property
    def measured(self):
        """What it is for, in words."""
        return self.dataset or "points with known modes"

    def fits(self, data):
        """Whether it measures runs on this `DataSet`."""
        return data.modes_are_known and self.dataset in (None, data.name)

    fetches = False
    """Whether it needs a network that has to be fetched."""

    def reason_against(self, data):
        """Why it cannot measure data that it fits: None, as it knows their modes, however few points there are."""

    def sized(self, data):
        """The protocol with its numbers of samples for a data set: as it is."""
        return self

    def published_data(self):
        """What samples of unknown origin are measured against: the point set as it is published.

        Raises:
          InputError: the protocol is for no dataset in particular.
        """
        if self.dataset is None:
            raise InputError(f"{self.name} needs to know the modes; name the data by --dataset beside --samples.")
        return SOURCES[self.dataset]()

    def ready(self, points, *, seed, resources=None):
        """Measures the floor, real points of the same number.

        Args:
          points: the `PointSet`, with its centres.
          seed: of the choice of real points.
          resources: not needed.

        Returns:
          A function of samples [samples, d] in data units, of reconstructions, which are not measured, and of name ->
          rows of each generator of a mixture. It returns a JSON-ready record: protocol, registered samples by mode, of
          a mixture those of each generator, `values` and `real_values`, and of all their standard errors, `spread`
          and `real_spread`.
        """
        radius = registration_radius(points.std)
        few = len(points.samples) < self.samples
        real = np.random.default_rng(seed).choice(points.samples, self.samples, replace=few)
        conditions = {"dataset": points.name, "radius": radius, "minimum": self._minimum(points)}
        of_real = {"real_values": self._values(real, points), "real_spread": self._errors(real, points)}
        record = {"protocol": self._asdict() | conditions} | of_real

        def measure(samples, reconstruct=None, rows_of=None):
            modes, labels = len(points.centers), registered_labels(samples, points.centers, radius)
            of_each = counts_of_each(labels, modes, rows_of or {})
            counts = {"registered_counts": registered_counts(samples, points.centers, radius).tolist()}
            counts |= {"occupancy": of_each} if of_each else {}
            values = self._values(samples, points) | measured_occupancy(of_each)
            errors = self._errors(samples, points) | occupancy_errors(labels, modes, rows_of or {})
            return record | counts | {"values": values, "spread": errors}

        return measure

    def _values(self, samples, points):
        radius, minimum = registration_radius(points.std), self._minimum(points)
        coverage = grid_coverage(samples, points.centers, radius=radius, minimum=minimum)
        return coverage._asdict() | mode_quality(samples, points.centers, std=points.std)._asdict()

    def _errors(self, samples, points):
        """Standard errors of the values, by name."""

        def values(half):
            # Each twice, for sums and for the samples that a mode needs.
            return tuple(self._values(np.concatenate([half, half]), points).values())

        return dict(zip(self._values(samples, points), standard_error(values, samples), strict=True))

    def _minimum(self, points):
        return covering_minimum(self.samples, len(points.centers))
