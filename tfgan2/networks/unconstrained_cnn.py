"""A small ordinary convolutional network as the backbone of a partitioner for images."""

import math

import keras

from tfgan2.networks.backbones import BackboneNetworks, at_least
from tfgan2.networks.images import image_of

_WIDTH = 32
_SMALLEST_WIDTH = 8


class UnconstrainedCNN(BackboneNetworks):
    """Convolutions with batch norm and ReLU, for images, to compare the invertible network with.

    Each stage has two conv3, the second of which halves the image, with 32 channels in the first stage and twice as
    many in each later one; the features are global averages. Batch norm makes it learn, and nothing bounds it.

    Args:
      stages: number of stages; images have to have at least 2 ** stages pixels.
      width_multiplier: the widths are multiplied by it and rounded, to at least 8.
      synchronized: take the statistics of batch norm over all devices; over several it does not compile with XLA.
      embedding_dim: dimension of the embeddings.
      projection_units: width of the hidden layer between the features and the embeddings.

    Raises:
      ValueError: a value is out of range.
    """

    def __init__(
        self,
        *,
        stages: int = 3,
        width_multiplier: float = 1.0,
        synchronized: bool = False,
        embedding_dim: int = 128,
        projection_units: int = 512,
    ):
        super().__init__(embedding_dim=embedding_dim, projection_units=projection_units)
        at_least("stages", stages, 1)
        if not 0 < width_multiplier < math.inf:
            raise ValueError(f"width_multiplier is {width_multiplier}; it must be above 0 and finite.")
        self.stages = stages
        self.width_multiplier = width_multiplier
        self.synchronized = synchronized

    def _features(self, samples):
        size = image_of(samples.shape[1:]).size
        if size < 1 << self.stages:
            raise ValueError(
                f"images have {size} pixels, which {self.stages} stages cannot halve; "
                f"give stages of at most {size.bit_length() - 1}, or larger images."
            )
        outputs = samples
        for stage in range(1, self.stages + 1):
            width = max(_SMALLEST_WIDTH, round((_WIDTH << (stage - 1)) * self.width_multiplier))
            for strides in (1, 2):
                name = f"stage_{stage}_{strides}"
                outputs = keras.layers.Conv2D(
                    width, 3, strides=strides, padding="same", use_bias=False, name=f"{name}_conv"
                )(outputs)
                outputs = keras.layers.BatchNormalization(
                    momentum=0.9, epsilon=1e-5, synchronized=self.synchronized, name=f"{name}_norm"
                )(outputs)
                outputs = keras.layers.ReLU(name=f"{name}_relu")(outputs)
        return keras.layers.GlobalAveragePooling2D(name="features")(outputs)
