"""The base class of methods with an encoder that gives a mean and a variance of latents."""

import tensorflow as tf

from tfgan2.methods.base.families import network_of, networks_of
from tfgan2.methods.base.generative_game import GenerativeGame


class VariationalGame(GenerativeGame):
    """A generator of latents N(0, I), and an encoder with a normal distribution of latents for each sample.

    Args:
      networks: role -> built network. The encoder maps samples to [n, 2 latent_dim], the means and log variances.
      seed: Seed of all random numbers that training draws.

    Raises:
      ValueError: the encoder has another number of outputs.
    """

    def __init__(self, networks, *, seed):
        super().__init__(networks, prior="normal", seed=seed)
        width = self.encoder.output_shape[-1]
        if width != 2 * self.latent_dim:
            needed = f"{2 * self.latent_dim}, the means and log variances of {self.latent_dim} latents"
            raise ValueError(f"the encoder has {width} outputs; it must have {needed}.")

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        generator, *judges = networks_of(family, shape, [role for role in cls.roles if role != "encoder"])
        width = 2 * generator.inputs[0].shape[-1]
        return [generator, *judges, network_of(family, "gaussian_encoder", shape, output_shape=(width,))]

    def posterior(self, samples, *, training=True):
        """Means and log variances of the latents of samples, each [n, latent_dim]."""
        return tf.split(self.encoder(samples, training=training), 2, axis=1)

    @staticmethod
    def codes(means, log_variances, noise):
        """Latents of these distributions, [n, latent_dim], a differentiable function of noise from N(0, I)."""
        return means + tf.exp(0.5 * log_variances) * noise

    def encode(self, samples):
        """The mean latents [n, latent_dim] of samples in the network's range, in inference mode."""
        return super().encode(samples)[:, : self.latent_dim]
