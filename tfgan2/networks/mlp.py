"""Multi-layer perceptrons for points."""

import functools
import math
from typing import Literal

import keras

from tfgan2.networks.blocks import Layers, Mixture, mixture_inputs
from tfgan2.networks.conditional_networks import ConditionalNetworks
from tfgan2.networks.gaussian_encoders import GaussianEncoders
from tfgan2.ranges import BelowOne, Repeats, Width, checked

_INITIALIZERS = {
    "he_normal": lambda: keras.initializers.VarianceScaling(2.0, "fan_in", "untruncated_normal"),
    "glorot_uniform": keras.initializers.GlorotUniform,
    "normal_0.01": lambda: keras.initializers.RandomNormal(stddev=0.01),
    # Within 1.43 sqrt(3 / fan-in).
    "uniform_1.43": lambda: keras.initializers.VarianceScaling(1.43**2, "fan_in", "uniform"),
}
_OUTPUT_INITIALIZERS = {"uniform_1.43": keras.initializers.GlorotUniform}


class MLP(ConditionalNetworks, GaussianEncoders):
    """Perceptrons for points of any dimension. Hidden layers are dense layers with ReLU or leaky ReLU.

    The defaults are GN-GAN's 2-D networks (AAAI 2019, Table 1): two hidden layers of 64, weights N(0, 2 / fan-in), zero
    biases, and a sigmoid on the generator, because the data are scaled to [0, 1]. LOGAN's toy networks (AAAI 2018) have
    three hidden layers of 512, the negative slope 0.2, a linear generator and the initializer uniform_1.43.

    Layers for samples of 2:

    | network       | layers          | output |
    | ------------- | --------------- | ------ |
    | generator     | 2 x dense, ReLU | 64     |
    |               | dense, sigmoid  | 2      |
    | discriminator | 2 x dense, ReLU | 64     |
    |               | dense           | 1      |
    | encoder       | 2 x dense, ReLU | 64     |
    |               | dense           | 2      |

    Args:
      latent_dim: Dimension of the latents.
      hidden_units: Width of each hidden layer.
      hidden_layers: Number of hidden layers.
      discriminator_hidden_layers: Number of hidden layers of the discriminator; None takes `hidden_layers`.
      output_activation: Last activation of the generator. It sets the range of the scaled data: sigmoid [0, 1], tanh
        [-1, 1], linear that of the data.
      spectral_norm: Whether every kernel of the discriminator is divided by its spectral norm.
      initializer: Distribution of the initial weights: he_normal, glorot_uniform, normal_0.01 with that standard
        deviation, or LOGAN's uniform_1.43, which is uniform within 1.43 sqrt(3 / fan-in) in hidden layers and
        glorot_uniform in the last.
      negative_slope: Slope of the hidden layers' leaky ReLU below zero, in [0, 1); 0 is ReLU.

    Raises:
      ArgumentError: a value is out of range.
    """

    @checked
    def __init__(
        self,
        *,
        latent_dim: Width = 2,
        hidden_units: Width = 64,
        hidden_layers: Repeats = 2,
        discriminator_hidden_layers: Repeats | None = None,
        output_activation: Literal["sigmoid", "tanh", "linear"] = "sigmoid",
        spectral_norm: bool = False,
        initializer: Literal["he_normal", "glorot_uniform", "normal_0.01", "uniform_1.43"] = "he_normal",
        negative_slope: BelowOne = 0.0,
    ):
        if discriminator_hidden_layers is None:
            discriminator_hidden_layers = hidden_layers
        self.latent_dim = latent_dim
        self.output_activation = output_activation
        self.spectral_norm = spectral_norm
        self._widths = [hidden_units] * hidden_layers
        self._discriminator_widths = [hidden_units] * discriminator_hidden_layers
        self._initializer = _INITIALIZERS[initializer]
        self._output_initializer = _OUTPUT_INITIALIZERS.get(initializer, self._initializer)
        self._activation = "relu"
        if negative_slope:
            self._activation = functools.partial(keras.activations.leaky_relu, negative_slope=negative_slope)

    def generator(self, sample_shape, *, generators=1):
        """Makes the network: latents [n, latent_dim] -> samples [n, *sample_shape].

        Several generators take (latents, choices int32 [n]). They share all layers but the first.
        """
        inputs, latents = mixture_inputs(self.latent_dim, generators)
        outputs = self._perceptron(latents, sample_shape, self._widths, self.output_activation)
        return keras.Model(inputs, outputs, name="generator")

    def discriminator(self, sample_shape, *, heads=1):
        """Makes the network: samples [n, *sample_shape] -> logits [n, heads]. Its last hidden layer is "features"."""
        samples = keras.Input(sample_shape)
        return keras.Model(samples, self._logits(samples, heads), name="discriminator")

    def joint_discriminator(self, sample_shape):
        """Makes the network: (samples [n, *sample_shape], latents [n, latent_dim]) -> logits [n, 1]."""
        samples, latents = keras.Input(sample_shape, name="samples"), keras.Input((self.latent_dim,), name="latents")
        flat = keras.layers.Flatten()(samples) if len(sample_shape) > 1 else samples
        logits = self._logits(keras.layers.Concatenate(name="pair")([flat, latents]), 1)
        return keras.Model([samples, latents], logits, name="discriminator")

    def encoder(self, sample_shape):
        """Makes the network: samples [n, *sample_shape] -> latents [n, latent_dim]."""
        samples = keras.Input(sample_shape)
        outputs = self._perceptron(samples, (self.latent_dim,), self._widths, "linear")
        return keras.Model(samples, outputs, name="encoder")

    def _logits(self, inputs, heads):
        return self._perceptron(
            inputs, (heads,), self._discriminator_widths, "linear", spectral_norm=self.spectral_norm
        )

    def _perceptron(self, inputs, output_shape, widths, activation, *, spectral_norm=False):
        layers = Layers(initializer=self._initializer, spectral_norm=spectral_norm)
        outputs = inputs
        if not isinstance(inputs, Mixture) and len(inputs.shape) > 2:
            outputs = keras.layers.Flatten()(outputs)
        names = [f"hidden_{index + 1}" for index in range(len(widths) - 1)] + ["features"]
        for layer_name, width in zip(names, widths, strict=True):
            outputs = layers.dense(outputs, width, layer_name, activation=self._activation)
        layers = layers.replace(initializer=self._output_initializer)
        # float32 keeps losses and samples exact under mixed precision.
        outputs = layers.dense(outputs, math.prod(output_shape), "output", activation=activation, dtype="float32")
        if len(output_shape) > 1:
            outputs = keras.layers.Reshape(output_shape, dtype="float32")(outputs)
        return outputs
