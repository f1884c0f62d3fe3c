"""Occupancy of modes or classes by the generators of a mixture, and the acceptance rate of partitions."""

import math

import numpy as np

from tfgan2.metrics.specialization import specialization
from tfgan2.metrics.spread import standard_error

_LISTED = 20


def occupancy_of(model, seed, count):
    """Returns name of each generator or partition -> its rows among the samples of a seed, booleans [count].

    A generator or partition without a sample is left out. The result is empty if the model is not a mixture.

    Args:
      model: A `Game`.
      seed: Seed of the samples.
      count: Number of samples.
    """
    if model.choice not in ("generator", "partition"):
        return {}
    choices = model.choices(seed, count).numpy()
    made = (number for number in model.sampled_choices if np.any(choices == number))
    return {f"{model.choice}_{number}": choices == number for number in made}


def counts_of_each(labels, modes, rows_of):
    """Returns name of each generator -> number of its samples at each mode.

    Args:
      labels: Integers [n], the mode of each sample. A label of `modes` or above is no mode.
      modes: Number of modes.
      rows_of: Name -> rows of the generator among the samples, booleans [n].
    """
    labels = np.asarray(labels)
    return {name: np.bincount(labels[rows], minlength=modes)[:modes].tolist() for name, rows in rows_of.items()}


def occupancy_errors(labels, modes, rows_of):
    """Returns name -> standard error for `measured_occupancy`. For the arguments see `counts_of_each`."""
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
    """Computes values from the counts of each generator, name -> [modes].

    Returns:
      Name -> value: the number of modes of each generator, if there are at most 20 generators, and `specialization`. It
      is empty for fewer than two generators.
    """
    if len(counts) < 2:
        return {}
    hit = {f"modes_of_{name}": int(np.count_nonzero(row)) for name, row in counts.items()}
    hit = hit if len(counts) <= _LISTED else {}
    return hit | {"specialization": specialization(list(counts.values()))}


def acceptance_of(model, seed, count):
    """Returns {"acceptance_rate": share of samples in their own part at the first draw}, or {} without parts."""
    if model.choice != "partition" or "partitioner" not in model.networks:
        return {}
    return {"acceptance_rate": model.acceptance_rate(seed, count)}


def acceptance_errors(rates, count):
    """Returns name -> standard error for `acceptance_of` with `count` samples."""
    return {name: math.sqrt(rate * (1 - rate) / count) for name, rate in rates.items()}
