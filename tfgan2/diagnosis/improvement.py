"""Whether a run still improves, by a trend test that knows the noise of the evaluations.

The noise is estimated from the scatter of the evaluations around their own straight line. A run improves if the gain
along this line is significant for one score. It is flat since a step if, for every score, the gain since then is too
small to matter, with 95 % confidence. With few or noisy evaluations neither holds. Where nothing has improved yet,
training may still have to begin, so a flat stretch must be twice as long.
"""

import functools
import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from tfgan2.diagnosis.finding import Finding

_FEWEST = 10  # Evaluations that a flat stretch needs,
_FEWEST_STEPS = 1000  # and its steps.
_LEAST_SHARE = 0.25  # Share of the steps that a flat stretch needs.
_CONFIDENCE = 0.95
_SMALL_GAIN = 0.05  # A gain that does not matter, as a share of the whole gain of the run,
_SMALL_NOISE = 2.0  # or in standard deviations of one evaluation.
_SMALL_CHANGE = 1e-3  # or as a share of the largest value.
_STARTS = 24


class Gain(NamedTuple):
    """The gain of a score along the straight line through its values.

    Attributes:
      lower, upper: One-sided 95 % confidence bounds of the gain. It is positive if the score falls.
      noise: Standard deviation of one value around the line.
    """

    lower: float
    upper: float
    noise: float


def gain(steps, values):
    """Returns the `Gain` of a score of which less is better.

    Args:
      steps: Increasing numbers [n], n at least 3.
      values: [n].
    """
    places = (steps - np.mean(steps)) / (steps[-1] - steps[0])
    slope = np.sum(places * values) / np.sum(places**2)
    noise = math.sqrt(np.sum((values - np.mean(values) - slope * places) ** 2) / (len(steps) - 2))
    margin = _quantile(len(steps) - 2) * noise / math.sqrt(np.sum(places**2))
    return Gain(-slope - margin, -slope + margin, noise)


@functools.cache
def _quantile(degrees):
    return float(stats.t.ppf(_CONFIDENCE, degrees))


def flat_since(series):
    """Returns the earliest step since which no score has improved, or None.

    Args:
      series: Name -> (steps [n], shortfalls [n]). Less is better.
    """
    if not series:
        return None
    steps = max((steps for steps, _ in series.values()), key=len)
    factor = 1 if any(_has_gained(values) for _, values in series.values()) else 2
    last = steps[-1] - max(_LEAST_SHARE * (steps[-1] - steps[0]), factor * _FEWEST_STEPS)
    starts = [start for start in range(len(steps) - factor * _FEWEST + 1) if steps[start] <= last]
    for start in starts[:: max(1, len(starts) // _STARTS)]:
        if all(_is_flat(*one, steps[start]) for one in series.values()):
            return int(steps[start])
    return None


def _has_gained(values):
    """Whether the last values are better than the first by more than their scatter, as far as it can be told."""
    first, rest = values[:3], values[-_FEWEST:]
    return np.mean(first) - np.mean(rest) > _SMALL_NOISE * max(np.std(rest), _SMALL_CHANGE * np.max(np.abs(values)))


def _is_flat(steps, values, begin):
    late = steps >= begin
    if late.sum() < _FEWEST:
        return False
    found = gain(steps[late], values[late])
    whole = np.mean(values[:3]) - np.mean(np.sort(values)[:3])
    small = max(_SMALL_GAIN * whole, _SMALL_NOISE * found.noise, _SMALL_CHANGE * np.max(np.abs(values)))
    return found.upper <= small


def improved(series):
    """Returns the names of the scores that improved significantly in the second half of at least twelve evaluations.

    Args:
      series: Name -> (steps [n], shortfalls [n]).
    """
    halves = {
        name: (steps[len(steps) // 2 :], values[len(steps) // 2 :])
        for name, (steps, values) in series.items()
        if len(steps) >= 12
    }
    return [name for name, half in halves.items() if gain(*half).lower > _SMALL_CHANGE * np.max(np.abs(half[1]))]


def shortfalls(history):
    """Name -> the series of an evaluated score, as distances from its ideal value. Less is better."""
    series = {}
    for name, best in history.best.items():
        steps, values = history.of(f"coverage/{name}")
        if len(steps):
            series[name] = steps, np.abs(values - best) if math.isfinite(best) else -math.copysign(1, best) * values
    return series


def improving(history):
    """A score still improves, by more than its noise, in the second half of at least twelve evaluations."""
    names = improved(shortfalls(history))
    if not names:
        return None
    return Finding(
        "improving",
        f"still improving at step {history.step:,}: {', '.join(names)} improved by more than the noise.",
        "More --train_steps may help.",
        level="note",
    )


def not_improving(history):
    """No score improves any more.

    This needs at least ten evaluations, over a quarter of the steps and 1,000 steps, in which no score gains more than
    its noise. It needs twice as many where nothing has improved yet.
    """
    series = shortfalls(history)
    since = flat_since(series)
    if since is None or improved(series):
        return None
    count = max(int(np.sum(steps >= since)) for steps, _ in series.values())
    return Finding(
        "not_improving",
        f"flat since step {since:,}: in {count} evaluations no score has improved by more than its noise.",
        "More steps will hardly help. --stop_when=flat ends the run here. A new run with --optimizer.schedule=cosine, "
        "a lower learning rate or larger networks may come further.",
        level="note",
    )
