"""Protocols for points from a mixture with known modes."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.synthetic import SOURCES
from tfgan2.errors import InputError
from tfgan2.evaluation.mixture_scores import MixtureScores, real_pair
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
    """A protocol that measures samples against the known modes of a point set.

    Attributes:
      name: Name in `--protocol`.
      dataset: The point set of the protocol. None means every point set with known modes.
      samples: Number of generated samples.
    """

    name: str
    dataset: str | None
    samples: int = 2000

    @property
    def measured(self):
        """The data of the protocol, in words."""
        return self.dataset or "points with known modes"

    def fits(self, data):
        """Whether the protocol is for runs on this `DataSet`."""
        return data.modes_are_known and self.dataset in (None, data.name)

    network_flag = None
    """Name of the flag for a network that the user must download: the protocol needs none."""

    def reason_against(self, data):
        """Returns the reason why the data cannot be measured. It is always None: the protocol uses no real points."""

    def sized(self, data):
        """Returns the protocol itself, because its number of samples is fixed."""
        return self

    def published_data(self):
        """Returns the published point set, for samples of unknown origin.

        Raises:
          InputError: The protocol is not for a single dataset.
        """
        if self.dataset is None:
            raise InputError(f"{self.name} needs to know the modes; name the data by --dataset beside --samples.")
        return SOURCES[self.dataset]()

    def ready(self, points, *, seed, resources=None, unwanted=None):
        """Measures the floor, which is an equal number of real points.

        Args:
          points: The `PointSet` with its centres.
          seed: Seed of the choice of real points.
          resources: Ignored.
          unwanted: Ignored.

        Returns:
          A function that measures samples. Its arguments are samples [samples, d] in data units, a function for
          reconstructions, which is ignored, and name -> rows of each generator of a mixture. It returns a record for
          JSON. The record has the protocol, the registered samples of each mode (for a mixture also those of each
          generator), `values` and `real_values`, and their standard errors `spread` and `real_spread`.
        """
        radius = registration_radius(points.std)
        real, reference = real_pair(points, self.samples, seed)
        mixture = MixtureScores(points, reference)
        conditions = {"dataset": points.name, "radius": radius, "minimum": self._minimum(points)}
        of_real = {
            "real_values": self._values(real, points) | mixture.values(real),
            "real_spread": self._errors(real, points) | mixture.errors(real),
        }
        record = {"protocol": self._asdict() | conditions} | of_real

        def measure(samples, reconstruct=None, rows_of=None):
            modes, labels = len(points.centers), registered_labels(samples, points.centers, radius)
            of_each = counts_of_each(labels, modes, rows_of or {})
            counts = {"registered_counts": registered_counts(samples, points.centers, radius).tolist()}
            counts |= {"occupancy": of_each} if of_each else {}
            values = self._values(samples, points) | mixture.values(samples) | measured_occupancy(of_each)
            errors = self._errors(samples, points) | mixture.errors(samples)
            errors |= occupancy_errors(labels, modes, rows_of or {})
            return record | counts | {"values": values, "spread": errors}

        return measure

    def _values(self, samples, points):
        radius, minimum = registration_radius(points.std), self._minimum(points)
        coverage = grid_coverage(samples, points.centers, radius=radius, minimum=minimum)
        return coverage._asdict() | mode_quality(samples, points.centers, std=points.std)._asdict()

    def _errors(self, samples, points):
        """Standard errors of the values, by name."""

        def values(half):
            # Half of the samples are used twice, because sums and the minimum of a mode depend on their number.
            return tuple(self._values(np.concatenate([half, half]), points).values())

        return dict(zip(self._values(samples, points), standard_error(values, samples), strict=True))

    def _minimum(self, points):
        return covering_minimum(self.samples, len(points.centers))
