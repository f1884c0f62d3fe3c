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
from tfgan2.evaluation.reference import features_of_rows, parts
from tfgan2.evaluation.scores import SCORES, Comparison, Seen, counts_of

_FEWEST = 100  # real images
_COMPARED_VALUES = 2**27  # of the images that copies are looked for among; 1 GiB as float64


class ImageProtocol(NamedTuple):
    """How generated images are measured.

    In each repeat other generated images are compared with other real images, the reference. Real images that are not
    in it are measured in the same way: the floor, as many as the generated ones if there are so many, else one half of
    the real images against the other.

    Attributes:
      name: what `--protocol` calls it.
      extractor: a key of `EXTRACTORS`.
      scores: keys of `SCORES`.
      generated: images generated for a repeat.
      real: images of the reference in a repeat; None is all.
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

    def ready(self, data, *, seed, resources):
        """Makes everything ready that does not depend on the generated images, and measures the floor.

        Args:
          data: the `ImageSet`.
          seed: not needed; which real images are taken is fixed.
          resources: `Resources` of the extractor.

        Returns:
          A function that maps images [samples, height, width, channels], uint8 or in [0, 1], to a JSON-ready record:
          protocol, generated images by class, `values` and `real_values`, and with repeats their standard deviations,
          `spread` and `real_spread`.

        Raises:
          InputError: there are too few real images, or the extractor cannot be had.
        """
        self._check(data)
        extractor = extractor_named(self.extractor, data, resources)
        plans = [self._parts(data, repeat) for repeat in range(self.repeats)]
        rows = np.unique(np.concatenate([part for plan in plans for part in plan[:3]]))
        real = features_of_rows(extractor, data, rows, cache_dir=resources.cache_dir)

        def seen(part):
            return Seen(real.rows(np.searchsorted(rows, part)), data.images[part])

        def compared(images, reference, plan):
            training, held_out = data.images[plan.training], data.images[plan.floor]
            return self._values(Comparison(images, seen(reference), training, held_out, extractor))

        floor = [compared(seen(plan.floor), plan.floor_reference, plan) for plan in plans]
        record = {"protocol": self._record(data, rows, plans[0]) | extractor.record} | self._summary("real_", floor)

        def measure(samples):
            images = samples if samples.dtype == np.uint8 else to_uint8(samples)
            fake = extractor.extract(images)
            values = []
            for repeat, plan in enumerate(plans):
                mine = slice(repeat * self.generated, (repeat + 1) * self.generated)
                values.append(compared(Seen(fake.rows(mine), images[mine]), plan.reference, plan))
            counts = {} if fake.probabilities is None else {"class_counts": counts_of(fake).tolist()}
            return record | counts | self._summary("", values)

        return measure

    def _values(self, comparison):
        return {name: value for score in self.scores for name, value in SCORES[score].values(comparison).items()}

    def _summary(self, prefix, values):
        table = {name: [float(each[name]) for each in values] for name in values[0]}
        summary = {f"{prefix}values": {name: float(np.mean(found)) for name, found in table.items()}}
        if self.repeats > 1:
            summary[f"{prefix}spread"] = {name: float(np.std(found, ddof=1)) for name, found in table.items()}
        return summary

    def _parts(self, data, repeat):
        copies = _COMPARED_VALUES // data.images[0].size if "neighbors" in self.scores else 0
        return parts(len(data.images), real=self.real, generated=self.generated, repeat=repeat, copies=copies)

    def _record(self, data, rows, plan):
        """All that the numbers depend on, beside the extractor."""
        return self._asdict() | {
            "dataset": title_of(data.name),
            "data": hash_of(data.images[rows]),
            "real": len(plan.reference),
            "floor": [len(plan.floor), len(plan.floor_reference)],
            "copies_of": len(plan.training),
            "latents": "the law of training",
            "batch_norm": "as the network samples",
            "quantisation": "rounded to 256 levels",
            "dtype": "float32 features, float64 scores",
        }

    def _check(self, data):
        needed = self.real or _FEWEST
        if len(data.images) < needed:
            raise InputError(
                f"{data.name} has {len(data.images):,} images, and {self.name} compares with {needed:,}; choose "
                "another protocol, or take more images."
            )
