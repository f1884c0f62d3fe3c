"""R3GAN's residual networks (NeurIPS 2024)."""

import dataclasses
import math
from typing import Literal, NamedTuple

import keras

from tfgan2.layers.basis import FromBasis, OntoBasis
from tfgan2.layers.grouped_convolution import GroupedConv2D
from tfgan2.layers.resampling import BilinearDouble
from tfgan2.networks.blocks import Layers
from tfgan2.networks.image_networks import BatchNorm, ImageNetworks, image_of
from tfgan2.ranges import Width

Preset = Literal["tiny", "small", "base"]


class Plan(NamedTuple):
    """The sizes of a preset's networks.

    Attributes:
      pixels_times_width: The width of a stage is this number divided by the stage's height in pixels.
      narrowest: Smallest width.
      widest: Largest width.
      blocks: Number of residual blocks in each stage.
    """

    pixels_times_width: int
    narrowest: int
    widest: int
    blocks: int


PLANS = {
    "tiny": Plan(512, 16, 128, 1),
    "small": Plan(1024, 32, 256, 1),
    "base": Plan(8192, 64, 512, 2),
}

GROUP_WIDTH = 16
"""Number of channels in a group of a grouped convolution."""

_EXPANSION = 2
_SLOPE = 0.2
_GAIN = math.sqrt(2.0 / (1.0 + _SLOPE**2))
"""Gain of a convolution that keeps the variance through a leaky ReLU."""


