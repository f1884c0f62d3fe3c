"""Dist-GAN's residual networks, which GN-GAN uses too (Tran, Bui and Cheung, ECCV 2018 and AAAI 2019)."""

import dataclasses

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers
from tfgan2.networks.image_networks import ImageNetworks, OutputActivation


@dataclasses.dataclass(kw_only=True)
class DistGANResNet(ImageNetworks):
    """Dist-GAN's and GN-GAN's ResNets: SN-GAN's with strided convolutions and no norm in the discriminator.

    Published are the networks for 32 and 48 pixels. As in the authors' code, 1x1 convolutions of stride 2 halve the
    image in the discriminator and average pooling halves it in the encoder. Batch norm has the epsilon 1e-5, and
    initial weights are Glorot's. That code normalises by the statistics of the batch also in sampling
    (`batch_norm=batch`). The default differs from it.

    - Up to 32 pixels all blocks have 256 channels in generator and encoder and 128 in the discriminator. The
      discriminator halves the image down to 8 pixels or less and has two more blocks.
    - Above 32 pixels the widths double from 64 channels at full size, up to 1,024. The discriminator halves the image
      down to 4 pixels or less and has one more block.

    Layers for samples of 32 x 32 x 3:

    | network       | layers                                        | output        |
    | ------------- | --------------------------------------------- | ------------- |
    | generator     | dense                                         | 4 x 4 x 256   |
    |               | residual block, doubles                       | 8 x 8 x 256   |
    |               | residual block, doubles                       | 16 x 16 x 256 |
    |               | residual block, doubles, batch norm, ReLU     | 32 x 32 x 256 |
    |               | conv 3/1, sigmoid                             | 32 x 32 x 3   |
    | discriminator | residual block, halves                        | 16 x 16 x 128 |
    |               | residual block, halves                        | 8 x 8 x 128   |
    |               | residual block                                | 8 x 8 x 128   |
    |               | residual block, ReLU                          | 8 x 8 x 128   |
    |               | sum pooling                                   | 128           |
    |               | dense                                         | 1             |
    | encoder       | conv 3/1                                      | 32 x 32 x 256 |
    |               | residual block, halves                        | 16 x 16 x 256 |
    |               | residual block, halves                        | 8 x 8 x 256   |
    |               | residual block, halves, batch norm, LReLU 0.2 | 4 x 4 x 256   |
    |               | dense                                         | 128           |

    Args:
      output_activation: Last activation of the generator. It sets the range of the scaled data: sigmoid [0, 1], as
        published, or tanh [-1, 1].
      batch_norm: Statistics of batch norm outside of training: moving averages (momentum 0.9), so that a sample depends
        on its own latents alone, or those of the batch, as published.

    Further arguments are those of `ImageNetworks`, with its errors.
    """

    output_activation: OutputActivation = "sigmoid"

    def _images(self, latents, image):
        widths = resnet.generator_widths(self, image)
        return resnet.generator(self.layers(), latents, image, widths, self.output_activation)

    def _logits(self, images, image, heads):
        layers = Layers(halves_by_convolution=True)
        return resnet.discriminator(layers, images, *resnet.discriminator_plan(self, image), heads)

    def _latents(self, images, image):
        return resnet.encoder(self, images, resnet.generator_widths(self, image)[::-1])
