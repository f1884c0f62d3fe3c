"""Samples, latents and reconstructions of a trained game, in data units and block by block."""

import contextlib
import warnings

import numpy as np
import tensorflow as tf

from tfgan2.errors import ArgumentError, SettingWarning
from tfgan2.evaluation.data_units import DataUnits


class Sampler:
    """Samples, latents and reconstructions of a game in data units, as NumPy arrays.

    Blocks of `kind.block_size` samples pass through the networks together, whatever the number of samples.

    Args:
      model: a `GenerativeGame`.
      scaling: the `Scaling` between data units and the networks' range.
      kind: the `Kind` of the samples.
      averaged: use the averaged weights, where the game keeps them.

    Attributes:
      units: the game's functions in data units, `DataUnits`; they take the weights that the game holds.
    """

    def __init__(self, model, scaling, kind, *, averaged=True):
        self.units = DataUnits(model, scaling)
        self._model = model
        self._kind = kind
        self._averaged = averaged
        self._graphs = {}

    def sample(self, count, *, seed=0, choice=()):
        """Samples float32 [count, ...]; row i depends on (seed, i) and its choice only.

        Args:
          count: number of samples, at least 1.
          seed: of the latents, an integer >= 0.
          choice: numbers of the classes, generators or partitions that the samples take in turn, or one of all; of none
            each sample's is drawn.

        Raises:
          ValueError: there is no such choice.
        """
        whole = -(-count // self._kind.block_size) * self._kind.block_size
        with self._weights():
            return self._in_blocks(self._graph(), self._model.latents(seed, whole, choice))[:count]

    def encode(self, samples):
        """Latents float32 [n, latent_dim] of samples.

        Args:
          samples: [n, ...] in data units, which for images are [0, 1]; images also as uint8.

        Raises:
          ValueError: the game has no encoder, or samples have another shape, are images out of range or no finite
            numbers.
        """
        samples = self._checked(samples)
        with self._weights():
            return self._in_blocks(self.units.encode, samples)

    def decode(self, latents):
        """Samples float32 [n, ...] that the generator makes of latents.

        Args:
          latents: finite numbers [n, latent_dim], such as an encoder gives. A `SettingWarning` says how many of them
            the prior cannot draw.

        Raises:
          ValueError: the latents have another shape or are not finite, or the samples are chosen.
        """
        model = self._model
        if model.choice:
            raise ValueError(f"samples of {type(model).__name__} have a {model.choice} beside latents.")
        model.check_latents(latents)
        if note := model.outside_the_prior(latents):
            warnings.warn(note, SettingWarning, stacklevel=3)
        with self._weights():
            return self._in_blocks(self.units.generate, latents.astype(np.float32))

    def reconstruct(self, samples):
        """Samples float32 [n, ...] that the generator makes of the latents of samples; see `encode`.

        These latents may lie outside of the prior's range.
        """
        samples = self._checked(samples)
        with self._weights():
            return self._in_blocks(self.units.reconstruct, samples)

    def interpolate(self, first, second, count):
        """Samples float32 [n, count, ...] on straight lines between the latents of samples; see `encode`.

        Args:
          first, second: samples [n, ...]; their reconstructions are the ends of the rows.
          count: samples in a row, at least 2.

        Raises:
          ValueError: as `encode`, or `first` and `second` differ in number, or a row has fewer than two samples.
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
        """A function from stored samples to their reconstructions, stored, too; None where there is no encoder."""
        if "encoder" not in self._model.networks:
            return None
        return lambda samples: self._kind.as_stored(self.reconstruct(samples))

    def _graph(self):
        """The generator as a graph, as in an export. Eager operations round differently."""
        phase = self._model.phase  # what a game generates may depend on its phase
        if phase not in self._graphs:
            self._graphs[phase] = tf.function(self.units.generate, autograph=False)
        return self._graphs[phase]

    def _checked(self, samples):
        samples = np.asarray(samples)
        if fault := self._kind.fault(samples):
            raise ValueError(fault)
        return self._kind.as_float(samples)

    def _in_blocks(self, function, inputs):
        """What a function makes of inputs, an array or several of one length, in blocks: an array."""
        count, size = len(tf.nest.flatten(inputs)[0]), self._kind.block_size

        def block(first):
            return tf.nest.map_structure(lambda rows: rows[first : first + size], inputs)

        return np.concatenate([np.asarray(function(block(first))) for first in range(0, count, size)])

    def _weights(self):
        return self._model.averaged() if self._averaged else contextlib.nullcontext()


def names_of_choices(model, class_names, *, count, seed, choice=()):
    """What each of the samples of `Sampler.sample` is of, such as its class; empty where nothing can be chosen.

    Args:
      model: a `GenerativeGame`.
      class_names: names of the data's classes, by label.
      count, seed, choice: as for `Sampler.sample`.
    """
    if not model.choice:
        return ()
    _, numbers = model.latents(seed, count, choice)
    if model.choice == "label" and class_names:
        return tuple(class_names[number] for number in np.asarray(numbers))
    return tuple(f"{model.choice} {number}" for number in np.asarray(numbers))
