"""WGAN-GP's residual networks (Gulrajani et al., NeurIPS 2017)."""

import keras

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers, doubled_glorot
from tfgan2.networks.image_networks import ImageNetworks

_WIDTH = 128


class WGANGPResNet(ImageNetworks):
    """WGAN-GP's ResNets: 128 channels throughout, no norm in the discriminator, which ends in global mean pooling.

    The published networks are those for 32 pixels, in the authors' settings: epsilon 1e-5; initial weights of the 3x3
    convolutions in blocks with twice Glorot's variance. The authors' code normalises by the statistics of the batch
    also when it samples; `batch_norm=batch` does so, the default departs from it. At any size the generator has a block
    for each doubling, and the discriminator halves the image until at most 8 pixels are left and has two blocks more.
    WGAN-GP has no encoder; this one is Dist-GAN's for the same kind of networks, of 128 channels too.

    Args:
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch, as published.

    Further arguments are those of `ImageNetworks`, with its errors.
    """

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
