"""The common interface of the two kinds of data, points and images."""

import abc
from typing import ClassVar

import numpy as np

from tfgan2.data.scaling import Scaling, scaling_for
from tfgan2.errors import InputError

_IMAGE_SCALINGS = {"unit": Scaling(0.0, 1.0), "symmetric": Scaling(0.5, 0.5), "raw": Scaling(0.0, 1.0)}


class Kind(abc.ABC):
    """Storage, scaling and description of samples of one kind.

    Attributes:
      name: "points" or "images".
      units: The values of samples in files, in words.
      block_size: Number of samples that pass through a network together outside training.
      marks_unwanted: Whether measurements keep unwanted samples. A classifier of images must know all classes, so
        unwanted images stay. Unwanted points are left out.
    """

    name: str
    units: str
    block_size: int
    marks_unwanted: bool

    @abc.abstractmethod
    def as_float(self, samples):
        """Converts stored samples, or samples of a user, to float32 [n, ...] in data units."""

    @abc.abstractmethod
    def as_stored(self, samples):
        """Converts samples in data units to stored samples."""

    @abc.abstractmethod
    def scaling(self, samples, output_range):
        """Returns the `Scaling` from data units to the output range of a network.

        Args:
          samples: The stored samples of a dataset.
          output_range: "unit" for [0, 1], "symmetric" for [-1, 1], or "raw" for data units.

        Raises:
          InputError: The range is unknown, or the samples cannot be scaled.
        """

    @abc.abstractmethod
    def fault(self, samples):
        """Returns a sentence about the fault of an array as samples of this kind, or None for a valid array."""

    @abc.abstractmethod
    def size_text(self, count, shape):
        """Describes the number and size of samples in words."""


class Points(Kind):
    """Points [n, d], stored as float32 in data units."""

    name = "points"
    units = "in data units"
    block_size = 1024
    marks_unwanted = False

    def as_float(self, samples):
        return np.asarray(samples, np.float32)

    def as_stored(self, samples):
        return samples

    def scaling(self, samples, output_range):
        return scaling_for(samples, output_range)

    def fault(self, samples):
        return None if np.isfinite(samples).all() else "samples are not all finite numbers; leave out what is not."

    def size_text(self, count, shape):
        return f"{count:,} points of {shape[0]} dimension{'s' * (shape[0] > 1)}"


class Images(Kind):
    """Images [n, height, width, channels], stored as uint8. A value v is v / 255 in data units."""

    name = "images"
    units = "uint8 or in [0, 1]"
    block_size = 64
    marks_unwanted = True

    def as_float(self, samples):
        samples = np.asarray(samples)
        is_stored = samples.dtype == np.uint8
        return samples.astype(np.float32) / np.float32(255) if is_stored else samples.astype(np.float32)

    def as_stored(self, samples):
        """Rounds to the nearest of 256 grey levels, after clipping to [0, 1]. Stored images are unchanged.

        Args:
          samples: Images in data units, or stored images, uint8.
        """
        samples = np.asarray(samples)
        is_stored = samples.dtype == np.uint8
        return samples if is_stored else np.rint(np.clip(samples, 0.0, 1.0) * 255.0).astype(np.uint8)

    def scaling(self, samples, output_range):
        if output_range not in _IMAGE_SCALINGS:
            raise InputError(f"unknown output range {output_range!r}; choose one of {', '.join(_IMAGE_SCALINGS)}")
        return _IMAGE_SCALINGS[output_range]

    def fault(self, samples):
        if samples.dtype == np.uint8 or (samples.dtype.kind == "f" and np.all((samples >= 0) & (samples <= 1))):
            return None
        found = f"{samples.dtype} from {samples.min():g} to {samples.max():g}"
        return f"images are {found}; give them as uint8, or as floating point numbers in [0, 1]."

    def size_text(self, count, shape):
        height, width, channels = shape
        number = f"{count:,} images" if count else "not here; images"
        return f"{number} of {height} x {width} pixels and {channels} channel{'s' * (channels > 1)}"


POINTS, IMAGES = Points(), Images()

KINDS = {kind.name: kind for kind in (POINTS, IMAGES)}
"""Name -> kind."""


class DataSet:
    """The interface of a `PointSet` and an `ImageSet`.

    Both are named tuples with at least `name`, `samples`, `labels`, `class_names` and `label_fault`.
    """

    __slots__ = ()

    kind: ClassVar[Kind]

    digest = ""
    """SHA-256 of samples and labels, hexadecimal, if it is known without reading them. Empty otherwise."""

    held_out = None
    """Rows of the samples that training does not see, integers [h] in rising order. None if there are none."""

    transparency = ""
    """Sentences about the images with transparent pixels. Empty without any."""

    modes_are_known = False
    """Whether the samples are from a mixture with known means and standard deviation."""

    @property
    def size(self):
        """Number of samples."""
        return len(self.samples)

    @property
    def shape(self):
        """Shape of a sample, a tuple."""
        return self.samples.shape[1:]

    def as_float(self, rows):
        """Samples of the given rows, float32 [len(rows), ...] in data units. Images are in [0, 1]."""
        return self.kind.as_float(self.samples[rows])

    def as_stored(self, samples):
        """Converts samples in data units, or stored samples, to samples as the dataset stores them."""
        return self.kind.as_stored(samples)

    def scaling(self, output_range):
        """Returns the `Scaling` from data units to the output range of a network. See `Kind.scaling`."""
        try:
            return self.kind.scaling(self.samples, output_range)
        except InputError as error:
            raise InputError(f"{self.name}: {error}") from error

    def taken(self, rows, at_most=None):
        """Returns the dataset of some samples, with all class names.

        Args:
          rows: Integers [m], the indices of the samples.
          at_most: Take about this number of evenly spaced samples. None takes all.
        """
        rows = rows[:: 1 if at_most is None else max(1, len(rows) // at_most)]
        return self._replace(
            samples=self.samples[rows],
            labels=None if self.labels is None else self.labels[rows],
            held_out=None if self.held_out is None else np.flatnonzero(np.isin(rows, self.held_out)),
        )
