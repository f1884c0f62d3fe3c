"""A game between data units: what its networks take and give is scaled."""

import tensorflow as tf


class DataUnits:
    """The functions of a game from and to samples in data units, for eager tensors and in graphs.

    All numbers in and out are float32. Which weights the game holds is left to the caller.

    Args:
      model: a `GenerativeGame`.
      scaling: the `Scaling` between data units and the networks' range.
    """

    def __init__(self, model, scaling):
        self._model = model
        self._scaling = scaling

    def generate(self, inputs):
        """Samples [n, ...] of latents [n, latent_dim], or of (latents, choices) where samples can be chosen."""
        return self._in_data_units(self._model.generate(inputs))

    def encode(self, samples):
        """Latents [n, latent_dim] of samples [n, ...].

        Raises:
          ValueError: the game has no encoder, or samples have another shape.
        """
        return tf.cast(self._model.encode(self._in_range(samples)), tf.float32)

    def reconstruct(self, samples):
        """Samples [n, ...] that the generator makes of the latents of samples; raises as `encode`."""
        return self._in_data_units(self._model.reconstruct(self._in_range(samples)))

    def interpolate(self, first, second, count):
        """Samples [n, count, ...] on straight lines between the latents of samples [n, ...]; raises as `encode`.

        Args:
          first, second: samples [n, ...]; their reconstructions are the ends of the rows.
          count: samples in a row, at least 2; an integer or a tensor.
        """
        ends = (self._in_range(samples) for samples in (first, second))
        return self._in_data_units(self._model.interpolate(*ends, count))

    def score(self, samples):
        """The discriminator's logits [n, 1] of samples [n, ...]."""
        return self._model.score(self._in_range(samples))

    def log_density_ratios(self, samples):
        """Name -> estimates [n, columns] of samples [n, ...]; see `GenerativeGame.log_density_ratios`."""
        return self._model.log_density_ratios(self._in_range(samples))

    def _in_range(self, samples):
        return tf.cast(self._scaling.to_network(samples), tf.float32)

    def _in_data_units(self, samples):
        return self._scaling.to_data(tf.cast(samples, tf.float32))
