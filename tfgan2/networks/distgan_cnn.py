"""Dist-GAN's CNN, which GN-GAN trains too (Tran, Bui and Cheung, ECCV 2018 and AAAI 2019)."""

import dataclasses

from tfgan2.networks import cnn
from tfgan2.networks.blocks import Layers
from tfgan2.networks.image_networks import ImageNetworks, OutputActivation


@dataclasses.dataclass(kw_only=True)
class DistGANCNN(ImageNetworks):
    """Dist-GAN's and GN-GAN's CNN: SN-GAN's with a generator twice as wide, no norm in the discriminator, and encoders.

    The published networks are those for 32 and 48 pixels, in the authors' settings: batch norm after the
    deconvolutions, not after the dense layer, epsilon 1e-5, Glorot's initial weights. The authors' code normalises by
    the statistics of the batch also when it samples; `batch_norm=batch` does so, the default departs from it. At other
    sizes a level doubles the size in the generator and halves it in the discriminator, and the width (128 in the
    generator and 64 in the discriminator at full size) doubles with each level towards the smallest size, to at most
    1,024 and 512. The encoder is that for CIFAR-10 up to 32 pixels, beyond it that for STL-10.

    Args:
      output_activation: last activation of the generator; it sets the range that the data are scaled to: sigmoid
        [0, 1], as published, or tanh [-1, 1].
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch, as published.

    Further arguments are those of `ImageNetworks`, with its errors.
    """

    output_activation: OutputActivation = "sigmoid"

    def _images(self, latents, image):
        layers = self.layers(bias_before_norm=False)
        widths = self.widths(128, 1024, image.levels + 1)[::-1]
        return cnn.generator(layers, latents, image, widths, self.output_activation, normalizes_dense=False)

    def _logits(self, images, image, heads):
        return cnn.discriminator(Layers(negative_slope=0.1), images, self.widths(64, 512, image.levels + 1), heads)

    def _latents(self, images, image):
        return cnn.encoder(self, images, image)
