"""An ordinary perceptron as the backbone of a partitioner for points."""

import dataclasses

import keras

from tfgan2.networks.backbones import BackboneNetworks


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

    Raises:
      ValueError: a value is out of range.
    """

    hidden_units: tuple[int, ...] = (10, 20)

    def __post_init__(self):
        super().__post_init__()
        if not self.hidden_units:
            raise ValueError("hidden_units is empty; give the width of at least one hidden layer.")
        if min(self.hidden_units) < 1:
            raise ValueError(f"hidden_units is {', '.join(map(str, self.hidden_units))}; each must be at least 1.")

    def _features(self, samples):
        features = keras.layers.Flatten(name="flatten")(samples)
        for index, width in enumerate(self.hidden_units, 1):
            features = keras.layers.Dense(width, activation="relu", name=f"hidden_{index}")(features)
        return features
