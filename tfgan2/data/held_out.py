"""Samples that are kept apart from training, so that a run can be measured by data that it has not seen."""

import numpy as np

from tfgan2.errors import ArgumentError

FEWEST = 10
"""Smallest number of samples that are held out."""

_STREAM = 0x4E1D  # Other random numbers than those of the selection, so that a share of 0 changes none.


def with_held_out(data, share, seed):
    """Returns a dataset whose `held_out` has the rows that training must not see.

    The number of rows is the share of all samples, at least 10. Each class has this share of its own, to within one
    sample, and keeps a sample for training. The choice depends on the seed, the share and the labels only.

    Args:
      data: A `DataSet`.
      share: Share of the samples, in [0, 0.5]. 0 returns the dataset itself.
      seed: Seed of the choice.

    Raises:
      ArgumentError: There are fewer than 20 samples, or too many classes have a single sample.
    """
    if not share or not data.size:
        return data
    groups, sizes = _groups(data, share, seed)
    if not sizes:
        accepted = f"0 for {data.name}: {FEWEST} of its {data.size:,} samples cannot be held out"
        advice = f"Take {2 * FEWEST} samples or more, and several of a class."
        raise ArgumentError("held_out", share, accepted, advice)
    rows = np.concatenate([group[:size] for group, size in zip(groups, sizes, strict=True)])
    return data._replace(held_out=np.sort(rows))


def can_hold_out(data, share):
    """Returns whether `with_held_out` can take this share of a dataset."""
    return bool(_groups(data, share, 0)[1])


def _groups(data, share, seed):
    """The rows of each class in random order, and how many of them are held out. No numbers if it is impossible."""
    count = max(FEWEST, round(share * data.size))
    order = np.random.default_rng([seed, _STREAM]).permutation(data.size)
    groups = [order] if data.labels is None else _by_class(order, data.labels)
    sizes = _sizes([len(group) for group in groups], count)
    return groups, [] if 2 * count > data.size or sum(sizes) < FEWEST else sizes


def _by_class(order, labels):
    """The rows of each class that has some, in the given order."""
    order = order[np.argsort(labels[order], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def _sizes(sizes, count):
    """Shares of `count` in proportion to sizes, by the largest remainders. No share is a whole size."""
    quotas = np.array(sizes) * count / sum(sizes)
    shares = np.minimum(np.floor(quotas).astype(int), np.array(sizes) - 1)
    by_remainder = np.argsort(shares - quotas, kind="stable")
    for place in [place for place in by_remainder if shares[place] < sizes[place] - 1][: count - shares.sum()]:
        shares[place] += 1
    return shares.tolist()
