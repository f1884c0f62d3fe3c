"""SN-GAN's standard CNN (Miyato et al., ICLR 2018)."""

import keras

from tfgan2.networks import cnn
from tfgan2.networks.blocks import Layers
from tfgan2.networks.image_networks import ImageNetworks


class SNGANCNN(ImageNetworks):
    """SN-GAN's standard CNN: deconvolutions with batch norm against convolutions with spectral norm.

    The published networks are those for 32 and 48 pixels, in Chainer's settings of batch norm (epsilon 2e-5). At other
    sizes a level doubles the size in the generator and halves it in the discriminator, and the width, 64 at full size,
    doubles with each level towards the smallest size, to at most 512. SN-GAN has no encoder; this one is Dist-GAN's for
    the same kind of networks.

    Arguments and errors are those of `ImageNetworks`.
    """

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