@dataclasses.dataclass(kw_only=True)
class R3GANResNet(ImageNetworks):
    """R3GAN's ResNets without normalisation, for losses with gradient penalties on real and generated samples.

    Both networks have k stages, from b = 4 pixels to the size of the image (b = 7 for 28 pixels, 6 for 48). A block is
    x + conv 1 x 1 (LReLU (conv 3 x 3 in groups of 16 channels (LReLU (conv 1 x 1 to twice the width (x))))) with slope
    0.2. Doubling is bilinear; halving takes the mean of 2 x 2 pixels. The initial weights are those of Fixup (Zhang et
    al., 2019): the last convolution of each block is 0, and the others have the gain sqrt(2 / 1.04) L^(-1/4) for L
    blocks. They keep the variance of the activations near 1 without a norm.

    The authors' networks for 32 pixels have two blocks of 768 channels in every stage, no bias before the logit, and no
    activation at the end of the generator. Here stages with more pixels are narrower. The generator receives labels as
    an embedding beside the latents. The encoder (the discriminator with other outputs) and the discriminator of pairs
    (two dense layers on features and latents) are additions.

    Layers for samples of 32 x 32 x 3:

    | network       | layers            | output       |
    | ------------- | ----------------- | ------------ |
    | generator     | dense             | 256          |
    |               | from basis        | 4 x 4 x 256  |
    |               | residual block    | 4 x 4 x 256  |
    |               | conv 1/1          | 4 x 4 x 128  |
    |               | bilinear doubling | 8 x 8 x 128  |
    |               | residual block    | 8 x 8 x 128  |
    |               | conv 1/1          | 8 x 8 x 64   |
    |               | bilinear doubling | 16 x 16 x 64 |
    |               | residual block    | 16 x 16 x 64 |
    |               | conv 1/1          | 16 x 16 x 32 |
    |               | bilinear doubling | 32 x 32 x 32 |
    |               | residual block    | 32 x 32 x 32 |
    |               | conv 1/1, tanh    | 32 x 32 x 3  |
    | discriminator | conv 1/1          | 32 x 32 x 32 |
    |               | residual block    | 32 x 32 x 32 |
    |               | mean of 2 x 2     | 16 x 16 x 32 |
    |               | conv 1/1          | 16 x 16 x 64 |
    |               | residual block    | 16 x 16 x 64 |
    |               | mean of 2 x 2     | 8 x 8 x 64   |
    |               | conv 1/1          | 8 x 8 x 128  |
    |               | residual block    | 8 x 8 x 128  |
    |               | mean of 2 x 2     | 4 x 4 x 128  |
    |               | conv 1/1          | 4 x 4 x 256  |
    |               | residual block    | 4 x 4 x 256  |
    |               | onto basis        | 256          |
    |               | dense             | 1            |
    | encoder       | conv 1/1          | 32 x 32 x 32 |
    |               | residual block    | 32 x 32 x 32 |
    |               | mean of 2 x 2     | 16 x 16 x 32 |
    |               | conv 1/1          | 16 x 16 x 64 |
    |               | residual block    | 16 x 16 x 64 |
    |               | mean of 2 x 2     | 8 x 8 x 64   |
    |               | conv 1/1          | 8 x 8 x 128  |
    |               | residual block    | 8 x 8 x 128  |
    |               | mean of 2 x 2     | 4 x 4 x 128  |
    |               | conv 1/1          | 4 x 4 x 256  |
    |               | residual block    | 4 x 4 x 256  |
    |               | onto basis        | 256          |
    |               | dense             | 64           |

    Convolutions are written as kernel/stride.

    Args:
      preset: Widths and depth: tiny has max(16, min(512 / s, 128)) channels at s x s pixels and 1 block in a stage;
        small max(32, min(1024 / s, 256)) and 1; base max(64, min(8192 / s, 512)) and 2.
      width_multiplier: Factor of every width, which is rounded to a multiple of 8.

    Further arguments are those of `ImageNetworks`, with its errors.
    """

    preset: Preset = "small"
    latent_dim: Width = 64
    batch_norm: BatchNorm = dataclasses.field(default="moving", init=False, repr=False)
    synchronized: bool = dataclasses.field(default=False, init=False, repr=False)

    def conditional_generator(self, sample_shape, class_count):
        image = image_of(sample_shape)
        inputs = keras.Input((self.latent_dim + class_count,))
        latents, labels = inputs[:, : self.latent_dim], inputs[:, self.latent_dim :]
        normal = keras.initializers.RandomNormal(stddev=1.0)
        embedding = keras.layers.Dense(self.latent_dim, use_bias=False, kernel_initializer=normal, name="embedding")
        joined = keras.layers.Concatenate(name="with_labels")([latents, embedding(labels)])
        return keras.Model(inputs, self._images(joined, image), name="generator")

    def joint_discriminator(self, sample_shape):
        """(Images [n, *sample_shape], latents [n, latent_dim]) -> logits [n, 1].

        Raises:
          ValueError: as `generator`.
        """
        image = image_of(sample_shape)
        images, latents = keras.Input(sample_shape, name="samples"), keras.Input((self.latent_dim,), name="latents")
        outputs = self._projected(self.seen(images), image, "projection")
        pair = keras.layers.Concatenate(name="pair", dtype="float32")([outputs, latents])
        for index in (1, 2):
            pair = _dense(pair, outputs.shape[-1], f"dense_{index}", gain=_GAIN, use_bias=True, dtype="float32")
            pair = keras.layers.LeakyReLU(_SLOPE, name=("relu", "features")[index - 1], dtype="float32")(pair)
        return keras.Model(
            [images, latents], _dense(pair, 1, "output", use_bias=True, dtype="float32"), name="discriminator"
        )

    def wide(self, published):
        return 8 * max(1, round(published * self.width_multiplier / 8))

    def stages(self, image):
        """(Height in pixels, width in channels) of each stage of the generator."""
        plan = PLANS[self.preset]
        sizes = [image.bottom << level for level in range(image.levels + 1)]
        widths = (min(max(plan.pixels_times_width // size, plan.narrowest), plan.widest) for size in sizes)
        return [(size, self.wide(width)) for size, width in zip(sizes, widths, strict=True)]

    def _images(self, latents, image):
        (bottom, width), *stages = self.stages(image)
        outputs = FromBasis(bottom, name="basis")(_dense(latents, width, "dense"))
        outputs = self._blocks(outputs, image, "stage_1")
        for index, (_, width) in enumerate(stages, 2):
            outputs = self._to_width(outputs, width, f"stage_{index}_width")
            outputs = BilinearDouble(name=f"stage_{index}_double")(outputs)
            outputs = self._blocks(outputs, image, f"stage_{index}")
        return _convolution(outputs, image.channels, 1, "output", activation=self.output_activation, dtype="float32")

    def _logits(self, images, image, heads):
        return _dense(self._projected(images, image, "features"), heads, "output", use_bias=True, dtype="float32")

    def _latents(self, images, image):
        features = self._projected(images, image, "features")
        return _dense(features, self.latent_dim, "output", use_bias=True, dtype="float32")

    def _projected(self, images, image, name):
        """The discriminator without its last layer: images -> [n, width of the first stage]."""
        stages = self.stages(image)
        outputs = _convolution(images, stages[-1][1], 1, "input")
        for index in range(len(stages), 1, -1):
            outputs = self._blocks(outputs, image, f"stage_{index}")
            outputs = keras.layers.AveragePooling2D(2, name=f"stage_{index}_halve")(outputs)
            outputs = self._to_width(outputs, stages[index - 2][1], f"stage_{index}_width")
        outputs = self._blocks(outputs, image, "stage_1")
        return OntoBasis(image.bottom, stddev=1.0 / image.bottom, name=name, dtype="float32")(outputs)

    def _to_width(self, inputs, width, name):
        return inputs if inputs.shape[-1] == width else _convolution(inputs, width, 1, name)

    def _blocks(self, inputs, image, name):
        blocks = PLANS[self.preset].blocks
        gain = _GAIN * (blocks * len(self.stages(image))) ** -0.25
        for index in range(1, blocks + 1):
            inputs = _block(inputs, gain, f"{name}_block_{index}")
        return inputs


def _block(inputs, gain, name):
    """inputs + conv1(LReLU(grouped conv3(LReLU(conv1(inputs)))))."""
    width = inputs.shape[-1]
    expanded = _EXPANSION * width
    outputs = _convolution(inputs, expanded, 1, f"{name}_conv_1", gain=gain, use_bias=True)
    outputs = keras.layers.LeakyReLU(_SLOPE, name=f"{name}_relu_1")(outputs)
    groups = expanded // GROUP_WIDTH
    outputs = _convolution(outputs, expanded, 3, f"{name}_conv_2", gain=gain, use_bias=True, groups=groups)
    outputs = keras.layers.LeakyReLU(_SLOPE, name=f"{name}_relu_2")(outputs)
    outputs = _convolution(outputs, width, 1, f"{name}_conv_3", gain=0.0)
    return keras.layers.Add(name=f"{name}_sum")([inputs, outputs])


def _convolution(inputs, filters, size, name, *, gain=1.0, groups=1, use_bias=False, **options):
    options |= {"padding": "same", "use_bias": use_bias, "kernel_initializer": _initializer(gain), "name": name}
    if groups > 1:
        return GroupedConv2D(filters, size, groups=groups, **options)(inputs)
    return keras.layers.Conv2D(filters, size, **options)(inputs)


def _dense(inputs, units, name, *, gain=1.0, use_bias=False, **options):
    layers = Layers(initializer=lambda: _initializer(gain))
    return layers.dense(inputs, units, name, use_bias=use_bias, **options)


def _initializer(gain):
    """N(0, gain^2 / fan-in), or zeros."""
    if not gain:
        return "zeros"
    return keras.initializers.VarianceScaling(gain**2, "fan_in", "untruncated_normal")
