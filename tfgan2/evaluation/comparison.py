"""What a score may use: samples, their features, and what else is known of them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tfgan2.evaluation.features import Extractor, Features


class Seen(NamedTuple):
    """Samples and their features.

    Attributes:
      features: `Features`.
      samples: images uint8 [n, height, width, channels], or points float32 [n, d].
    """

    features: Features
    samples: np.ndarray

    def of_rows(self, rows):
        """Some of them."""
        return Seen(self.features.rows(rows), self.samples[rows])


class Comparison(NamedTuple):
    """What a score may use.

    Attributes:
      fake: generated samples, as `Seen`.
      real: the reference, as `Seen`.
      extractor: whose features they are.
      fake_distances: [n] of generated samples to the nearest that they may be copies of, `copying_distances`.
      held_out_distances: [h] of real samples that are none of those.
      negative_classes: those that the generator is to leave out.
      reconstruct: maps images uint8 to their reconstructions uint8, where the method has an encoder, else None.
    """

    fake: Seen
    real: Seen
    extractor: Extractor
    fake_distances: np.ndarray | None = None
    held_out_distances: np.ndarray | None = None
    negative_classes: tuple[int, ...] = ()
    reconstruct: Callable[[np.ndarray], np.ndarray] | None = None

    def of_rows(self, fake, real, held_out=None):
        """The same of some of the samples, by their rows."""
        return self._replace(
            fake=self.fake.of_rows(fake),
            real=self.real.of_rows(real),
            fake_distances=None if self.fake_distances is None else self.fake_distances[fake],
            held_out_distances=None if held_out is None else self.held_out_distances[held_out],
        )
