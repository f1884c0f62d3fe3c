"""SN-GAN's standard CNN (Miyato et al., ICLR 2018)."""

import keras

from tfgan2.networks import cnn
from tfgan2.networks.blocks import Layers
from tfgan2.networks.images import Augmentations, BatchNorm, ImageNetworks, OutputActivation


class SNGANCNN(ImageNetworks):
    """SN-GAN's standard CNN: deconvolutions with batch norm against convolutions with spectral norm.

    The published networks are those for 32 and 48 pixels, in Chainer's settings of batch norm (epsilon 2e-5). At other
    sizes a level doubles the size in the generator and halves it in the discriminator, and the width, 64 at full size,
    doubles with each level towards the smallest size, to at most 512. SN-GAN has no encoder; this one is Dist-GAN's for
    the same kind of networks.

    Args:
      latent_dim: dimension of the latents.
      width_multiplier: every width is multiplied by it and rounded, to at least 8.
      output_activation: last activation of the generator; it sets the range that the data are scaled to: tanh [-1, 1],
        as published, or sigmoid [0, 1].
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch.
      synchronized: take the statistics of batch norm over all devices; over several it does not compile with XLA.
      augmentation: differentiable augmentation of all that the discriminator sees in training, for small data sets.

    Raises:
      ValueError: a value is out of range.
    """

    def __init__(
        self,
        *,
        latent_dim: int = 128,
        width_multiplier: float = 1.0,
        output_activation: OutputActivation = "tanh",
        batch_norm: BatchNorm = "moving",
        synchronized: bool = False,
        augmentation: Augmentations = (),
    ):
        super().__init__(
            latent_dim=latent_dim,
            width_multiplier=width_multiplier,
            output_activation=output_activation,
            batch_norm=batch_norm,
            synchronized=synchronized,
            augmentation=augmentation,
        )

    def _images(self, latents, image):
        layers = self.layers(epsilon=2e-5, initializer=_normal)
        widths = self.widths(64, 512, image.levels + 1)[::-1]
        return cnn.generator(layers, latents, image, widths, self.output_activation, normalizes_dense=True)

    def _logits(self, images, image, heads):
        layers = Layers(initializer=_normal, negative_slope=0.1, spectral_norm=True)
        return cnn.discriminator(layers, images, self.widths(64, 512, image.levels + 1), heads)

    def _latents(self, images, image):
        return cnn.encoder(self, images, image)


def _normal():
    return keras.initializers.RandomNormal(stddev=0.02)
