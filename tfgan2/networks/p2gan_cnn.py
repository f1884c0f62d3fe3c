"""P2GAN's standard CNN. Its paper describes it as DCGAN-like."""

import dataclasses

import keras

from tfgan2.layers.chosen import ChosenBatchNormalization
from tfgan2.networks.blocks import Mixture, normal
from tfgan2.networks.image_networks import MOMENTUM, DeconvolvingNetworks
from tfgan2.ranges import Width


@dataclasses.dataclass(kw_only=True)
class P2GANCNN(DeconvolvingNetworks):
    """P2GAN's standard CNN: 5x5 convolutions of stride 2, with batch norm.

    The paper gives no layers. These are those of MGAN's code, which the same group wrote. A level doubles the size in
    the generator and halves it in the discriminator. The width is 128 at full size and doubles with each level towards
    the smallest size. Images of 48 pixels have one more level than others, down to 3 pixels. Weights start as N(0,
    0.02^2), truncated in the discriminator. In a mixture each generator has its own dense layer with its own batch
    norm. P2GAN has no encoder; this one is the discriminator with more outputs and batch norm.

    The published discriminator has batch norm. Here it has none by default. P2GAN passes all sources through it as one
    batch, and with batch norm the generators then fail: on the digits three generators reach a Frechet distance of 232
    with it and of 8 without it (results/p2gan_digits.md).

    Layers for samples of 32 x 32 x 3:

    | network       | layers                          | output        |
    | ------------- | ------------------------------- | ------------- |
    | generator     | dense, batch norm, ReLU         | 4 x 4 x 512   |
    |               | deconv 5/2, batch norm, ReLU    | 8 x 8 x 256   |
    |               | deconv 5/2, batch norm, ReLU    | 16 x 16 x 128 |
    |               | deconv 5/2, tanh                | 32 x 32 x 3   |
    | discriminator | conv 5/2, LReLU 0.2             | 16 x 16 x 128 |
    |               | conv 5/2, LReLU 0.2             | 8 x 8 x 256   |
    |               | conv 5/2, LReLU 0.2             | 4 x 4 x 512   |
    |               | dense                           | 1             |
    | encoder       | conv 5/2, batch norm, LReLU 0.2 | 16 x 16 x 128 |
    |               | conv 5/2, batch norm, LReLU 0.2 | 8 x 8 x 256   |
    |               | conv 5/2, batch norm, LReLU 0.2 | 4 x 4 x 512   |
    |               | dense                           | 100           |

    Convolutions are written as kernel/stride.

    Args:
      batch_norm: Statistics of batch norm outside of training: moving averages (momentum 0.9), so that a sample depends
        on its own latents alone, or those of the batch. The first norm of a mixture always uses moving averages.
      discriminator_norm: Whether the discriminator has batch norm, as published. Without it its convolutions have a
        bias.

    Further arguments are those of `DeconvolvingNetworks`, with its errors.
    """

    latent_dim: Width = 100
    discriminator_norm: bool = False

    def _images(self, latents, image):
        widths = self._widths(image)[::-1]
        bottom = image.size >> len(widths)
        layers = self.layers(initializer=normal)
        outputs = layers.dense(latents, bottom**2 * widths[0], "dense", use_bias=False)
        if isinstance(latents, Mixture):
            options = {"momentum": MOMENTUM, "synchronized": self.synchronized, "name": "norm_0"}
            outputs = ChosenBatchNormalization(latents.generators, **options)((outputs, latents.choices))
        else:
            outputs = layers.norm(outputs, "norm_0")
        outputs = keras.layers.Reshape((bottom, bottom, widths[0]), name="reshape")(
            layers.activation(outputs, "relu_0")
        )
        layers = self.layers(initializer=normal, center=False)
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


def _truncated_normal():
    return keras.initializers.TruncatedNormal(stddev=0.02)
