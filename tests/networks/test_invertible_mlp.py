"""The invertible perceptron: layers, counts, inverse, bounds, the linear case, messages."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.invertible import InvertibleDense
from tfgan2.layers.spectral import converge
from tfgan2.networks.invertible_mlp import InvertibleMLP


def random_backbone(networks, shape, *, scale=10):
    """With kernels so large that the norm bites."""
    keras.utils.set_random_seed(0)
    backbone = networks.backbone(shape)
    for variable in backbone.trainable_variables:
        variable.assign(scale * variable if variable.name == "kernel" else np.linspace(-1, 1, variable.shape[0]))
    converge(backbone, tolerance=0.001)
    return backbone


def test_layers():
    backbone = InvertibleMLP(blocks=3, hidden_units=7, coefficient=0.8, power_iterations=2).backbone((2,))
    blocks = backbone.layers[2:]
    assert [type(block) for block in blocks] == [InvertibleDense] * 3
    assert [block.activates_first for block in blocks] == [False, True, True]
    assert {(block.width, block.coefficient, block.iterations) for block in blocks} == {(7, 0.8, 2)}
    # A block: (2 * 7 + 7) + (7 * 7 + 7) + (7 * 2 + 2) = 93, and singular vectors of 7 + 7 + 2 = 16.
    assert backbone.count_params() == 3 * (93 + 16)


def test_default_size():
    # A block: (2 * 64 + 64) + (64 * 64 + 64) + (64 * 2 + 2) = 4,482, and 64 + 64 + 2 = 130; a head: 2 * 25 + 25 = 75.
    assert InvertibleMLP().partitioner((2,), 25).count_params() == 5 * (4482 + 130) + 75


@pytest.mark.parametrize("shape", [(2,), (3, 4)])
def test_inverse_of_the_whole(float64, shape):
    networks = InvertibleMLP(blocks=4, hidden_units=8)
    backbone = random_backbone(networks, shape)
    points = np.random.default_rng(0).normal(size=(40, *shape))
    features = backbone(points)
    assert features.shape == (40, np.prod(shape))
    assert np.abs(features - points.reshape(40, -1)).max() > 0.5
    inverse = tf.function(lambda features: networks.inverse(backbone, features), autograph=False)
    np.testing.assert_allclose(inverse(features), points, rtol=0, atol=1e-10)
    # The map is onto: any features have a sample.
    others = tf.constant(np.random.default_rng(1).normal(scale=5, size=features.shape))
    np.testing.assert_allclose(backbone(inverse(others)), others, rtol=0, atol=1e-10)


def test_bounds_of_the_whole(float64):
    backbone = random_backbone(InvertibleMLP(blocks=3, hidden_units=8), (2,))
    points = np.cumsum(np.random.default_rng(0).normal(size=(2000, 2)) * 0.1, axis=0)
    moved = np.diff(backbone(points).numpy(), axis=0)
    ratios = np.linalg.norm(moved, axis=1) / np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert 0.271**3 < ratios.min() < 0.97 and 1.1 < ratios.max() < 1.729**3


def test_without_blocks_it_is_linear():
    networks = InvertibleMLP(blocks=0)
    partitioner = networks.partitioner((2,), 4)
    points = np.random.default_rng(0).normal(size=(10, 2)).astype(np.float32)
    kernel, bias = partitioner.get_weights()
    np.testing.assert_allclose(partitioner(points), points @ kernel + bias, rtol=1e-5, atol=1e-6)
    backbone = partitioner.get_layer("backbone")
    np.testing.assert_array_equal(networks.inverse(backbone, backbone(points)), points)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"blocks": -1}, "blocks is -1; it must be in [0, 100]."),
        ({"hidden_units": 0}, "hidden_units is 0; it must be in [1, 16384]."),
    ],
)
def test_sizes_out_of_range(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        InvertibleMLP(**options)
