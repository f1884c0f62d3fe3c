"""The networks of Rumi-GAN's experiments, as in its authors' code (Asokan and Seelamantula, NeurIPS 2020)."""

import dataclasses
from typing import Literal, NamedTuple

import keras

from tfgan2.networks.image_networks import DeconvolvingNetworks
from tfgan2.ranges import Width

Data = Literal["mnist", "cifar10", "celeba"]
Variant = Literal["rumi", "baseline"]

_SLOPE, _SMALL_SLOPE = 0.3, 0.1  # of leaky ReLU: Keras' default, and the slope that the code states


class _Plan(NamedTuple):
    """The differences between the networks for one data set and for another.

    Attributes:
      sizes: Supported heights and widths of images, in pixels.
      momentum: Momentum of batch norm.
      widths: Channels of the discriminator's convolutions, for sizes above 8.
      features: Units of the dense layer before the logit, for Rumi-GAN and for baselines; 0 is no such layer.
    """

    sizes: tuple[int, ...]
    momentum: float
    widths: tuple[int, ...]
    features: dict[str, int]


_PLANS = {
    "mnist": _Plan((8, 16, 28), 0.99, (64, 64, 128), {"rumi": 50, "baseline": 50}),
    "cifar10": _Plan((32,), 0.9, (64, 128, 256, 512), {"rumi": 50, "baseline": 512}),
    "celeba": _Plan((32, 64, 128), 0.99, (64, 128, 256, 512), {"rumi": 0, "baseline": 0}),
}


