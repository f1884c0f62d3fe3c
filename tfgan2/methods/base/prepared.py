"""Preparation of a game: earlier stages, their results, and arrays with one entry per sample."""

from typing import NamedTuple

import numpy as np


class Grouping(NamedTuple):
    """A division of samples into numbered groups.

    Attributes:
      numbers: Integers [n], the group of each sample.
      count: Number of groups, including empty ones.
    """

    numbers: np.ndarray
    count: int


class Prepared:
    """The part of `Game` that prepares its training. By default nothing is prepared."""

    stages = ()
    """All `Stage`s that the method may have."""

    takes_backbone = False
    """Whether `make_networks` has another argument `backbone`, the family of --backbone."""

    array_keys = ()
    """Names of the arrays of `arrays_of`."""

    @classmethod
    def stages_of(cls, arguments):
        """Returns the stages before the main training, in order.

        Args:
          arguments: Arguments of the constructor.
        """
        return cls.stages

    def check_samples(self, samples):
        """Checks whether arguments of the constructor fit the data, before anything is trained.

        Args:
          samples: The `NetworkSamples` of the first of `batch_keys`.

        Raises:
          ArgumentError: An argument does not fit the samples.
        """

    def learn_from(self, game, samples):
        """Takes over the result of the stages.

        Args:
          game: The trained game of the last stage, or None without stages. It is this game itself if it starts from the
            weights of another run.
          samples: The `NetworkSamples` of the first of `batch_keys`.

        Returns:
          A `Grouping` of the samples to report, or None.
        """
        return None

    def arrays_of(self, samples):
        """Returns arrays with one entry per sample.

        They are computed again at the start of each phase of `schedule`, and may depend on the weights. They are kept
        in the folder of the run, so that a run that continues within a phase uses the same arrays.

        Args:
          samples: The `NetworkSamples` of the first of `batch_keys`.

        Returns:
          Name -> array for the `array_keys`. See `with_arrays`.
        """
        return {}

    def take_arrays(self, arrays):
        """Keeps what later calls need of the arrays of a phase. What it changes must depend on the arrays alone.

        It is called before the first step of a phase, and where a run continues within a phase or at its end.

        Args:
          arrays: The result of `arrays_of`.
        """
