"""The base class of the backbones of partitioners."""

import abc
import dataclasses
from typing import Annotated

import keras

from tfgan2.ranges import In, Width, check, check_fields


@dataclasses.dataclass(kw_only=True)
class BackboneNetworks(abc.ABC):
    """A partitioner and an embedder with one backbone. A subclass, the family, makes the backbone.

    The partitioner learns from the embedder's neighbours. Both hold the backbone as a model of their own, the layer
    "backbone", so that one can take over the weights of the other. They compute their outputs in float32 at least. A
    family is a dataclass of its own arguments alone.

    Args:
      embedding_dim: Dimension of the embeddings.
      projection_units: Width of the hidden layer between the features and the embeddings. SCAN has that of its
        features, 512 of a ResNet-18. An invertible network has as many features as an image has values.

    Raises:
      ArgumentError: a value is out of range.
    """

    embedding_dim: Width = 128
    projection_units: Width = 512

    def __post_init__(self):
        check_fields(self)

    def backbone(self, sample_shape):
        """Makes the network: samples [n, *sample_shape] -> features [n, d].

        Raises:
          ValueError: the family does not support the shape.
        """
        samples = keras.Input(sample_shape, dtype=_exact_dtype())
        return keras.Model(samples, self._features(samples), name="backbone")

    def partitioner(self, sample_shape, partitions):
        """Makes the network: samples [n, *sample_shape] -> logits [n, partitions].

        The logits are linear in the features, by the layer "head".

        Raises:
          ValueError: the family does not support the shape, or there are fewer than 2 partitions.
        """
        check("partitions", Annotated[int, In("[2, inf)")], partitions)
        samples = keras.Input(sample_shape, dtype=_exact_dtype())
        features = self.backbone(sample_shape)(samples)
        logits = keras.layers.Dense(partitions, dtype=_exact_dtype(), name="head")(features)
        return keras.Model(samples, logits, name="partitioner")

    def embedder(self, sample_shape):
        """Makes the network: samples [n, *sample_shape] -> embeddings [n, embedding_dim] of Euclidean length 1.

        The embeddings are W2 relu(W1 features), divided by their length.

        Raises:
          ValueError: as `backbone`.
        """
        samples = keras.Input(sample_shape, dtype=_exact_dtype())
        features = self.backbone(sample_shape)(samples)
        hidden = keras.layers.Dense(self.projection_units, activation="relu", name="projection")(features)
        embeddings = keras.layers.Dense(self.embedding_dim, dtype=_exact_dtype(), name="embedding")(hidden)
        embeddings = keras.layers.UnitNormalization(dtype=_exact_dtype(), name="unit_length")(embeddings)
        return keras.Model(samples, embeddings, name="embedder")

    @staticmethod
    def inverse(backbone, features):
        """The samples [n, *sample_shape] that an invertible backbone maps to features [n, d].

        Every layer has its own inverse. The error of a residual block is about that of the number format. Each later
        block of the inverse can multiply it by 1 / (1 - L^3).

        Raises:
          ValueError: the backbone has a layer without an inverse.
        """
        values = features
        for layer in reversed(backbone.layers[1:]):
            if isinstance(layer, keras.layers.Flatten):
                values = keras.ops.reshape(values, (-1, *layer.input.shape[1:]))
            elif hasattr(layer, "inverse"):
                values = layer.inverse(values)
            else:
                raise ValueError(
                    f"the layer {layer.name!r} of the backbone has no inverse; invertible_mlp has one, and "
                    "invertible_resnet in the variant strict."
                )
        return values

    @abc.abstractmethod
    def _features(self, samples):
        """The backbone's layers: samples [n, ...] -> features [n, d]."""


def _exact_dtype():
    """float32 under mixed precision, or the policy's own type if it is more exact."""
    return keras.backend.result_type(keras.config.dtype_policy().compute_dtype, "float32")
