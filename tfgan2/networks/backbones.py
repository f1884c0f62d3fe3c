"""What the backbones of partitioners share: the networks that are made of them."""

import abc
import dataclasses

import keras

from tfgan2.checks import check_at_least


@dataclasses.dataclass(kw_only=True)
class BackboneNetworks(abc.ABC):
    """A partitioner, and the embedder that it learns from, made of one backbone; a family says how that is made.

    Both hold the backbone as a model of their own, the layer "backbone", so that the one can take over the other's
    weights. They compute their outputs in float32 at least. A family is a dataclass, too, of its own arguments alone.

    Args:
      embedding_dim: dimension of the embeddings.
      projection_units: width of the hidden layer between the features and the embeddings. SCAN's is that of its
        features, 512 of a ResNet-18; the features of invertible networks are as many as the values of an image.

    Raises:
      ValueError: a size is below 1.
    """

    embedding_dim: int = 128
    projection_units: int = 512

    def __post_init__(self):
        check_at_least(1, embedding_dim=self.embedding_dim, projection_units=self.projection_units)

    def backbone(self, sample_shape):
        """Samples [n, *sample_shape] -> features [n, d].

        Raises:
          ValueError: the family does not support the shape.
        """
        samples = keras.Input(sample_shape, dtype=_exact_dtype())
        return keras.Model(samples, self._features(samples), name="backbone")

    def partitioner(self, sample_shape, partitions):
        """Samples [n, *sample_shape] -> logits [n, partitions], linear in the features by the layer "head".

        Raises:
          ValueError: the family does not support the shape, or there are fewer than 2 partitions.
        """
        check_at_least(2, partitions=partitions)
        samples = keras.Input(sample_shape, dtype=_exact_dtype())
        features = self.backbone(sample_shape)(samples)
        logits = keras.layers.Dense(partitions, dtype=_exact_dtype(), name="head")(features)
        return keras.Model(samples, logits, name="partitioner")

    def embedder(self, sample_shape):
        """Samples [n, *sample_shape] -> embeddings [n, embedding_dim] of Euclidean length 1: W2 relu(W1 features).

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
        """The samples [n, *sample_shape] that an invertible backbone maps to these features [n, d].

        Every layer has its own inverse; the errors of residual blocks, about the number format's, add up over the
        blocks, each of which can magnify those of the blocks after it by 1 / (1 - L^3).

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
        """Samples [n, ...] -> features [n, d]."""


def check_norm(coefficient, power_iterations):
    """Checks the options of invertible blocks.

    Raises:
      ValueError: one is out of range.
    """
    if not 0 < coefficient < 1:
        raise ValueError(f"coefficient is {coefficient}; it must be in (0, 1), or the network has no inverse.")
    check_at_least(1, power_iterations=power_iterations)


def _exact_dtype():
    """float32 under mixed precision, or the policy's own if it is more exact."""
    return keras.backend.result_type(keras.config.dtype_policy().compute_dtype, "float32")
