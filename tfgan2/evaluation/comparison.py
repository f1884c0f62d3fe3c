"""The input of scores: samples, their features, and further facts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tfgan2.evaluation.features import Extractor, Features


class Seen(NamedTuple):
    """Samples and their features.

    Attributes:
      features: The `Features`.
      samples: Images uint8 [n, height, width, channels], or points float32 [n, d].
    """

    features: Features
    samples: np.ndarray

    def of_rows(self, rows):
        """The samples and features of some rows."""
        return Seen(self.features.rows(rows), self.samples[rows])


class Comparison(NamedTuple):
    """The input of a score.

    Attributes:
      fake: The generated samples, as `Seen`.
      real: The reference, as `Seen`.
      extractor: The `Extractor` of the features.
      fake_distances: [n], distance of each generated sample to the nearest training sample; see `copying_distances`.
      held_out_distances: [h], distance of each held-out real sample to the nearest training sample.
      negative_classes: Labels of the classes that the generator must avoid.
      reconstruct: Function from images to their reconstructions, both uint8, or None without an encoder.
      looks_unwanted: Function from features [n, d] to bool [n], or None if the generator was shown no unwanted images
        without labels. See `unwanted_look`.
    """

    fake: Seen
    real: Seen
    extractor: Extractor
    fake_distances: np.ndarray | None = None
    held_out_distances: np.ndarray | None = None
    negative_classes: tuple[int, ...] = ()
    reconstruct: Callable[[np.ndarray], np.ndarray] | None = None
    looks_unwanted: Callable[[np.ndarray], np.ndarray] | None = None

    def of_rows(self, fake, real, held_out=None):
        """The comparison for some rows of each set of samples."""
        return self._replace(
            fake=self.fake.of_rows(fake),
            real=self.real.of_rows(real),
            fake_distances=None if self.fake_distances is None else self.fake_distances[fake],
            held_out_distances=None if held_out is None else self.held_out_distances[held_out],
        )
