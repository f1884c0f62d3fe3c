"""An ordinary perceptron as the backbone of a partitioner for points."""

import dataclasses

import keras

from tfgan2.errors import ArgumentError
from tfgan2.networks.backbones import BackboneNetworks
from tfgan2.ranges import Width


@dataclasses.dataclass(kw_only=True)
class UnconstrainedMLP(BackboneNetworks):
    """Dense layers with ReLU, for points. The guide of this backbone can have local optima outside of a part.

    The defaults are those of the authors' 2-D figures.

    Layers for samples of 2:

    | network  | layers      | output |
    | -------- | ----------- | ------ |
    | backbone | dense, ReLU | 10     |
    |          | dense, ReLU | 20     |

    Args:
      hidden_units: Width of each hidden layer; at least one.

    Further arguments are those of `BackboneNetworks`, with its errors.
    """

    hidden_units: tuple[Width, ...] = (10, 20)

    def __post_init__(self):
        super().__post_init__()
        if not self.hidden_units:
            raise ArgumentError("hidden_units", (), "a list of at least one width")

    def _features(self, samples):
        features = keras.layers.Flatten(name="flatten")(samples)
        for index, width in enumerate(self.hidden_units, 1):
            features = keras.layers.Dense(width, activation="relu", name=f"hidden_{index}")(features)
        return features
