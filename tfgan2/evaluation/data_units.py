"""The functions of a game with inputs and outputs in data units."""

import tensorflow as tf


class DataUnits:
    """Scales the inputs and outputs of a game's networks to data units, for eager tensors and in graphs.

    All inputs and outputs are float32. The functions use the present weights of the game, raw or averaged.

    Args:
      model: A `GenerativeGame`.
      scaling: The `Scaling` between data units and the range of the networks.
    """

    def __init__(self, model, scaling):
        self._model = model
        self._scaling = scaling

    def generate(self, inputs):
        """Generates samples [n, ...] from latents [n, latent_dim], or from (latents, choices) if choices exist."""
        return self._in_data_units(self._model.generate(inputs))

    def encode(self, samples):
        """Encodes samples [n, ...] to latents [n, latent_dim].

        Raises:
          ValueError: The game has no encoder, or samples have another shape.
        """
        return tf.cast(self._model.encode(self._in_range(samples)), tf.float32)

    def reconstruct(self, samples):
        """Encodes and decodes samples [n, ...]. For errors see `encode`."""
        return self._in_data_units(self._model.reconstruct(self._in_range(samples)))

    def interpolate(self, first, second, count):
        """Generates samples [n, count, ...] on straight lines between latents of samples. For errors see `encode`.

        Args:
          first, second: Samples [n, ...]. Their reconstructions are the ends of the rows.
          count: Samples in a row, at least 2, an integer or a tensor.
        """
        ends = (self._in_range(samples) for samples in (first, second))
        return self._in_data_units(self._model.interpolate(*ends, count))

    def score(self, samples):
        """Logits [n, 1] of the discriminator for samples [n, ...]."""
        return self._model.score(self._in_range(samples))

    def log_density_ratios(self, samples):
        """Name -> estimates [n, columns] for samples [n, ...]. See `GenerativeGame.log_density_ratios`."""
        return self._model.log_density_ratios(self._in_range(samples))

    def _in_range(self, samples):
        return tf.cast(self._scaling.to_network(samples), tf.float32)

    def _in_data_units(self, samples):
        return self._scaling.to_data(tf.cast(samples, tf.float32))
