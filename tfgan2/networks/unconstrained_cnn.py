"""A small ordinary CNN as the backbone of a partitioner for images."""

import dataclasses

import keras

from tfgan2.networks.backbones import BackboneNetworks
from tfgan2.networks.image_networks import image_of, multiplied
from tfgan2.ranges import Positive, Repeats

_WIDTH = 32


@dataclasses.dataclass(kw_only=True)
class UnconstrainedCNN(BackboneNetworks):
    """Convolutions with batch norm and ReLU, for images, as a comparison to the invertible network.

    Each stage has two 3x3 convolutions. The second one halves the image. The first stage has 32 channels, and each
    later stage twice as many. The features are global averages. The guide of this backbone can have local optima
    outside of a part.

    Layers for samples of 32 x 32 x 3:

    | network  | layers                     | output       |
    | -------- | -------------------------- | ------------ |
    | backbone | conv 3/1, batch norm, ReLU | 32 x 32 x 32 |
    |          | conv 3/2, batch norm, ReLU | 16 x 16 x 32 |
    |          | conv 3/1, batch norm, ReLU | 16 x 16 x 64 |
    |          | conv 3/2, batch norm, ReLU | 8 x 8 x 64   |
    |          | conv 3/1, batch norm, ReLU | 8 x 8 x 128  |
    |          | conv 3/2, batch norm, ReLU | 4 x 4 x 128  |
    |          | mean pooling               | 128          |

    Convolutions are written as kernel/stride.

    Args:
      stages: Number of stages. Images must have at least 2 ** stages pixels.
      width_multiplier: Factor of the widths. They are rounded, and at least 8.
      synchronized: Whether batch norm takes the statistics over all devices. Over several devices XLA does not compile
        it.

    Further arguments are those of `BackboneNetworks`, with its errors.
    """

    stages: Repeats = 3
    width_multiplier: Positive = 1.0
    synchronized: bool = False

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
