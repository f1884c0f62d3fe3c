"""Measuring points against the known modes of the law that they should follow."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.synthetic import SOURCES, PointSet
from tfgan2.metrics.modes import grid_coverage, mode_quality, registered_counts, registration_radius


class ModesProtocol(NamedTuple):
    """How samples are measured against the known modes of a point set.

    Attributes:
      name: what `--protocol` calls it.
      dataset: the point set that it is for.
      samples: how many are generated.
      minimum: registered samples that make a mode covered (GN-GAN, AAAI 2019: 20 of 2,000).
    """

    name: str
    dataset: str
    samples: int = 2000
    minimum: int = 20

    def fits(self, data):
        """Whether it measures runs on this `PointSet` or `ImageSet`."""
        return isinstance(data, PointSet) and data.name == self.dataset

    def published_data(self):
        """What samples of unknown origin are measured against: the point set as it is published."""
        return SOURCES[self.dataset]()

    def ready(self, points, *, seed, resources=None):
        """Measures the floor, as many real points.

        Args:
          points: the `PointSet`, with its centres.
          seed: of the choice of real points.
          resources: not needed.

        Returns:
          A function that maps samples [samples, d] in data units to a JSON-ready record: protocol, registered samples
          by mode, `values` and `real_values`.
        """
        radius = registration_radius(points.std)
        few = len(points.points) < self.samples
        real = np.random.default_rng(seed).choice(points.points, self.samples, replace=few)
        record = {"protocol": self._asdict() | {"radius": radius}, "real_values": self._values(real, points)}

        def measure(samples):
            counts = registered_counts(samples, points.centers, radius).tolist()
            return record | {"registered_counts": counts, "values": self._values(samples, points)}

        return measure

    def _values(self, samples, points):
        radius = registration_radius(points.std)
        coverage = grid_coverage(samples, points.centers, radius=radius, minimum=self.minimum)
        return coverage._asdict() | mode_quality(samples, points.centers, std=points.std)._asdict()
