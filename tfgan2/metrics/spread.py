"""How much a score would vary if it were measured again."""

from collections.abc import Callable

import numpy as np

from tfgan2.errors import InputError
from tfgan2.metrics.inputs import matrix, real_array


def standard_error(score: Callable, *sets, repeats: int = 20, seed: int = 0):
    """Standard error of score(*sets) due to the choice of samples: its deviation over random halves.

    A mean over n/2 of n samples drawn without replacement varies by s^2 / (n/2) (1 - 1/2) = s^2 / n given the n, which
    is the variance of the mean over n. So the spread over halves needs no factor (half-sampling, McCarthy 1969; the
    jackknife that leaves out n/2, Shao and Wu 1989), for every score that is asymptotically normal. A bootstrap would
    draw samples twice, and copies are what scores by nearest neighbours see.

    What it is worth, measured on Gaussian samples: for distances of different distributions, and n well above the
    dimension, it was within 6 % of the truth; for scores by nearest neighbours 0 to 40 % above it. Near the floor,
    where both distributions are the same, distances vary by terms of second order, and it was 1.5 to 2.8 times too
    large there. So a difference of several errors is one, and a smaller one near the floor may be one, too.

    Where the expected score depends on n, as with Frechet distances, the halves' mean is another number than the score:
    report score(*sets) with this error. It does not cover the training of another generator: for that, repeat the run.

    Args:
      score: Takes as many arrays as there are sets and returns a number or a tuple of numbers.
      *sets: [n_i, ...], n_i at least 4; each is halved by itself, and an odd one loses a sample.
      repeats: Halves drawn, at least 2. The error's own relative error is 1 / sqrt(2 (repeats - 1)), 16 % for 20.
      seed: Of the choice of halves.

    Returns:
      A float, or a tuple of floats where the score returns a tuple.

    Raises:
      InputError: no set; a set with fewer than 4 samples; fewer than 2 repeats; a score that is not finite.
    """
    sets = [real_array("samples", array) for array in sets]
    counts = [array.shape[0] if array.ndim else 0 for array in sets]
    if min(counts, default=0) < 4:
        raise InputError(f"sets of {counts} samples; give at least one set, and 4 samples in each")
    if repeats < 2:
        raise InputError(f"repeats is {repeats!r}; a spread needs at least 2")
    random = np.random.default_rng(seed)
    scores = []
    for _ in range(repeats):
        # Sorted, so that a score which reads its samples in order sees the order they came in.
        halves = [np.sort(random.permutation(count)[: count // 2]) for count in counts]
        scores.append(score(*(array[half] for array, half in zip(sets, halves, strict=True))))
    values = matrix("scores", np.reshape(scores, (repeats, -1)))
    errors = tuple(values.std(axis=0, ddof=1).tolist())
    return errors if np.ndim(scores) > 1 else errors[0]
