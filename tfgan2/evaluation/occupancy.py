"""Which modes or classes each generator of a mixture makes, and how many of its samples lie where they are to be."""

import math

import numpy as np

from tfgan2.metrics.specialization import specialization
from tfgan2.metrics.spread import standard_error

_LISTED = 20


def occupancy_of(model, seed, count):
    """Number of each generator or partition -> its rows among the samples of a seed, booleans [count].

    Those without a sample are left out: a partition without training data, or one of many in few samples. Empty where
    the model is no mixture: classes that are asked for need no measure of whose they are.

    Args:
      model: a `Game`.
      seed: of the samples.
      count: number of samples.
    """
    if model.choice not in ("generator", "partition"):
        return {}
    choices = model.choices(seed, count).numpy()
    made = (number for number in model.sampled_choices if np.any(choices == number))
    return {f"{model.choice}_{number}": choices == number for number in made}


def counts_of_each(labels, modes, rows_of):
    """Name of each generator -> its samples of each mode.

    Args:
      labels: mode of each sample, integers [n]; those of `modes` or above are of no mode.
      modes: how many modes there are.
      rows_of: name -> its rows among the samples, booleans [n].
    """
    labels = np.asarray(labels)
    return {name: np.bincount(labels[rows], minlength=modes)[:modes].tolist() for name, rows in rows_of.items()}


def occupancy_errors(labels, modes, rows_of):
    """The standard errors of `measured_occupancy`, by name; {} where nothing is measured. Arguments as above."""
    names = list(measured_occupancy(counts_of_each(labels, modes, rows_of)))
    if not names:
        return {}
    labels = np.asarray(labels)

    def of_rows(chosen):
        parts = {name: rows[chosen] for name, rows in rows_of.items()}
        found = measured_occupancy(counts_of_each(labels[chosen], modes, parts))
        return tuple(found[name] for name in names)

    return dict(zip(names, standard_error(of_rows, np.arange(len(labels))), strict=True))


def measured_occupancy(counts):
    """Values of the counts of each generator over the modes, name -> [modes].

    Returns:
      How many modes each has samples of, if they are not too many to list, and their `specialization`, by name; {} for
      fewer than two generators.
    """
    if len(counts) < 2:
        return {}
    hit = {f"modes_of_{name}": int(np.count_nonzero(row)) for name, row in counts.items()}
    hit = hit if len(counts) <= _LISTED else {}
    return hit | {"specialization": specialization(list(counts.values()))}


def acceptance_of(model, seed, count):
    """{"acceptance_rate": share of samples that lie in their own part as they are first drawn}; {} without parts."""
    if model.choice != "partition" or "partitioner" not in model.networks:
        return {}
    return {"acceptance_rate": model.acceptance_rate(seed, count)}


def acceptance_errors(rates, count):
    """The standard errors of `acceptance_of` of so many samples, by name."""
    return {name: math.sqrt(rate * (1 - rate) / count) for name, rate in rates.items()}
