"""Global sum pooling."""

import keras
import numpy as np

from tfgan2.layers.pooling import GlobalSumPooling2D


def test_sums_over_pixels(tmp_path):
    images = np.random.default_rng(0).normal(size=(3, 4, 5, 2)).astype(np.float32)
    inputs = keras.Input((4, 5, 2))
    model = keras.Model(inputs, GlobalSumPooling2D(name="pool")(inputs))
    assert model.output_shape == (None, 2)
    np.testing.assert_allclose(model(images), images.sum((1, 2)), rtol=1e-5, atol=1e-5)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "model.keras")(images), model(images))
