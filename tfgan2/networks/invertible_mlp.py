"""An invertible perceptron, the backbone of PGMGAN's partitioner for points."""

import keras

from tfgan2.layers.invertible import InvertibleDense
from tfgan2.networks.backbones import BackboneNetworks, at_least, check_norm


class InvertibleMLP(BackboneNetworks):
    """Invertible residual blocks of dense layers, for points and other samples of few dimensions.

    Each block is x + F(x), where F has three dense layers with ELUs and a Lipschitz constant below 1, so that the map
    is onto and smooth and PGMGAN's Theorem 3 holds: a partitioner's guide has no local optima but those inside the
    part. Without blocks the partitioner is linear, as the paper's for its 2-D figures.

    Args:
      blocks: number of residual blocks; 0 makes the partitioner linear.
      hidden_units: width of the two inner layers of each block.
      coefficient: largest Lipschitz constant of each dense layer, in (0, 1).
      power_iterations: of the spectral norm, before each update.
      embedding_dim: dimension of the embeddings.
      projection_units: width of the hidden layer between the features and the embeddings.

    Raises:
      ValueError: a value is out of range.
    """

    def __init__(
        self,
        *,
        blocks: int = 5,
        hidden_units: int = 64,
        coefficient: float = 0.9,
        power_iterations: int = 5,
        embedding_dim: int = 128,
        projection_units: int = 512,
    ):
        super().__init__(embedding_dim=embedding_dim, projection_units=projection_units)
        at_least("blocks", blocks, 0)
        at_least("hidden_units", hidden_units, 1)
        check_norm(coefficient, power_iterations)
        self.blocks = blocks
        self.hidden_units = hidden_units
        self.coefficient = coefficient
        self.power_iterations = power_iterations

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
