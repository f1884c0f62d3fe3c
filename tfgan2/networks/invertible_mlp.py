"""An invertible perceptron, the backbone of PGMGAN's partitioner for points."""

import dataclasses
from typing import Annotated

import keras

from tfgan2.layers.invertible import InvertibleDense
from tfgan2.networks.backbones import BackboneNetworks
from tfgan2.ranges import In, Repeats, Width


@dataclasses.dataclass(kw_only=True)
class InvertibleMLP(BackboneNetworks):
    """Invertible residual blocks of dense layers, for points and other samples of few dimensions.

    A block is x + F(x). F has three dense layers with ELUs and a Lipschitz constant below 1. So the backbone is smooth
    and onto, and PGMGAN's Theorem 3 holds: every local optimum of a partitioner's guide lies inside the part. Without
    blocks the partitioner is linear, as in the paper's 2-D figures.

    Layers for samples of 2:

    | network  | layers               | output |
    | -------- | -------------------- | ------ |
    | backbone | 5 x invertible block | 2      |

    Args:
      blocks: Number of residual blocks; 0 makes the partitioner linear.
      hidden_units: Width of the two inner layers of each block.
      coefficient: Largest Lipschitz constant of each dense layer, in (0, 1).
      power_iterations: Power iterations of the spectral norm before each update.

    Further arguments are those of `BackboneNetworks`, with its errors.
    """

    blocks: Annotated[int, In("[0, 100]")] = 5
    hidden_units: Width = 64
    coefficient: Annotated[float, In("(0, 1)")] = 0.9
    power_iterations: Repeats = 5

    def _features(self, samples):
        features = keras.layers.Flatten(name="flatten")(samples)
        for index in range(self.blocks):
            features = InvertibleDense(
                self.hidden_units,
                coefficient=self.coefficient,
                iterations=self.power_iterations,
                activates_first=index > 0,
                name=f"block_{index + 1}",
            )(features)
        return features
