"""Dist-GAN's CNN, which GN-GAN uses too (Tran, Bui and Cheung, ECCV 2018 and AAAI 2019)."""

import dataclasses

from tfgan2.networks import cnn
from tfgan2.networks.blocks import Layers
from tfgan2.networks.image_networks import DeconvolvingNetworks, OutputActivation


@dataclasses.dataclass(kw_only=True)
class DistGANCNN(DeconvolvingNetworks):
    """Dist-GAN's and GN-GAN's CNN: SN-GAN's with a wider generator, encoders, and no norm in the discriminator.

    Published are the networks for 32 and 48 pixels. As in the authors' code, batch norm (epsilon 1e-5) follows the
    deconvolutions and not the dense layer, and initial weights are Glorot's. That code normalises by the statistics of
    the batch also in sampling (`batch_norm=batch`). The default differs from it.

    For other sizes a level doubles the size in the generator and halves it in the discriminator. The width at full size
    is 128 in the generator and 64 in the discriminator. It doubles with each level towards the smallest size, up to
    1,024 and 512. The encoder is that for CIFAR-10 up to 32 pixels, and that for STL-10 above.

    Layers for samples of 32 x 32 x 3:

    | network       | layers                          | output        |
    | ------------- | ------------------------------- | ------------- |
    | generator     | dense, ReLU                     | 4 x 4 x 1024  |
    |               | deconv 4/2, batch norm, ReLU    | 8 x 8 x 512   |
    |               | deconv 4/2, batch norm, ReLU    | 16 x 16 x 256 |
    |               | deconv 4/2, batch norm, ReLU    | 32 x 32 x 128 |
    |               | conv 3/1, sigmoid               | 32 x 32 x 3   |
    | discriminator | conv 3/1, LReLU 0.1             | 32 x 32 x 64  |
    |               | conv 4/2, LReLU 0.1             | 16 x 16 x 64  |
    |               | conv 3/1, LReLU 0.1             | 16 x 16 x 128 |
    |               | conv 4/2, LReLU 0.1             | 8 x 8 x 128   |
    |               | conv 3/1, LReLU 0.1             | 8 x 8 x 256   |
    |               | conv 4/2, LReLU 0.1             | 4 x 4 x 256   |
    |               | conv 3/1, LReLU 0.1             | 4 x 4 x 512   |
    |               | dense                           | 1             |
    | encoder       | conv 5/2, LReLU 0.2             | 16 x 16 x 128 |
    |               | conv 5/2, batch norm, LReLU 0.2 | 8 x 8 x 256   |
    |               | conv 5/2, batch norm, LReLU 0.2 | 4 x 4 x 512   |
    |               | dense                           | 128           |

    Convolutions are written as kernel/stride.

    Args:
      output_activation: Last activation of the generator. It sets the range of the scaled data: sigmoid [0, 1], as
        published, or tanh [-1, 1].
      batch_norm: Statistics of batch norm outside of training: moving averages (momentum 0.9), so that a sample depends
        on its own latents alone, or those of the batch, as published.

    Further arguments are those of `DeconvolvingNetworks`, with its errors.
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
