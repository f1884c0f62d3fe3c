"""The networks of Rumi-GAN's conditional baselines ACGAN, TAC-GAN and CGAN-PD, after its authors' code."""

import dataclasses
from typing import Literal

import keras

from tfgan2.networks.image_networks import DeconvolvingNetworks, image_of
from tfgan2.networks.rumi_cnn import mnist_deconvolutions
from tfgan2.ranges import Width

Labels = Literal["embedded", "concatenated"]


@dataclasses.dataclass(kw_only=True)
class ACGANCNN(DeconvolvingNetworks):
    """CNNs of Rumi-GAN's conditional baselines, for MNIST (28 pixels), CIFAR-10 (32) and other sizes.

    At 8, 16 and 28 pixels the generator has the layers of Rumi-GAN's for MNIST after its dense layer. At other sizes it
    follows that for CIFAR-10: one deconvolution of stride 2 a level, with 256, 128, 64 channels, and one of stride 1.
    All heads of the discriminator start from 50 features. Sizes other than 28 and 32 are ours, and so is the encoder.

    The authors' code projects a single pooled channel on the labels. Such a projection has rank 1: one number of an
    image decides how much it prefers some labels to others. Here the projection is the inner product of the label's
    embedding with all features (Miyato and Koyama, 2018).

    Layers for samples of 32 x 32 x 3:

    | network                   | layers                            | output        |
    | ------------------------- | --------------------------------- | ------------- |
    | conditional generator     | dense, batch norm, LReLU 0.1      | 4 x 4 x 255   |
    |                           | labels: dense                     | 10            |
    |                           | labels: dense                     | 4 x 4 x 1     |
    |                           | join                              | 4 x 4 x 256   |
    |                           | deconv 5/2, batch norm, LReLU 0.1 | 8 x 8 x 256   |
    |                           | deconv 5/2, batch norm, LReLU 0.1 | 16 x 16 x 128 |
    |                           | deconv 5/2, batch norm, LReLU 0.1 | 32 x 32 x 64  |
    |                           | deconv 5/1, tanh                  | 32 x 32 x 3   |
    | conditional discriminator | conv 5/2, batch norm, LReLU 0.3   | 16 x 16 x 64  |
    |                           | conv 5/2, batch norm, LReLU 0.3   | 8 x 8 x 128   |
    |                           | conv 5/2, batch norm, LReLU 0.3   | 4 x 4 x 256   |
    |                           | dense                             | 50            |
    |                           | output: dense                     | 1             |
    |                           | classes: dense                    | 10            |
    | encoder                   | conv 5/2, batch norm, LReLU 0.3   | 16 x 16 x 64  |
    |                           | conv 5/2, batch norm, LReLU 0.3   | 8 x 8 x 128   |
    |                           | conv 5/2, batch norm, LReLU 0.3   | 4 x 4 x 256   |
    |                           | dense                             | 100           |

    Convolutions are written as kernel/stride. The table has 10 classes.

    Args:
      labels: Input of the labels to the generator: embedded as one more channel of the dense layer's output, as in
        Rumi-GAN's paper, or concatenated to the latents.
      batch_norm: Statistics of batch norm outside of training: moving averages, or those of the batch.

    Further arguments are those of `DeconvolvingNetworks`, with its errors.
    """

    labels: Labels = "embedded"
    latent_dim: Width = 100

    def conditional_generator(self, sample_shape, class_count):
        if self.labels == "concatenated":
            return super().conditional_generator(sample_shape, class_count)
        image = image_of(sample_shape)
        inputs = keras.Input((self.latent_dim + class_count,))
        latents, labels = inputs[:, : self.latent_dim], inputs[:, self.latent_dim :]
        embedded = keras.layers.Dense(10, use_bias=False, name="embedding")(labels)
        embedded = keras.layers.Dense(image.bottom**2, name="label_dense")(embedded)
        embedded = keras.layers.Reshape((image.bottom, image.bottom, 1), name="label_reshape")(embedded)
        outputs = self._from_dense(latents, image, channels=self._dense_width(image) - 1)
        outputs = keras.layers.Concatenate(name="with_labels")([outputs, embedded])
        return keras.Model(inputs, self._upwards(outputs, image), name="generator")

    def _images(self, latents, image):
        return self._upwards(self._from_dense(latents, image, channels=self._dense_width(image)), image)

    def _dense_width(self, image):
        return self.wide(64 if _is_like_mnist(image) else 256)

    def _from_dense(self, latents, image, *, channels):
        layers = self._generator_layers(image)
        outputs = layers.dense(latents, image.bottom**2 * channels, "dense", use_bias=False)
        outputs = layers.activation(layers.norm(outputs, "norm_0"), "relu_0")
        return keras.layers.Reshape((image.bottom, image.bottom, channels), name="reshape")(outputs)

    def _upwards(self, outputs, image):
        layers = self._generator_layers(image)
        if _is_like_mnist(image):
            plan = mnist_deconvolutions(self, image)
        else:
            plan = [(self.wide(max(64, 512 >> level)), 2) for level in range(1, image.levels + 1)]
        for index, (width, strides) in enumerate(plan, 1):
            outputs = layers.deconvolution(outputs, width, 5, f"deconv_{index}", strides=strides, use_bias=False)
            outputs = layers.activation(layers.norm(outputs, f"norm_{index}"), f"relu_{index}")
        last = {"strides": 1, "use_bias": False, "activation": self.output_activation, "dtype": "float32"}
        return layers.deconvolution(outputs, image.channels, 5, "output", **last)

    def _logits(self, images, image, heads):
        layers = self._discriminator_layers()
        outputs = keras.layers.Flatten(name="flatten", dtype="float32")(self._trunk(images, image))
        outputs = layers.dense(outputs, 50, "features", dtype="float32")
        return layers.dense(outputs, heads, "output", dtype="float32")

    def _latents(self, images, image):
        outputs = keras.layers.Flatten(name="flatten")(self._trunk(images, image))
        return self._discriminator_layers().dense(outputs, self.latent_dim, "output", dtype="float32")

    def _trunk(self, images, image):
        layers = self._discriminator_layers()
        widths = (64, 128, 256)
        for index, width in enumerate(widths, 1):
            images = layers.convolution(images, self.wide(width), 5, f"conv_{index}", strides=2)
            images = layers.norm(images, f"norm_{index}")
            images = layers.activation(images, "trunk" if index == len(widths) else f"relu_{index}")
        return images

    def _generator_layers(self, image):
        if _is_like_mnist(image):
            return self.layers(epsilon=1e-3, momentum=0.99, negative_slope=0.3)
        return self.layers(epsilon=1e-3, momentum=0.9, negative_slope=0.1)

    def _discriminator_layers(self):
        return self.layers(epsilon=1e-3, momentum=0.99, negative_slope=0.3)


def _is_like_mnist(image):
    return image.size in (8, 16, 28)
