"""Parts of data sets."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.kinds import DataSet


class Part(NamedTuple):
    """Some samples of a data set.

    Attributes:
      data: the data set.
      rows: int64 [m], which of its samples; None is all.
      neighbors: int32 [n, K], neighbours of each sample of the whole data set, as `nearest_neighbors` finds them, for
        batches of pairs; None is no pairs.
    """

    data: DataSet
    rows: np.ndarray | None = None
    neighbors: np.ndarray | None = None

    @property
    def size(self):
        """Number of its samples."""
        return self.data.size if self.rows is None else len(self.rows)

    @property
    def all_rows(self):
        """Its samples' numbers in the data set, integers [m], also where it is all of it."""
        return np.arange(self.size) if self.rows is None else self.rows

    def drawn(self, count, seed):
        """Samples float32 [count, ...] in data units, chosen by the seed; fewer if the part has fewer."""
        return self.data.as_float(np.random.default_rng(seed).permutation(self.all_rows)[:count])

    def taken(self, at_most=None):
        """The data set of these samples alone, with all its class names; of points also their modes alone.

        Args:
          at_most: where samples have to be copied, about this many are enough, spread evenly; None takes all.
        """
        return self.data if self.rows is None else self.data.taken(self.rows, at_most)
