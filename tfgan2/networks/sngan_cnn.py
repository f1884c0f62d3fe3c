"""SN-GAN's standard CNN (Miyato et al., ICLR 2018)."""

from tfgan2.networks import cnn
from tfgan2.networks.blocks import Layers, normal
from tfgan2.networks.image_networks import DeconvolvingNetworks


class SNGANCNN(DeconvolvingNetworks):
    """SN-GAN's standard CNN: batch norm in the generator, spectral norm in the discriminator.

    Published are the networks for 32 and 48 pixels, with Chainer's batch norm (epsilon 2e-5). For other sizes a level
    doubles the size in the generator and halves it in the discriminator. The width is 64 at full size and doubles with
    each level towards the smallest size, up to 512. SN-GAN has no encoder; this one is Dist-GAN's.

    Layers for samples of 32 x 32 x 3:

    | network       | layers                          | output        |
    | ------------- | ------------------------------- | ------------- |
    | generator     | dense, batch norm, ReLU         | 4 x 4 x 512   |
    |               | deconv 4/2, batch norm, ReLU    | 8 x 8 x 256   |
    |               | deconv 4/2, batch norm, ReLU    | 16 x 16 x 128 |
    |               | deconv 4/2, batch norm, ReLU    | 32 x 32 x 64  |
    |               | conv 3/1, tanh                  | 32 x 32 x 3   |
    | discriminator | conv 3/1 (SN), LReLU 0.1        | 32 x 32 x 64  |
    |               | conv 4/2 (SN), LReLU 0.1        | 16 x 16 x 64  |
    |               | conv 3/1 (SN), LReLU 0.1        | 16 x 16 x 128 |
    |               | conv 4/2 (SN), LReLU 0.1        | 8 x 8 x 128   |
    |               | conv 3/1 (SN), LReLU 0.1        | 8 x 8 x 256   |
    |               | conv 4/2 (SN), LReLU 0.1        | 4 x 4 x 256   |
    |               | conv 3/1 (SN), LReLU 0.1        | 4 x 4 x 512   |
    |               | dense (SN)                      | 1             |
    | encoder       | conv 5/2, LReLU 0.2             | 16 x 16 x 128 |
    |               | conv 5/2, batch norm, LReLU 0.2 | 8 x 8 x 256   |
    |               | conv 5/2, batch norm, LReLU 0.2 | 4 x 4 x 512   |
    |               | dense                           | 128           |

    Convolutions are written as kernel/stride, and SN is a spectral norm. Arguments and errors are those of
    `DeconvolvingNetworks`.
    """

    def _images(self, latents, image):
        layers = self.layers(epsilon=2e-5, initializer=normal)
        widths = self.widths(64, 512, image.levels + 1)[::-1]
        return cnn.generator(layers, latents, image, widths, self.output_activation, normalizes_dense=True)

    def _logits(self, images, image, heads):
        layers = Layers(initializer=normal, negative_slope=0.1, spectral_norm=True)
        return cnn.discriminator(layers, images, self.widths(64, 512, image.levels + 1), heads)

    def _latents(self, images, image):
        return cnn.encoder(self, images, image)
