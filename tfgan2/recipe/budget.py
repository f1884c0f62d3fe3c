"""Shares of a budget of time, and the numbers of steps that fit into them."""

from typing import NamedTuple

from tfgan2.methods.base.stage import MAIN
from tfgan2.recipe.rules import nice

DEFAULT = "1h"
_REPORTS = 0.06  # Share of the time of training for pictures, evaluations and checkpoints.
_FEWEST_STEPS = 20


class Estimate(NamedTuple):
    """How long a run takes.

    Attributes:
      steps: Name of a stage, or `MAIN` -> number of steps.
      seconds: The same names -> seconds for all of it.
    """

    steps: dict[str, int]
    seconds: dict[str, float]

    @property
    def total(self):
        """Seconds of the whole run."""
        return sum(self.seconds.values())


def estimate_of(steps, paces) -> Estimate:
    """Returns the `Estimate` for numbers of steps and measured `Pace`s."""
    names = [name for name in paces if steps.get(name)]
    seconds = {name: paces[name].start + steps[name] * paces[name].step * (1 + _REPORTS) for name in names}
    return Estimate({name: steps[name] for name in names}, seconds)


def time_for_steps(seconds, paces):
    """Returns the time of a budget that is left for steps, without compilation and reports."""
    return max(0.0, seconds - sum(pace.start for pace in paces.values())) / (1 + _REPORTS)


def steps_for(seconds, paces, shares, fixed) -> dict[str, int]:
    """Returns the numbers of steps that fill a budget.

    Args:
      seconds: The budget.
      paces: Name of a stage, or `MAIN` -> `Pace`.
      shares: Name of a stage -> its share of the budget. The rest is for the main training.
      fixed: Name -> number of steps that the user has set. The others share the time that these leave.
    """
    left = time_for_steps(seconds, paces) - sum(steps * paces[name].step for name, steps in fixed.items())
    weights = {name: shares.get(name, 0.0) for name in paces} | {MAIN: 1.0 - sum(shares.get(name, 0) for name in paces)}
    free = {name: weight for name, weight in weights.items() if name not in fixed}
    found = {
        name: max(_FEWEST_STEPS, nice(int(max(0.0, left) * weight / sum(free.values()) / paces[name].step)))
        for name, weight in free.items()
    }
    return fixed | found
