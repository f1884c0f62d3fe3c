"""An ordinary perceptron as the backbone of a partitioner for points, which PGMGAN's guide is compared on."""

import keras

from tfgan2.networks.backbones import BackboneNetworks, at_least


class UnconstrainedMLP(BackboneNetworks):
    """Dense layers with ReLU, for points; nothing bounds them, so that the guide can have local optima.

    The defaults are those of the authors' 2-D figures.

    Args:
      hidden_units: width of each hidden layer, one at least.
      embedding_dim: dimension of the embeddings.
      projection_units: width of the hidden layer between the features and the embeddings.

    Raises:
      ValueError: a value is out of range.
    """

    def __init__(
        self,
        *,
        hidden_units: tuple[int, ...] = (10, 20),
        embedding_dim: int = 128,
        projection_units: int = 512,
    ):
        super().__init__(embedding_dim=embedding_dim, projection_units=projection_units)
        if not hidden_units:
            raise ValueError("hidden_units is empty; give the width of at least one hidden layer.")
        for width in hidden_units:
            at_least("each of hidden_units", width, 1)
        self.hidden_units = hidden_units

    def _features(self, samples):
        features = keras.layers.Flatten(name="flatten")(samples)
        for index, width in enumerate(self.hidden_units, 1):
            features = keras.layers.Dense(width, activation="relu", name=f"hidden_{index}")(features)
        return features
