"""P2GAN's standard CNN, which its paper describes as DCGAN-like."""

import dataclasses

import keras

from tfgan2.layers.chosen import ChosenBatchNormalization
from tfgan2.networks.blocks import Mixture
from tfgan2.networks.image_networks import MOMENTUM, ImageNetworks


@dataclasses.dataclass(kw_only=True)
class P2GANCNN(ImageNetworks):
    """P2GAN's standard CNN: strided 5x5 convolutions with batch norm.

    The paper gives no layers; these are those of MGAN, on whose code the same group built. A level doubles the size in
    the generator and halves it in the discriminator; at full size widths are 128, and double with each level towards
    the smallest size. Images of 48 pixels have one level more than others, down to 3 pixels. Weights start as
    N(0, 0.02^2), those of the discriminator truncated. In a mixture each generator has a dense layer of its own, with
    its own batch norm. P2GAN has no encoder; this one is the discriminator with more outputs, and batch norm.

    The published discriminator has batch norm, too; here it has none by default. P2GAN has to pass all sources through
    it as one batch, and with batch norm the generators then fail: on the digits three generators reach a Frechet
    distance of 232 with it and of 8 without (results/p2gan_digits.md).

    Args:
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch. A mixture's first norm always uses moving averages.
      discriminator_norm: whether the discriminator has batch norm, as published; its convolutions have a bias without.

    Further arguments are those of `ImageNetworks`, with its errors.
    """

    latent_dim: int = 100
    discriminator_norm: bool = False

    def _images(self, latents, image):
        widths = self._widths(image)[::-1]
        bottom = image.size >> len(widths)
        layers = self.layers(initializer=_normal)
        outputs = layers.dense(latents, bottom**2 * widths[0], "dense", use_bias=False)
        if isinstance(latents, Mixture):
            options = {"momentum": MOMENTUM, "synchronized": self.synchronized, "name": "norm_0"}
            outputs = ChosenBatchNormalization(latents.generators, **options)((outputs, latents.choices))
        else:
            outputs = layers.norm(outputs, "norm_0")
        outputs = keras.layers.Reshape((bottom, bottom, widths[0]), name="reshape")(
            layers.activation(outputs, "relu_0")
        )
        layers = self.layers(initializer=_normal, center=False)
        for level, width in enumerate(widths[1:], 1):
            outputs = layers.deconvolution(outputs, width, 5, f"deconv_{level}", use_bias=False)
            outputs = layers.activation(layers.norm(outputs, f"norm_{level}"), f"relu_{level}")
        return layers.deconvolution(
            outputs, image.channels, 5, "output", activation=self.output_activation, dtype="float32"
        )

    def _logits(self, images, image, heads):
        return self._downwards(images, image, heads, norm=self.discriminator_norm)

    def _latents(self, images, image):
        return self._downwards(images, image, self.latent_dim, norm=True)

    def _downwards(self, images, image, units, *, norm):
        layers = self.layers(initializer=_truncated_normal, negative_slope=0.2)
        layers = layers if norm else layers.replace(batch_norm=None)
        outputs = images
        for level, width in enumerate(self._widths(image), 1):
            outputs = layers.convolution(outputs, width, 5, f"conv_{level}", strides=2, use_bias=not norm)
            outputs = layers.norm(outputs, f"norm_{level}")
            outputs = layers.activation(outputs, f"relu_{level}")
        features = keras.layers.Flatten(name="features", dtype="float32")(outputs)
        return layers.dense(features, units, "output", dtype="float32")

    def _widths(self, image):
        return self.widths(128, 1024, image.levels + (image.size == 48))


def _normal():
    return keras.initializers.RandomNormal(stddev=0.02)


def _truncated_normal():
    return keras.initializers.TruncatedNormal(stddev=0.02)
