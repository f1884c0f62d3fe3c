"""SN-GAN's residual networks (Miyato et al., ICLR 2018)."""

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers, doubled_glorot
from tfgan2.networks.image_networks import ImageNetworks


class SNGANResNet(ImageNetworks):
    """SN-GAN's ResNets: batch norm and nearest upsampling in the generator, spectral norm in the discriminator.

    Published are the networks for 32 and 48 pixels, with Chainer's batch norm (epsilon 2e-5). A residual block has two
    3x3 convolutions, and a 1x1 convolution in the shortcut where size or width changes.

    - Up to 32 pixels all blocks have 256 channels in the generator and 128 in the discriminator. The discriminator
      halves the image down to 8 pixels or less and has two more blocks.
    - Above 32 pixels the widths double from 64 channels at full size, up to 1,024. The discriminator halves the image
      down to 4 pixels or less and has one more block.

    SN-GAN has no encoder; this one is Dist-GAN's for residual networks.

    Layers for samples of 32 x 32 x 3:

    | network       | layers                                        | output        |
    | ------------- | --------------------------------------------- | ------------- |
    | generator     | dense                                         | 4 x 4 x 256   |
    |               | residual block, doubles                       | 8 x 8 x 256   |
    |               | residual block, doubles                       | 16 x 16 x 256 |
    |               | residual block, doubles, batch norm, ReLU     | 32 x 32 x 256 |
    |               | conv 3/1, tanh                                | 32 x 32 x 3   |
    | discriminator | residual block, halves                        | 16 x 16 x 128 |
    |               | residual block, halves                        | 8 x 8 x 128   |
    |               | residual block                                | 8 x 8 x 128   |
    |               | residual block, ReLU                          | 8 x 8 x 128   |
    |               | sum pooling                                   | 128           |
    |               | dense (SN)                                    | 1             |
    | encoder       | conv 3/1                                      | 32 x 32 x 256 |
    |               | residual block, halves                        | 16 x 16 x 256 |
    |               | residual block, halves                        | 8 x 8 x 256   |
    |               | residual block, halves, batch norm, LReLU 0.2 | 4 x 4 x 256   |
    |               | dense                                         | 128           |

    All layers of the discriminator have a spectral norm (SN). Arguments and errors are those of `ImageNetworks`.
    """

    def _images(self, latents, image):
        layers = self.layers(epsilon=2e-5, residual_initializer=doubled_glorot)
        widths = resnet.generator_widths(self, image)
        return resnet.generator(layers, latents, image, widths, self.output_activation)

    def _logits(self, images, image, heads):
        layers = Layers(residual_initializer=doubled_glorot, spectral_norm=True, widens_first=False)
        return resnet.discriminator(layers, images, *resnet.discriminator_plan(self, image), heads)

    def _latents(self, images, image):
        return resnet.encoder(self, images, resnet.generator_widths(self, image)[::-1])