@dataclasses.dataclass(kw_only=True)
class RumiCNN(DeconvolvingNetworks):
    """Rumi-GAN's CNNs for MNIST (28 pixels; also 16 and 8), CIFAR-10 (32) and CelebA (32, 64 or 128).

    All kernels are 5 x 5. Initial weights are Glorot's, batch norm has the epsilon 1e-3, and activations are leaky
    ReLUs. The pair for 8 pixels is ours: that for MNIST with one level less. No encoder is published; this one is the
    discriminator's convolutions with a dense layer.

    Layers for samples of 28 x 28 x 1:

    | network       | layers                            | output       |
    | ------------- | --------------------------------- | ------------ |
    | generator     | dense, batch norm, LReLU 0.3      | 7 x 7 x 256  |
    |               | deconv 5/1, batch norm, LReLU 0.3 | 7 x 7 x 128  |
    |               | deconv 5/2, batch norm, LReLU 0.3 | 14 x 14 x 64 |
    |               | deconv 5/1, batch norm, LReLU 0.3 | 14 x 14 x 32 |
    |               | deconv 5/2, batch norm, LReLU 0.3 | 28 x 28 x 1  |
    |               | deconv 5/1, tanh                  | 28 x 28 x 1  |
    | discriminator | conv 5/2, batch norm, LReLU 0.3   | 14 x 14 x 64 |
    |               | conv 5/2, batch norm, LReLU 0.3   | 7 x 7 x 64   |
    |               | conv 5/2, batch norm, LReLU 0.3   | 4 x 4 x 128  |
    |               | dense, LReLU 0.3                  | 50           |
    |               | dense                             | 1            |
    | encoder       | conv 5/2, batch norm, LReLU 0.3   | 14 x 14 x 64 |
    |               | conv 5/2, batch norm, LReLU 0.3   | 7 x 7 x 64   |
    |               | conv 5/2, batch norm, LReLU 0.3   | 4 x 4 x 128  |
    |               | dense                             | 100          |

    Convolutions are written as kernel/stride.

    Args:
      published_for: Data set of the published networks: mnist, cifar10 or celeba. None chooses by the size of the
        images: mnist for 8, 16 and 28, cifar10 for 32, celeba for 64 and 128.
      variant: Networks of Rumi-GAN itself (rumi) or of its baselines (baseline). In the authors' code those for mnist
        differ by activations before batch norm in the discriminator, those for cifar10 by 512 features and equal
        slopes. The paper says that the networks are the same.
      output_activation: Last activation of the generator. It sets the range of the scaled data: tanh [-1, 1], as
        published for mnist and cifar10, or sigmoid [0, 1], as for celeba.
      batch_norm: Statistics of batch norm outside of training: moving averages, or those of the batch.

    Further arguments are those of `DeconvolvingNetworks`, with its errors.
    """

    published_for: Data | None = None
    variant: Variant = "rumi"
    latent_dim: Width = 100

    def _images(self, latents, image):
        makers = {"mnist": self._mnist, "cifar10": self._cifar10, "celeba": self._celeba}
        return makers[self._data_of(image)](latents, image)

    def _mnist(self, latents, image):
        layers, bottom = self._layers(image), image.bottom
        outputs = layers.dense(latents, bottom**2 * self.wide(256), "dense", use_bias=False)
        outputs = self._normed(layers, outputs, 0)
        outputs = keras.layers.Reshape((bottom, bottom, self.wide(256)), name="reshape")(outputs)
        for index, (width, strides) in enumerate(mnist_deconvolutions(self, image), 1):
            outputs = layers.deconvolution(outputs, width, 5, f"deconv_{index}", strides=strides, use_bias=False)
            outputs = self._normed(layers, outputs, index)
        return self._output(layers, outputs, image, strides=1, use_bias=False)

    def _cifar10(self, latents, image):
        outputs = keras.layers.Reshape((1, 1, self.latent_dim), name="reshape")(latents)
        for index, width in enumerate((512, 256, 128, 64), 1):
            layers = self._layers(image, _SMALL_SLOPE if index == 1 or self.variant == "baseline" else _SLOPE)
            outputs = layers.deconvolution(outputs, self.wide(width), 5, f"deconv_{index}")
            outputs = self._normed(layers, outputs, index)
        return self._output(layers, outputs, image, strides=2)

    def _celeba(self, latents, image):
        layers, bottom = self._layers(image), image.size // 16
        outputs = layers.dense(latents, bottom**2 * self.wide(1024), "dense", use_bias=False)
        outputs = layers.activation(outputs, "relu_0")
        outputs = keras.layers.Reshape((bottom, bottom, self.wide(1024)), name="reshape")(outputs)
        for index, width in enumerate((512, 256, 128), 1):
            outputs = layers.deconvolution(outputs, self.wide(width), 5, f"deconv_{index}", use_bias=False)
            outputs = self._normed(layers, outputs, index)
        return self._output(layers, outputs, image, strides=2, use_bias=False)

    def _logits(self, images, image, heads):
        layers, data = self._layers(image), self._data_of(image)
        units = _PLANS[data].features[self.variant]
        outputs = self._trunk(images, image, last="trunk" if units else "features")
        outputs = keras.layers.Flatten(name="flatten", dtype="float32")(outputs)
        if data == "mnist":
            outputs = layers.dense(outputs, units, "dense", dtype="float32")
            outputs = layers.activation(outputs, "features", dtype="float32")
        elif units:
            outputs = layers.dense(outputs, units, "features", dtype="float32")
        return layers.dense(outputs, heads, "output", dtype="float32")

    def _latents(self, images, image):
        outputs = keras.layers.Flatten(name="flatten")(self._trunk(images, image, last="trunk"))
        return self._layers(image).dense(outputs, self.latent_dim, "output", dtype="float32")

    def _trunk(self, images, image, *, last):
        """The discriminator's convolutions. The last layer has the name `last`."""
        data = self._data_of(image)
        layers = self._layers(image, _SMALL_SLOPE if data == "cifar10" else _SLOPE)
        widths = (64, 128) if image.size == 8 else _PLANS[data].widths
        activates_first = self.variant == "baseline" and data == "mnist"
        for index, width in enumerate(widths, 1):
            ends = index == len(widths)
            images = layers.convolution(images, self.wide(width), 5, f"conv_{index}", strides=2)
            if activates_first:
                images = layers.activation(images, f"relu_{index}")
                images = layers.norm(images, last if ends else f"norm_{index}")
            else:
                images = layers.norm(images, f"norm_{index}")
                images = layers.activation(images, last if ends else f"relu_{index}")
        return images

    def _layers(self, image, negative_slope=_SLOPE):
        momentum = _PLANS[self._data_of(image)].momentum
        return self.layers(epsilon=1e-3, momentum=momentum, negative_slope=negative_slope)

    def _normed(self, layers, outputs, index):
        return layers.activation(layers.norm(outputs, f"norm_{index}"), f"relu_{index}")

    def _output(self, layers, outputs, image, **options):
        activation = {"activation": self.output_activation, "dtype": "float32"}
        return layers.deconvolution(outputs, image.channels, 5, "output", **activation, **options)

    def _data_of(self, image):
        """The data set of the published networks for images of this size."""
        fitting = [data for data, plan in _PLANS.items() if image.size in plan.sizes]
        if self.published_for is None and fitting:
            return fitting[0]
        if self.published_for in fitting:
            return self.published_for
        sizes = {size for data, plan in _PLANS.items() for size in plan.sizes if self.published_for in (None, data)}
        of_data = f" as published for {self.published_for}" * (self.published_for is not None)
        raise ValueError(
            f"images have {image.size} x {image.size} pixels; rumi_cnn{of_data} takes "
            f"{', '.join(map(str, sorted(sizes)))}. Set --data.image_size to one of them."
        )


def mnist_deconvolutions(family, image):
    """(Channels, stride) of the deconvolutions of the generator for MNIST, without the last one."""
    # At 28 pixels the last one of these has the channels of the image.
    plan = [(family.wide(128), 1), (family.wide(64), 2), (family.wide(32), 1), (image.channels, 2)]
    return plan[: 2 * image.levels]
