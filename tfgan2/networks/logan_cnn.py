"""LOGAN's CNN, with a discriminator of pairs (AAAI 2018)."""

import dataclasses
from typing import Literal

import keras

from tfgan2.networks.blocks import Layers
from tfgan2.networks.image_networks import DeconvolvingNetworks, image_of

EncoderActivation = Literal["tanh", "linear"]


@dataclasses.dataclass(kw_only=True)
class LoganCNN(DeconvolvingNetworks):
    """LOGAN's CNN: 4x4 convolutions, batch norm in generator and encoder, and a discriminator of pairs.

    Published are the networks for 32 and 128 pixels, in the authors' code. For other sizes a level doubles the size in
    the generator and halves it in the encoder. The width is 64 at full size and doubles with each level, up to 512.
    Both discriminators halve the size down to 4 pixels or less. They end with one convolution over all remaining
    pixels, and that of pairs joins its output with the latents. Initial weights are Glorot's, uniform.

    Layers for samples of 32 x 32 x 3:

    | network             | layers                            | output       |
    | ------------------- | --------------------------------- | ------------ |
    | generator           | dense, batch norm, LReLU 0.2      | 4 x 4 x 256  |
    |                     | deconv 4/2, batch norm, LReLU 0.2 | 8 x 8 x 128  |
    |                     | deconv 4/2, batch norm, LReLU 0.2 | 16 x 16 x 64 |
    |                     | deconv 4/2, tanh                  | 32 x 32 x 3  |
    | discriminator       | conv 4/2, LReLU 0.2               | 16 x 16 x 64 |
    |                     | conv 4/2, LReLU 0.2               | 8 x 8 x 128  |
    |                     | conv 4/2, LReLU 0.2               | 4 x 4 x 256  |
    |                     | conv 4/1, LReLU 0.2               | 1 x 1 x 256  |
    |                     | dense, LReLU 0.2                  | 256          |
    |                     | dense                             | 1            |
    | encoder             | conv 4/2, batch norm, LReLU 0.2   | 16 x 16 x 64 |
    |                     | conv 4/2, batch norm, LReLU 0.2   | 8 x 8 x 128  |
    |                     | conv 4/2, batch norm, LReLU 0.2   | 4 x 4 x 256  |
    |                     | dense, tanh                       | 128          |
    | joint discriminator | conv 4/2, LReLU 0.2               | 16 x 16 x 64 |
    |                     | conv 4/2, LReLU 0.2               | 8 x 8 x 128  |
    |                     | conv 4/2, LReLU 0.2               | 4 x 4 x 256  |
    |                     | conv 4/1, LReLU 0.2               | 1 x 1 x 512  |
    |                     | join                              | 640          |
    |                     | dense, LReLU 0.2                  | 640          |
    |                     | dense                             | 1            |

    Convolutions are written as kernel/stride.

    Args:
      encoder_activation: Last activation of the encoder: tanh, as published, for latents in [-1, 1], or linear.

    Further arguments are those of `DeconvolvingNetworks`, with its errors.
    """

    encoder_activation: EncoderActivation = "tanh"

    def joint_discriminator(self, sample_shape):
        """Makes the network: (images [n, *sample_shape], latents [n, latent_dim]) -> logits [n, 1].

        Raises:
          ValueError: as `generator`.
        """
        image = image_of(sample_shape)
        images, latents = keras.Input(sample_shape, name="samples"), keras.Input((self.latent_dim,), name="latents")
        layers = Layers(negative_slope=0.2)
        outputs, level = self._halved(layers, self.seen(images), image)
        outputs = self._flattened(layers, outputs, self._width(level))
        outputs = keras.layers.Concatenate(name="pair")([outputs, latents])
        outputs = layers.dense(outputs, outputs.shape[-1], "dense")
        features = layers.activation(outputs, "features", dtype="float32")
        logits = layers.dense(features, 1, "output", dtype="float32")
        return keras.Model([images, latents], logits, name="discriminator")

    def _images(self, latents, image):
        layers = self.layers(epsilon=1e-3, negative_slope=0.2)
        first, *widths = self.widths(64, 512, image.levels)[::-1]
        outputs = layers.dense(latents, image.bottom**2 * first, "dense", use_bias=False)
        outputs = layers.activation(layers.norm(outputs, "norm_0"), "relu_0")
        outputs = keras.layers.Reshape((image.bottom, image.bottom, first), name="reshape")(outputs)
        for level, width in enumerate(widths, 1):
            outputs = layers.deconvolution(outputs, width, 4, f"deconv_{level}", use_bias=False)
            outputs = layers.activation(layers.norm(outputs, f"norm_{level}"), f"relu_{level}")
        return layers.deconvolution(
            outputs, image.channels, 4, "output", activation=self.output_activation, dtype="float32"
        )

    def _logits(self, images, image, heads):
        layers = Layers(negative_slope=0.2)
        outputs, level = self._halved(layers, images, image)
        outputs = self._flattened(layers, outputs, self._width(level - 1))
        outputs = layers.dense(outputs, outputs.shape[-1], "dense")
        features = layers.activation(outputs, "features", dtype="float32")
        return layers.dense(features, heads, "output", dtype="float32")

    def _latents(self, images, image):
        layers = self.layers(epsilon=1e-3, negative_slope=0.2)
        outputs = images
        for level, width in enumerate(self.widths(64, 512, image.levels), 1):
            outputs = layers.convolution(outputs, width, 4, f"conv_{level}", strides=2, use_bias=False)
            outputs = layers.activation(layers.norm(outputs, f"norm_{level}"), f"relu_{level}")
        outputs = keras.layers.Flatten(name="flatten")(outputs)
        return layers.dense(outputs, self.latent_dim, "output", activation=self.encoder_activation, dtype="float32")

    def gaussian_encoder(self, sample_shape):
        """As in the base class. Its last activation is linear, because means and log variances have no bounds."""
        unbounded = dataclasses.replace(self, encoder_activation="linear")
        return super(LoganCNN, unbounded).gaussian_encoder(sample_shape)

    def _halved(self, layers, outputs, image):
        """The feature maps of strided convolutions down to 4 pixels or less, and the number of these convolutions."""
        size, level = image.size, 0
        while size > 4:
            outputs = layers.convolution(outputs, self._width(level), 4, f"conv_{level + 1}", strides=2)
            outputs = layers.activation(outputs, f"relu_{level + 1}")
            size, level = -(-size // 2), level + 1
        return outputs, level

    def _flattened(self, layers, outputs, width):
        """The output [n, width] of one convolution over all remaining pixels."""
        initializer = layers.initializer()
        convolution = keras.layers.Conv2D(width, outputs.shape[1], kernel_initializer=initializer, name="whole")
        return keras.layers.Flatten(name="flatten")(layers.activation(convolution(outputs), "relu_whole"))

    def _width(self, level):
        return self.wide(min(64 << level, 512))
