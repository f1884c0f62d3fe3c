"""The layers of an image network in one style, and residual blocks of them."""

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import keras

from tfgan2.layers.chosen import ChosenDense
from tfgan2.layers.resampling import Blur
from tfgan2.layers.spectral import SpectralConv2D, SpectralDense


def glorot():
    """Glorot's uniform initializer. Each layer needs a new one, because an initializer repeats its numbers."""
    return keras.initializers.VarianceScaling(1.0, "fan_avg", "uniform")


def doubled_glorot():
    """Glorot's uniform initializer with twice the variance."""
    return keras.initializers.VarianceScaling(2.0, "fan_avg", "uniform")


def normal():
    """The initializer N(0, 0.02^2), as of DCGAN."""
    return keras.initializers.RandomNormal(stddev=0.02)


class Mixture(NamedTuple):
    """The latents of a mixture of generators, which share all layers but the dense layer that takes them.

    Attributes:
      latents: [n, latent_dim].
      choices: The generator of each row, int32 [n].
      generators: Number of generators.
    """

    latents: keras.KerasTensor
    choices: keras.KerasTensor
    generators: int


def mixture_inputs(latent_dim, generators):
    """The inputs of a generator network, and the input of its first dense layer: a tensor, or a `Mixture`."""
    latents = keras.Input((latent_dim,), name="latents")
    if generators == 1:
        return latents, latents
    choices = keras.Input((), dtype="int32", name="choices")
    return [latents, choices], Mixture(latents, choices, generators)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Layers:
    """Makes the layers of one network. Every method maps a tensor to a tensor by a new layer of the given name.

    Attributes:
      initializer: Makes the initializer of a kernel.
      residual_initializer: Makes the initializer of a 3x3 convolution in a residual block.
      negative_slope: Slope of the leaky ReLU below zero; 0 is ReLU.
      batch_norm: Makes a batch norm layer of a name; None for networks without batch norm.
      bias_before_norm: Whether layers before batch norm have a bias, which batch norm cancels.
      spectral_norm: Whether every kernel is divided by its spectral norm.
      blurs: Whether a blur follows each deconvolution that changes the size, before its activation.
      halves_by_convolution: Whether a strided 1x1 convolution halves the size instead of average pooling.
      widens_first: Whether the first convolution of a halving residual block has the width of the output instead of
        that of the input.
    """

    initializer: Callable = glorot
    residual_initializer: Callable = glorot
    negative_slope: float = 0.0
    batch_norm: Callable | None = None
    bias_before_norm: bool = True
    spectral_norm: bool = False
    blurs: bool = False
    halves_by_convolution: bool = False
    widens_first: bool = True

    def replace(self, **changes):
        """These layers with some attributes changed."""
        return dataclasses.replace(self, **changes)

    def dense(self, inputs, units, name, **options):
        if isinstance(inputs, Mixture):
            dense = ChosenDense(units, inputs.generators, kernel_initializer=self.initializer(), name=name, **options)
            return dense((inputs.latents, inputs.choices))
        dense = SpectralDense if self.spectral_norm else keras.layers.Dense
        return dense(units, kernel_initializer=self.initializer(), name=name, **options)(inputs)

    def convolution(self, inputs, filters, size, name, *, residual=False, **options):
        convolution = SpectralConv2D if self.spectral_norm else keras.layers.Conv2D
        initializer = (self.residual_initializer if residual else self.initializer)()
        return convolution(filters, size, padding="same", kernel_initializer=initializer, name=name, **options)(inputs)

    def deconvolution(self, inputs, filters, size, name, *, strides=2, activation=None, dtype=None, **options):
        blurs = self.blurs and strides > 1
        options |= {"strides": strides, "padding": "same", "kernel_initializer": self.initializer(), "dtype": dtype}
        options |= {"activation": None if blurs else activation}
        outputs = keras.layers.Conv2DTranspose(filters, size, name=name, **options)(inputs)
        if not blurs:
            return outputs
        outputs = Blur(name=f"{name}_blur", dtype=dtype)(outputs)
        return keras.layers.Activation(activation, name=f"{name}_act", dtype=dtype)(outputs) if activation else outputs

    def norm(self, inputs, name):
        return self.batch_norm(name)(inputs) if self.batch_norm else inputs

    def activation(self, inputs, name, **options):
        if not self.negative_slope:
            return keras.layers.ReLU(name=name, **options)(inputs)
        return keras.layers.LeakyReLU(self.negative_slope, name=name, **options)(inputs)

    def double(self, inputs, name):
        """Nearest upsampling, [n, size, size, c] -> [n, 2 size, 2 size, c]."""
        return keras.layers.UpSampling2D(2, interpolation="nearest", name=name)(inputs)

    def halve(self, inputs, name):
        """[n, size, size, c] -> [n, size / 2, size / 2, c]."""
        if self.halves_by_convolution:
            # A 1x1 convolution of stride 2 uses only every second pixel. These are selected first: on some processors
            # the gradient of a strided pointwise convolution writes outside of its memory (oneDNN).
            return self.convolution(inputs[:, ::2, ::2], inputs.shape[-1], 1, name)
        return keras.layers.AveragePooling2D(2, name=name)(inputs)


