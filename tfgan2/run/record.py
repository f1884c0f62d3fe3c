"""The record of a run: its flags, data and method."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.facts import Facts
from tfgan2.data.kinds import DataSet
from tfgan2.data.parts import Part
from tfgan2.flags.settings import Settings
from tfgan2.methods.base.generative_game import GenerativeGame


class Run(NamedTuple):
    """Everything that the flags describe.

    Attributes:
      settings: the flags.
      facts: what is kept of the data.
      data: the points, in data units, or the images, whose data units are [0, 1].
      model: the method with its networks, compiled.
      parts: what its batches are drawn from, key -> `Part`.
      wanted: the part of the data whose distribution is to be learnt.
    """

    settings: Settings
    facts: Facts
    data: DataSet
    model: GenerativeGame
    parts: dict[str, Part]
    wanted: Part

    @property
    def unwanted_classes(self):
        """The classes of images that the generator is to leave out."""
        return unwanted_classes(self.data, self.wanted)

    @property
    def scaling(self):
        """The `Scaling` between data units and the networks' range."""
        return self.facts.scaling


def unwanted_classes(data, wanted):
    """The classes of images of which none is wanted, a tuple of labels; none of points or of data without labels.

    Args:
      data: a `DataSet`.
      wanted: the `Part` of it that is to be learnt.
    """
    if not data.kind.marks_unwanted or data.labels is None or wanted.rows is None:
        return ()
    return tuple(np.setdiff1d(data.labels, data.labels[wanted.rows]).tolist())
