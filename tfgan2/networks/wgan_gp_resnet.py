"""WGAN-GP's residual networks (Gulrajani et al., NeurIPS 2017)."""

import keras

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers, doubled_glorot
from tfgan2.networks.image_networks import ImageNetworks

_WIDTH = 128


class WGANGPResNet(ImageNetworks):
    """WGAN-GP's ResNets: 128 channels in all blocks; no norm and global mean pooling in the discriminator.

    Published are the networks for 32 pixels. As in the authors' code, batch norm has the epsilon 1e-5, and the 3x3
    convolutions in blocks start with twice Glorot's variance. That code normalises by the statistics of the batch also
    in sampling (`batch_norm=batch`). The default differs from it. The generator has one block for each doubling. The
    discriminator halves the image down to 8 pixels or less and has two more blocks. WGAN-GP has no encoder; this one is
    Dist-GAN's for residual networks, with 128 channels.

    Layers for samples of 32 x 32 x 3:

    | network       | layers                                        | output        |
    | ------------- | --------------------------------------------- | ------------- |
    | generator     | dense                                         | 4 x 4 x 128   |
    |               | residual block, doubles                       | 8 x 8 x 128   |
    |               | residual block, doubles                       | 16 x 16 x 128 |
    |               | residual block, doubles, batch norm, ReLU     | 32 x 32 x 128 |
    |               | conv 3/1, tanh                                | 32 x 32 x 3   |
    | discriminator | residual block, halves                        | 16 x 16 x 128 |
    |               | residual block, halves                        | 8 x 8 x 128   |
    |               | residual block                                | 8 x 8 x 128   |
    |               | residual block, ReLU                          | 8 x 8 x 128   |
    |               | mean pooling                                  | 128           |
    |               | dense                                         | 1             |
    | encoder       | conv 3/1                                      | 32 x 32 x 128 |
    |               | residual block, halves                        | 16 x 16 x 128 |
    |               | residual block, halves                        | 8 x 8 x 128   |
    |               | residual block, halves, batch norm, LReLU 0.2 | 4 x 4 x 128   |
    |               | dense                                         | 128           |

    Args:
      batch_norm: Statistics of batch norm outside of training: moving averages (momentum 0.9), so that a sample depends
        on its own latents alone, or those of the batch, as published.

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
