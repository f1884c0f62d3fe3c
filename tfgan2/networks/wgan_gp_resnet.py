"""WGAN-GP's residual networks (Gulrajani et al., NeurIPS 2017)."""

import keras

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers, doubled_glorot
from tfgan2.networks.images import Augmentations, BatchNorm, ImageNetworks, OutputActivation

_WIDTH = 128


class WGANGPResNet(ImageNetworks):
    """WGAN-GP's ResNets: 128 channels throughout, no norm in the discriminator, which ends in global mean pooling.

    The published networks are those for 32 pixels, in the authors' settings: epsilon 1e-5; initial weights of the 3x3
    convolutions in blocks with twice Glorot's variance. The authors' code normalises by the statistics of the batch
    also when it samples; `batch_norm=batch` does so, the default departs from it. At any size the generator has a block
    for each doubling, and the discriminator halves the image until at most 8 pixels are left and has two blocks more.
    WGAN-GP has no encoder; this one is Dist-GAN's for the same kind of networks, of 128 channels too.

    Args:
      latent_dim: dimension of the latents.
      width_multiplier: every width is multiplied by it and rounded, to at least 8.
      output_activation: last activation of the generator; it sets the range that the data are scaled to: tanh [-1, 1],
        as published, or sigmoid [0, 1].
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch, as published.
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
        layers = self.layers(residual_initializer=doubled_glorot)
        widths = self.widths(_WIDTH, _WIDTH, image.levels + 1)
        return resnet.generator(layers, latents, image, widths, self.output_activation)

    def _logits(self, images, image, heads):
        halvings = resnet.halvings_to(image, 8)
        return resnet.discriminator(
            Layers(residual_initializer=doubled_glorot),
            images,
            self.widths(_WIDTH, _WIDTH, halvings + 2),
            halvings,
            heads,
            pooling=keras.layers.GlobalAveragePooling2D,
        )

    def _latents(self, images, image):
        return resnet.encoder(self, images, self.widths(_WIDTH, _WIDTH, image.levels + 1))
