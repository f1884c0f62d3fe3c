"""Samples, latents and reconstructions of a trained game in data units, computed in blocks."""

import contextlib
import warnings

import numpy as np
import tensorflow as tf

from tfgan2.errors import ArgumentError, InputError, NonFiniteError, SettingWarning
from tfgan2.evaluation.data_units import DataUnits


class Sampler:
    """Samples, latents and reconstructions of a game in data units, as NumPy arrays.

    Blocks of `kind.block_size` samples pass through the networks together. Each method raises a NonFiniteError if a
    result is not finite.

    Args:
      model: A `GenerativeGame`.
      scaling: The `Scaling` between data units and the range of the networks.
      kind: The `Kind` of the samples.
      averaged: Whether to use the averaged weights, if the game has them.

    Attributes:
      units: The game's functions in data units, `DataUnits`, with the present weights of the game.
    """

    def __init__(self, model, scaling, kind, *, averaged=True):
        self.units = DataUnits(model, scaling)
        self._model = model
        self._kind = kind
        self._averaged = averaged
        self._graphs = {}

    def sample(self, count, *, seed=0, choice=()):
        """Generates samples, float32 [count, ...]. Row i depends on (seed, i) and its choice only.

        Args:
          count: Number of samples, at least 1.
          seed: Seed of the latents, an integer >= 0.
          choice: Numbers of classes, generators or partitions, which the samples take in turn. A single number is for
            all samples. If empty, the choice of each sample is random.

        Raises:
          ArgumentError: `count` or `seed` is out of range, or there is no such choice.
        """
        for name, value, least in (("count", count, 1), ("seed", seed, 0)):
            if not isinstance(value, int | np.integer) or value < least:
                raise ArgumentError(name, value, f"a whole number, at least {least}")
        whole = -(-count // self._kind.block_size) * self._kind.block_size
        with self._weights():
            return self._in_blocks(self._graph(), self._model.latents(seed, whole, choice))[:count]

    def encode(self, samples):
        """Encodes samples to latents, float32 [n, latent_dim].

        Args:
          samples: [n, ...] in data units. Images are in [0, 1] or uint8.

        Raises:
          ValueError: The game has no encoder, or samples have another shape, are out of range, or are not finite.
        """
        samples = self._checked(samples)
        with self._weights():
            return self._in_blocks(self.units.encode, samples)

    def decode(self, latents):
        """Generates samples from latents, float32 [n, ...].

        Args:
          latents: Finite numbers [n, latent_dim], such as the latents of an encoder. A `SettingWarning` reports the
            number of latents that the prior cannot draw.

        Raises:
          ValueError: The latents have another shape or are not finite, or the game also needs choices.
        """
        model = self._model
        if model.choice:
            raise ValueError(f"samples of {type(model).__name__} have a {model.choice} beside latents.")
        latents = _numbers("latents", latents)
        model.check_latents(latents)
        if note := model.outside_the_prior(latents):
            warnings.warn(note, SettingWarning, stacklevel=3)
        with self._weights():
            return self._in_blocks(self.units.generate, latents.astype(np.float32))

    def reconstruct(self, samples):
        """Encodes and decodes samples, float32 [n, ...]. See `encode`.

        The latents may lie outside the range of the prior.
        """
        samples = self._checked(samples)
        with self._weights():
            return self._in_blocks(self.units.reconstruct, samples)

    def interpolate(self, first, second, count):
        """Generates samples on straight lines between the latents of samples, float32 [n, count, ...]. See `encode`.

        Args:
          first, second: Samples [n, ...]. Their reconstructions are the ends of the rows.
          count: Samples in a row, at least 2.

        Raises:
          ValueError: As for `encode`, or `first` and `second` differ in number, or `count` is below 2.
        """
        if len(first) != len(second):
            raise ValueError(
                f"first has {len(first)} samples and second has {len(second)}; they must have the same number."
            )
        if count < 2:
            raise ArgumentError("count", count, "at least 2, the two ends of a row")
        ends = self._checked(first), self._checked(second)
        with self._weights():
            return self._in_blocks(lambda pair: self.units.interpolate(*pair, count), ends)

    @property
    def reconstruct_stored(self):
        """A function from stored samples to stored reconstructions, or None without an encoder."""
        if "encoder" not in self._model.networks:
            return None
        return lambda samples: self._kind.as_stored(self.reconstruct(samples))

    def _graph(self):
        """The generator as a graph, as in an export. Eager operations round differently."""
        phase = self._model.phase  # The generated samples may depend on the phase of the game.
        if phase not in self._graphs:
            self._graphs[phase] = tf.function(self.units.generate, autograph=False)
        return self._graphs[phase]

    def _checked(self, samples):
        samples = _numbers("samples", samples)
        if fault := self._kind.fault(samples):
            raise ValueError(fault)
        return self._kind.as_float(samples)

    def _in_blocks(self, function, inputs):
        """Applies a function to one or several arrays of equal length in blocks, and joins the results."""
        count, size = len(tf.nest.flatten(inputs)[0]), self._kind.block_size

        def block(first):
            return tf.nest.map_structure(lambda rows: rows[first : first + size], inputs)

        results = np.concatenate([np.asarray(function(block(first))) for first in range(0, count, size)])
        if not np.isfinite(results).all():
            raise NonFiniteError(f"what the networks compute is not finite after step {self._model.global_step - 1}.")
        return results

    def _weights(self):
        return self._model.averaged() if self._averaged else contextlib.nullcontext()


def _numbers(name, values):
    values = np.asarray(values)
    if values.dtype.kind not in "biuf" or not values.ndim or not values.size:
        found = f"{values.dtype} of shape {list(values.shape)}"
        raise InputError(f"{name} are {found}; they must be an array of numbers with at least one row.")
    return values


def names_of_choices(model, class_names, *, count, seed, choice=()):
    """Returns the names of the choices of `Sampler.sample`, such as the class of each sample. Empty without choices.

    Args:
      model: A `GenerativeGame`.
      class_names: Class names by label.
      count, seed, choice: See `Sampler.sample`.
    """
    if not model.choice:
        return ()
    _, numbers = model.latents(seed, count, choice)
    if model.choice == "label" and class_names:
        return tuple(class_names[number] for number in np.asarray(numbers))
    return tuple(f"{model.choice} {number}" for number in np.asarray(numbers))
