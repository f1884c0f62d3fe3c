"""What a game may need before it trains: earlier stages, their result, and arrays of the samples."""

from typing import NamedTuple

import numpy as np


class Grouping(NamedTuple):
    """A division of samples into numbered groups.

    Attributes:
      numbers: the group of each sample, integers [n].
      count: how many groups there may be.
    """

    numbers: np.ndarray
    count: int


class Prepared:
    """The part of `Game` that is played before the first step. By default it needs nothing."""

    stages = ()
    """Every `Stage` that may come before the method's own training."""

    takes_backbone = False
    """Whether `make_networks` takes one more argument, `backbone`, the family that --backbone names."""

    array_keys = ()
    """Names of the arrays that `arrays_of` returns."""

    @classmethod
    def stages_of(cls, arguments):
        """The stages that come before the method's own training, in order.

        Args:
          arguments: of the constructor.
        """
        return cls.stages

    def check_samples(self, samples):
        """Checks arguments of the constructor against the data, before anything is trained.

        Args:
          samples: the `NetworkSamples` of the first of `batch_keys`.

        Raises:
          ArgumentError: an argument does not fit the samples.
        """

    def learn_from(self, game, samples):
        """Takes over what was learned before the first step.

        Args:
          game: the trained game of the last stage; the game itself if it starts from the weights of another run; None
            if no stage came before.
          samples: the `NetworkSamples` of the first of `batch_keys`.

        Returns:
          A `Grouping` of the samples to report, or None.
        """
        return None

    def arrays_of(self, samples):
        """What training must know of each sample, computed anew at the beginning of each phase of `schedule`.

        They may depend on the weights. They are kept in the run's folder, so that a run that continues within a phase
        uses the same arrays.

        Args:
          samples: the `NetworkSamples` of the first of `batch_keys`.

        Returns:
          Arrays with the `array_keys`, which `with_arrays` takes.
        """
        return {}
