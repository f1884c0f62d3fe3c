"""The rows of a dataset that a protocol may use."""

import numpy as np

from tfgan2.data.held_out import FEWEST
from tfgan2.errors import InputError

_ENOUGH = 100  # Held-out samples that take the place of half of all samples.


def wanted_rows(data, negative_classes):
    """Returns the rows of the samples that are in no negative class.

    Args:
      data: A `DataSet`.
      negative_classes: Labels of images that the generator avoids.

    Raises:
      InputError: The images have no labels, or a negative class is unknown, or all classes are negative.
    """
    rows = np.arange(data.size)
    if not negative_classes:
        return rows
    flag = f"--negative_classes={','.join(map(str, negative_classes))}"
    if data.labels is None:
        raise InputError(f"{flag} are labels, and {data.name} has none; leave it out.")
    present = np.unique(data.labels).tolist()
    if not set(negative_classes) < set(present):
        raise InputError(f"{flag}: give some, not all, of the labels of {data.name}: {', '.join(map(str, present))}.")
    return rows[~np.isin(data.labels, negative_classes)]


def held_out_places(data, rows):
    """Returns the places among rows of samples that were held out from training. Empty for fewer than ten."""
    if data.held_out is None:
        return rows[:0]
    places = np.flatnonzero(np.isin(rows, data.held_out))
    return places if len(places) >= FEWEST else places[:0]


def compared_count(data, rows):
    """Returns the number of real samples for a comparison: the held-out ones if there are 100, else half of all.

    Args:
      data: A `DataSet`.
      rows: Rows of the samples to choose from.
    """
    held_out = len(held_out_places(data, rows))
    return min(held_out if held_out >= _ENOUGH else len(rows), len(rows) // 2)
