"""The real samples that a protocol compares with, and their features.

| samples   | meaning                                                                                    |
| --------- | ------------------------------------------------------------------------------------------ |
| reference | real samples that generated ones are compared with                                         |
| floor     | other real samples, compared with the same reference: the best that a generator can reach  |
| training  | real samples in which the nearest one to each generated sample is searched                 |
| held out  | other real samples, for which the nearest one is searched as well                          |

If enough samples were held out from training, they are the reference, and the floor is of training samples. In the last
row of the table are all samples that were held out from training, or those of the floor if there are none.
"""

from typing import NamedTuple

import numpy as np

from tfgan2.data.computed import computed, hash_of
from tfgan2.evaluation.classifier import title_of
from tfgan2.evaluation.features import Features


class ReferenceSplit(NamedTuple):
    """The split of the real samples in one repeat. Each field has rows in random order.

    Attributes:
      reference: Real samples to compare generated samples with.
      floor: Real samples that are measured as if they were generated.
      floor_reference: Real samples to compare the floor with. It shares no sample with the floor.
      training: Samples among which copies are searched: all that are not held out, up to a number.
      held_out: Real samples that are no copies of `training`. Copies are recognised by a comparison with them.
    """

    reference: np.ndarray
    floor: np.ndarray
    floor_reference: np.ndarray
    training: np.ndarray
    held_out: np.ndarray


def reference_split(count, *, real, generated, repeat, copies=0, held_out=()):
    """Returns the `ReferenceSplit` of `count` samples in a repeat. It depends on the arguments only.

    Args:
      count: Number of real samples, at least 2, and at least `real`.
      real: Samples of the reference. None takes all.
      generated: Samples of the floor, if the reference leaves enough. Otherwise the floor is one half of all samples,
        and its reference the other half, with at most `generated` and `real` samples.
      repeat: Number of the repeat.
      copies: Largest number of samples in `training`.
      held_out: The samples among them that were held out from training. They are the whole reference if they are
        `real` or more, and others can be the floor.
    """
    rows = np.random.default_rng(repeat).permutation(count)
    apart = np.isin(rows, held_out)
    if real is not None and min(len(held_out), count - len(held_out)) >= real:
        reference, floor = rows[apart][:real], rows[~apart][:generated]
        return ReferenceSplit(reference, floor, reference, rows[~apart][:copies], rows[apart])
    real = count if real is None else real
    if count >= real + generated:
        reference, floor, floor_reference = rows[:real], rows[real : real + generated], rows[:real]
    else:
        half = count // 2
        reference = rows[:real]
        floor, floor_reference = rows[: min(half, generated)], rows[half : half + min(half, real)]
    compared = rows[apart] if len(held_out) else floor
    return ReferenceSplit(reference, floor, floor_reference, rows[~np.isin(rows, compared)][:copies], compared)


def features_of_rows(extractor, data, rows, *, cache_dir):
    """Computes `Features` of some samples of a dataset. Features of a slow extractor are cached.

    Args:
      extractor: An `Extractor`.
      data: The `DataSet`.
      rows: Rows of the samples, in rising order.
      cache_dir: Folder of the cache.
    """
    samples = data.samples if len(rows) == data.size else data.samples[rows]
    if not extractor.slow:
        return extractor.extract(samples)

    def extract():
        found = extractor.extract(samples)._asdict()
        return {name: array for name, array in found.items() if array is not None}

    recipe = {"images": hash_of(samples), **extractor.record}
    arrays = computed(f"{extractor.title}-{title_of(data.name)}", recipe, extract, cache_dir=cache_dir)
    return Features(arrays["features"], arrays.get("probabilities"))