def up_block(layers, inputs, width, name):
    """Residual block that doubles the size: norm, activation, double, conv3, norm, activation, conv3; shortcut double,
    conv1.
    """
    outputs = layers.norm(inputs, f"{name}_norm_1")
    outputs = layers.activation(outputs, f"{name}_relu_1")
    outputs = layers.double(outputs, f"{name}_double")
    outputs = layers.convolution(outputs, width, 3, f"{name}_conv_1", residual=True)
    outputs = layers.norm(outputs, f"{name}_norm_2")
    outputs = layers.activation(outputs, f"{name}_relu_2")
    outputs = layers.convolution(outputs, width, 3, f"{name}_conv_2", residual=True)
    shortcut = layers.double(inputs, f"{name}_s_double")
    shortcut = layers.convolution(shortcut, width, 1, f"{name}_s_conv")
    return keras.layers.Add(name=f"{name}_sum")([outputs, shortcut])


def down_block(layers, inputs, width, name, *, halves=True):
    """Residual block that keeps or halves the size: norm, activation, conv3, norm, activation, conv3, halve.

    The shortcut is conv1, halve. It is the identity if neither size nor width changes.
    """
    inner = width if layers.widens_first else inputs.shape[-1]
    outputs = layers.norm(inputs, f"{name}_norm_1")
    outputs = layers.activation(outputs, f"{name}_relu_1")
    outputs = layers.convolution(outputs, inner, 3, f"{name}_conv_1", residual=True)
    outputs = layers.norm(outputs, f"{name}_norm_2")
    outputs = layers.activation(outputs, f"{name}_relu_2")
    outputs = layers.convolution(outputs, width, 3, f"{name}_conv_2", residual=True)
    shortcut = inputs
    if halves or inputs.shape[-1] != width:
        shortcut = layers.convolution(shortcut, width, 1, f"{name}_s_conv")
    if halves:
        outputs = layers.halve(outputs, f"{name}_halve")
        shortcut = layers.halve(shortcut, f"{name}_s_halve")
    return keras.layers.Add(name=f"{name}_sum")([outputs, shortcut])


def first_block(layers, images, width, name):
    """Residual block for images, without a first activation: conv3, activation, conv3, halve; shortcut halve, conv1."""
    outputs = layers.convolution(images, width, 3, f"{name}_conv_1", residual=True)
    outputs = layers.activation(outputs, f"{name}_relu")
    outputs = layers.convolution(outputs, width, 3, f"{name}_conv_2", residual=True)
    outputs = layers.halve(outputs, f"{name}_halve")
    shortcut = layers.halve(images, f"{name}_s_halve")
    shortcut = layers.convolution(shortcut, width, 1, f"{name}_s_conv")
    return keras.layers.Add(name=f"{name}_sum")([outputs, shortcut])
