"""PGMGAN's networks for points (CVPR 2021), those of self-conditioned GANs."""

import math
from typing import Literal

import keras

from tfgan2.layers.conditional_scale import UnitEmbedding
from tfgan2.networks.blocks import Mixture, mixture_inputs
from tfgan2.ranges import Positive, Repeats, Width, checked


class PGMGANMLP:
    """Perceptrons for points: batch norm and ReLU in the generator, maxout in the discriminator.

    Several generators share all layers. Each partition is an input vector of length 1 beside the latents. The
    discriminator has one head for each partition. Initial weights are Glorot's (2010).

    Layers for samples of 2:

    | network       | layers                      | output  |
    | ------------- | --------------------------- | ------- |
    | generator     | 4 x dense, batch norm, ReLU | 400     |
    |               | dense                       | 2       |
    |               | times 0.02                  | 2       |
    | discriminator | times 50                    | 2       |
    |               | dense                       | 5 x 200 |
    |               | maximum                     | 200     |
    |               | dense                       | 5 x 200 |
    |               | maximum                     | 200     |
    |               | dense                       | 5 x 200 |
    |               | maximum                     | 200     |
    |               | dense                       | 1       |

    Args:
      latent_dim: Dimension of the latents.
      embedding_dim: Dimension of the vector of a partition.
      hidden_units: Width of each hidden layer of the generator.
      hidden_layers: Number of hidden layers of the generator.
      maxout_units: Width of each hidden layer of the discriminator.
      maxout_pieces: Number of linear functions in a unit's maximum.
      discriminator_hidden_layers: Number of hidden layers of the discriminator.
      magnification: Factor of the points inside the networks. The authors' code scales its data so.
      output_activation: Last activation of the generator. It sets the range of the scaled data: sigmoid [0, 1], tanh
        [-1, 1], linear that of the data.

    Raises:
      ArgumentError: a value is out of range.
    """

    @checked
    def __init__(
        self,
        *,
        latent_dim: Width = 2,
        embedding_dim: Width = 32,
        hidden_units: Width = 400,
        hidden_layers: Repeats = 4,
        maxout_units: Width = 200,
        maxout_pieces: Repeats = 5,
        discriminator_hidden_layers: Repeats = 3,
        magnification: Positive = 50.0,
        output_activation: Literal["sigmoid", "tanh", "linear"] = "linear",
    ):
        self.latent_dim = latent_dim
        self.output_activation = output_activation
        self._embedding_dim = embedding_dim
        self._widths = [hidden_units] * hidden_layers
        self._maxout_widths = [maxout_units] * discriminator_hidden_layers
        self._pieces = maxout_pieces
        self._magnification = magnification

    def generator(self, sample_shape, *, generators=1):
        """Makes the network: latents [n, latent_dim] -> samples [n, *sample_shape].

        Several generators take (latents, choices int32 [n]).
        """
        inputs, outputs = mixture_inputs(self.latent_dim, generators)
        if isinstance(outputs, Mixture):
            embedding = UnitEmbedding(generators, self._embedding_dim, name="embedding")(outputs.choices)
            outputs = keras.layers.Concatenate(name="with_partition")([outputs.latents, embedding])
        for index, width in enumerate(self._widths, 1):
            outputs = keras.layers.Dense(width, name=f"hidden_{index}")(outputs)
            outputs = keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"norm_{index}")(outputs)
            outputs = keras.layers.ReLU(name=f"relu_{index}")(outputs)
        outputs = keras.layers.Dense(math.prod(sample_shape), name="output", dtype="float32")(outputs)
        outputs = keras.layers.Rescaling(1 / self._magnification, name="reduced", dtype="float32")(outputs)
        outputs = keras.layers.Activation(self.output_activation, name="activation", dtype="float32")(outputs)
        if len(sample_shape) > 1:
            outputs = keras.layers.Reshape(sample_shape, dtype="float32")(outputs)
        return keras.Model(inputs, outputs, name="generator")

    def discriminator(self, sample_shape, *, heads=1):
        """Makes the network: samples [n, *sample_shape] -> logits [n, heads]. Its last hidden layer is "features"."""
        samples = outputs = keras.Input(sample_shape)
        if len(sample_shape) > 1:
            outputs = keras.layers.Flatten(name="flatten")(outputs)
        outputs = keras.layers.Rescaling(self._magnification, name="magnified", dtype="float32")(outputs)
        names = [f"maxout_{index + 1}" for index in range(len(self._maxout_widths) - 1)] + ["features"]
        for name, width in zip(names, self._maxout_widths, strict=True):
            outputs = keras.layers.Dense(width * self._pieces, name=f"{name}_pieces")(outputs)
            outputs = keras.layers.Reshape((self._pieces, width), name=f"{name}_reshape")(outputs)
            outputs = keras.layers.GlobalMaxPooling1D(name=name)(outputs)
        logits = keras.layers.Dense(heads, name="output", dtype="float32")(outputs)
        return keras.Model(samples, logits, name="discriminator")
