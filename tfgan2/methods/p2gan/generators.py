"""P2GAN's generators: one network for all of them, and frozen copies of those that are trained no more."""

import keras
import tensorflow as tf

from tfgan2.methods.p2gan.forces import generator_name


class Generators:
    """K generators that share all layers but their first, in one network, and copies of the first K - 1.

    Args:
      network: The generator network: latents, or (latents, choices) for K > 1, -> samples.
      copies: Networks of one generator each, with the layers of `network`. Without copies no generator is frozen.
      count: K.
    """

    def __init__(self, network, copies, count):
        self._network = network
        self._copies = list(copies)
        for number, copy in enumerate(self._copies):
            copy.name = generator_name(number)
        self._count = count

    def frozen(self, active):
        """Number of frozen generators while `active` generators exist: all but the last one, or none."""
        return active - 1 if self._copies else 0

    def freeze(self, number):
        """Copies the present weights of a generator: the shared ones, and its own slice of each stacked weight."""
        copy = self._copies[number]
        for frozen, weight in zip(copy.weights, self._network.weights, strict=True):
            value = tf.identity(weight.value)
            frozen.assign(value if frozen.shape == weight.shape else value[number])

    def samples(self, latents, active):
        """Samples of each generator in training mode. Frozen generators are in inference mode.

        Args:
          latents: name of a generator's samples -> latents [n, latent_dim], n alike for all that are not frozen.
          active: Number of generators that exist.

        Returns:
          Name -> samples [n, ...].
        """
        first = self.frozen(active)
        copies = {generator_name(number): network for number, network in enumerate(self._copies[:first])}
        samples = {name: network(latents[name], training=False) for name, network in copies.items() if name in latents}
        names = [name for name in map(generator_name, range(first, active)) if name in latents]
        inputs = tf.concat([latents[name] for name in names], 0)
        if self._count > 1:
            rows = inputs.shape[0] // len(names)
            inputs = (inputs, tf.repeat(tf.range(first, active), rows))
        made = self._network(inputs, training=True)
        return samples | dict(zip(names, tf.split(made, len(names)), strict=True))

    def generate(self, latents, active):
        """Samples in inference mode of latents, or of the pair (latents, choices int32 [n])."""
        samples = self._network(latents, training=False)
        if self.frozen(active):
            latents, choices = latents
            for number, network in enumerate(self._copies[: self.frozen(active)]):
                made = network(latents, training=False)
                here = keras.ops.reshape(keras.ops.equal(choices, number), (-1, *[1] * (len(made.shape) - 1)))
                samples = keras.ops.where(here, made, samples)
        return samples
