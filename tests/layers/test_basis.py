"""Learned pictures: what is made of coefficients, and the inner products with them."""

import keras
import numpy as np
import pytest

from tfgan2.layers.basis import FromBasis, OntoBasis


def test_pictures_of_coefficients():
    layer = FromBasis(3)
    coefficients = np.array([[1.0, 0.0], [-2.0, 0.5]], "float32")
    pictures = layer(coefficients).numpy()
    basis = layer.basis.numpy()
    assert pictures.shape == (2, 3, 3, 2) and basis.shape == (3, 3, 2)
    np.testing.assert_array_equal(pictures[0, ..., 0], basis[..., 0])
    np.testing.assert_array_equal(pictures[0, ..., 1], np.zeros((3, 3)))
    np.testing.assert_allclose(pictures[1], basis * coefficients[1], rtol=1e-6)


def test_inner_products_with_pictures():
    layer = OntoBasis(3)
    images = np.random.default_rng(0).normal(size=(4, 3, 3, 2)).astype("float32")
    np.testing.assert_allclose(
        layer(images), np.einsum("nhwc,hwc->nc", images, layer.basis.numpy()), rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize("kind", [FromBasis, OntoBasis])
def test_initial_weights_and_configuration(kind):
    keras.utils.set_random_seed(0)
    layer = kind(4, stddev=0.25, name="basis")
    layer.build((None, 600) if kind is FromBasis else (None, 4, 4, 600))
    assert layer.basis.numpy().std() == pytest.approx(0.25, rel=0.03)
    assert kind.from_config(layer.get_config()).get_config() == layer.get_config()
    assert (layer.size, layer.stddev) == (4, 0.25)
