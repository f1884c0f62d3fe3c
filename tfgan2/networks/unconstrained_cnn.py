"""A small ordinary convolutional network as the backbone of a partitioner for images."""

import dataclasses

import keras

from tfgan2.checks import check_at_least
from tfgan2.networks.backbones import BackboneNetworks
from tfgan2.networks.image_networks import check_width_multiplier, image_of, multiplied

_WIDTH = 32


@dataclasses.dataclass(kw_only=True)
class UnconstrainedCNN(BackboneNetworks):
    """Convolutions with batch norm and ReLU, for images, to compare the invertible network with.

    Each stage has two conv3, the second of which halves the image, with 32 channels in the first stage and twice as
    many in each later one; the features are global averages. Batch norm makes it learn, and nothing bounds it.

    Args:
      stages: number of stages; images have to have at least 2 ** stages pixels.
      width_multiplier: the widths are multiplied by it and rounded, to at least 8.
      synchronized: take the statistics of batch norm over all devices; over several it does not compile with XLA.

    Further arguments are those of `BackboneNetworks`, with its errors.

    Raises:
      ValueError: a value is out of range.
    """

    stages: int = 3
    width_multiplier: float = 1.0
    synchronized: bool = False

    def __post_init__(self):
        super().__post_init__()
        check_at_least(1, stages=self.stages)
        check_width_multiplier(self.width_multiplier)

    def _features(self, samples):
        size = image_of(samples.shape[1:]).size
        if size < 1 << self.stages:
            raise ValueError(
                f"images have {size} pixels, which {self.stages} stages cannot halve; "
                f"give stages of at most {size.bit_length() - 1}, or larger images."
            )
        outputs = samples
        for stage in range(1, self.stages + 1):
            width = multiplied(_WIDTH << (stage - 1), self.width_multiplier)
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
