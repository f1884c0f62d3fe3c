"""Standard errors of scores due to the random choice of samples."""

import numpy as np

from tfgan2.evaluation.scores import SCORES
from tfgan2.metrics.spread import standard_error


def values_with_errors(score, comparison):
    """Returns name -> (value, standard error) for a key of `SCORES`."""
    values, errors = SCORES[score].values, SCORES[score].errors
    found = values(comparison)
    plain = [name for name, value in found.items() if not isinstance(value, tuple)]
    if not plain:
        return found
    known = errors(comparison) if errors else _errors_by_halves(values, comparison, plain)
    return found | {name: (found[name], known[name]) for name in plain}


def _errors_by_halves(values, comparison, names):
    sets = [comparison.fake.samples, comparison.real.samples]
    sets += [] if comparison.held_out_distances is None else [comparison.held_out_distances]

    def of_rows(*rows):
        found = values(comparison.of_rows(*rows))
        return tuple(found[name] for name in names)

    return dict(zip(names, standard_error(of_rows, *(np.arange(len(rows)) for rows in sets)), strict=True))
