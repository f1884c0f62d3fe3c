"""Dist-GAN's residual networks, which GN-GAN trains too (Tran, Bui and Cheung, ECCV 2018 and AAAI 2019)."""

import dataclasses

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers
from tfgan2.networks.image_networks import ImageNetworks, OutputActivation


@dataclasses.dataclass(kw_only=True)
class DistGANResNet(ImageNetworks):
    """Dist-GAN's and GN-GAN's ResNets: SN-GAN's, with no norm and strided convolutions in the discriminator.

    The published networks are those for 32 and 48 pixels, in the authors' settings: 1x1 convolutions of stride 2 halve
    in the discriminator, average pooling in the encoder, epsilon 1e-5, Glorot's initial weights. The authors' code
    normalises by the statistics of the batch also when it samples; `batch_norm=batch` does so, the default departs from
    it.

    - Up to 32 pixels all blocks have 256 channels in generator and encoder and 128 in the discriminator, which halves
      the image until at most 8 pixels are left and has two blocks more.
    - Beyond it the widths double from 64 channels at full size to at most 1,024; the discriminator halves the image
      until at most 4 pixels are left and has one block more.

    Args:
      output_activation: last activation of the generator; it sets the range that the data are scaled to: sigmoid
        [0, 1], as published, or tanh [-1, 1].
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch, as published.

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
