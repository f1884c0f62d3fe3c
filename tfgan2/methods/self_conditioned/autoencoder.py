"""An autoencoder with the layers of a GAN: its features are clustered by Logo-GAN-AE."""

import tensorflow as tf

from tfgan2.methods.base.game import Game
from tfgan2.ranges import Seed


class Autoencoder(Game):
    """Learns to reconstruct samples: E ||x - decoder(encoder(x))||^2 / d for samples of d numbers.

    Args:
      encoder: Network: samples -> codes [n, latent_dim].
      decoder: Network: codes -> samples.
      seed: Seed of the random numbers that training draws. It draws none.
    """

    roles = ("encoder", "decoder")
    averaged_roles = ("encoder",)

    def __init__(self, encoder, decoder, *, seed: Seed = 0):
        super().__init__({"encoder": encoder, "decoder": decoder}, seed=seed)

    @property
    def players(self):
        return {"autoencoder": ["encoder", "decoder"]}

    def train_step(self, batch):
        return self.minimize("autoencoder", self.reconstruction_loss, batch["real"])

    def reconstruction_loss(self, real):
        """The mean squared error."""
        made = self.decoder(self.encoder(real, training=True), training=True)
        return tf.reduce_mean(tf.square(tf.cast(made, tf.float32) - tf.cast(real, tf.float32))), {}
