"""PGMGAN's networks for points (CVPR 2021), those of self-conditioned GANs."""

import math
from typing import Literal

import keras

from tfgan2.checks import check_at_least, check_choices
from tfgan2.layers.conditional_scale import UnitEmbedding
from tfgan2.networks.blocks import Mixture, mixture_inputs


class PGMGANMLP:
    """Perceptrons for points: batch norm and ReLU against maxout, with a head for each partition.

    The generator takes the partition as a vector of length 1 beside the latents; all else is shared. Weights start as
    in Glorot and Bengio (2010).

    Args:
      latent_dim: dimension of the latents.
      embedding_dim: dimension of the vector that stands for a partition.
      hidden_units: width of each hidden layer of the generator.
      hidden_layers: number of those.
      maxout_units: width of each hidden layer of the discriminator.
      maxout_pieces: linear functions of which such a unit takes the largest.
      discriminator_hidden_layers: number of those layers.
      magnification: the networks work on points times this, above 0, as the authors' code has its data.
      output_activation: last activation of the generator; it sets the range that the data are scaled to: sigmoid
        [0, 1], tanh [-1, 1], linear the data's own.

    Raises:
      ValueError: a size is below 1, or an activation is none of these.
    """

    def __init__(
        self,
        *,
        latent_dim: int = 2,
        embedding_dim: int = 32,
        hidden_units: int = 400,
        hidden_layers: int = 4,
        maxout_units: int = 200,
        maxout_pieces: int = 5,
        discriminator_hidden_layers: int = 3,
        magnification: float = 50.0,
        output_activation: Literal["sigmoid", "tanh", "linear"] = "linear",
    ):
        check_at_least(
            1,
            latent_dim=latent_dim,
            embedding_dim=embedding_dim,
            hidden_units=hidden_units,
            hidden_layers=hidden_layers,
            maxout_units=maxout_units,
            maxout_pieces=maxout_pieces,
            discriminator_hidden_layers=discriminator_hidden_layers,
        )
        if not 0 < magnification < math.inf:
            raise ValueError(f"magnification is {magnification}; it must be above 0 and finite.")
        check_choices(PGMGANMLP.__init__, output_activation=output_activation)
        self.latent_dim = latent_dim
        self.output_activation = output_activation
        self._embedding_dim = embedding_dim
        self._widths = [hidden_units] * hidden_layers
        self._maxout_widths = [maxout_units] * discriminator_hidden_layers
        self._pieces = maxout_pieces
        self._magnification = magnification

    def generator(self, sample_shape, *, generators=1):
        """Latents [n, latent_dim] -> samples [n, *sample_shape]; of several generators (latents, choices int32 [n])."""
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
        """Samples [n, *sample_shape] -> logits [n, heads]; its last hidden layer is called "features"."""
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
