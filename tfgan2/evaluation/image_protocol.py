"""Measuring images by what a network sees in them, against real images and beside them."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.computed import hash_of
from tfgan2.data.images import ImageSet
from tfgan2.data.sources import load
from tfgan2.errors import InputError
from tfgan2.evaluation.classifier import title_of
from tfgan2.evaluation.extractors import extractor_named
from tfgan2.evaluation.image_grids import to_uint8
from tfgan2.evaluation.scores import SCORES, Comparison, counts_of


class ImageProtocol(NamedTuple):
    """How generated images are measured.

    In each repeat other generated images are compared with other real images, the reference; real images that are not
    in it, as many as the generated ones where there are so many, are measured in the same way and are the floor.

    Attributes:
      name: what `--protocol` calls it.
      extractor: a key of `EXTRACTORS`.
      scores: keys of `SCORES`.
      generated: images generated for a repeat.
      real: images of the reference in a repeat; None is all, and the floor then one half of them against the other.
      repeats: how often; values are means over them, and with more than one there is a standard deviation.
      dataset: the data that it is for, or their kind such as stacked; None measures any images.
    """

    name: str
    extractor: str
    scores: tuple[str, ...]
    generated: int
    real: int | None
    repeats: int = 1
    dataset: str | None = None

    @property
    def samples(self):
        """How many images are generated in all."""
        return self.generated * self.repeats

    def fits(self, data):
        """Whether it measures runs on this `PointSet` or `ImageSet`."""
        names = (None, data.name, data.name.partition(":")[0])
        return isinstance(data, ImageSet) and self.dataset in names

    def published_data(self):
        """What samples of unknown origin are measured against.

        Raises:
          InputError: the protocol is for no dataset in particular.
        """
        if self.dataset is None or self.dataset == "stacked":
            raise InputError(f"{self.name} needs the data of a run; give --workdir instead of --samples.")
        return load(self.dataset)

    def measured(self, samples, data, *, seed, resources):
        """Measures images, and real ones beside them.

        Args:
          samples: [samples, height, width, channels], uint8 or in [0, 1].
          data: the `ImageSet`.
          seed: not needed; which real images are taken is fixed.
          resources: `Resources` of the extractor.

        Returns:
          A JSON-ready record: protocol, generated images by class, `values` and `real_values`, and with repeats their
          standard deviations, `spread` and `real_spread`.

        Raises:
          InputError: there are too few real images, or the extractor cannot be had.
        """
        self._check(data)
        images = samples if samples.dtype == np.uint8 else to_uint8(samples)
        extractor = extractor_named(self.extractor, data, resources)
        fake = extractor.extract(images)
        values, real_values = [], []
        for repeat in range(self.repeats):
            reference, others, halves = self._real(data, repeat, extractor)
            part = slice(repeat * self.generated, (repeat + 1) * self.generated)
            values.append(self._values(fake.rows(part), reference, extractor))
            real_values.append(self._values(others, halves, extractor))
        how = {
            "dataset": title_of(data.name),
            "data": hash_of(data.images),
            "real": len(reference.features),
            "floor": [len(others.features), len(halves.features)],
            "latents": "the law of training",
            "batch_norm": "as the network samples",
            "quantisation": "rounded to 256 levels",
            "dtype": "float32 features, float64 scores",
        }
        record = {"protocol": self._asdict() | how | extractor.record}
        if fake.probabilities is not None:
            record["class_counts"] = counts_of(fake).tolist()
        for prefix, found in (("", values), ("real_", real_values)):
            record[f"{prefix}values"] = {name: float(np.mean([each[name] for each in found])) for name in found[0]}
            if self.repeats > 1:
                record[f"{prefix}spread"] = {
                    name: float(np.std([each[name] for each in found], ddof=1)) for name in found[0]
                }
        return record

    def _values(self, fake, real, extractor):
        comparison = Comparison(fake, real, extractor)
        return {name: value for score in self.scores for name, value in SCORES[score](comparison).items()}

    def _real(self, data, repeat, extractor):
        """Features of the reference, of real images that are not in it, and of what these are compared with."""
        count = len(data.images)
        rows = np.random.default_rng(repeat).permutation(count)

        def features(first, last):
            return extractor.extract(data.images[np.sort(rows[first:last])])

        if self.real is not None:
            reference = features(0, self.real)
            return reference, features(self.real, self.real + self.generated), reference
        half = count // 2
        return features(0, count), features(0, min(half, self.generated)), features(half, 2 * half)

    def _check(self, data):
        needed = 2 if self.real is None else self.real + self.generated
        if len(data.images) < needed:
            raise InputError(
                f"{data.name} has {len(data.images):,} images, and {self.name} takes {self.real or 1:,} as the "
                f"reference and {self.generated if self.real else 1:,} others as the floor; choose another protocol, "
                "or more images."
            )
