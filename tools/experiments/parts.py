"""The part of the data that each sample of a run lies in."""

import numpy as np

_BLOCK = 500  # samples in one computation


def parts_of_data(run):
    """The part, int [n], of each sample of a run's data."""
    rows = np.arange(len(run.data.labels))
    blocks = (run.data.as_float(rows[at : at + _BLOCK]) for at in range(0, len(rows), _BLOCK))
    return np.concatenate([run.model.partition(run.scaling.to_network(block)).numpy() for block in blocks])
