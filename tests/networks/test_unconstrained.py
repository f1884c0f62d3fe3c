"""The unconstrained backbones: layers, counts, sizes, messages."""

import re

import numpy as np
import pytest

from tfgan2.networks.unconstrained_cnn import UnconstrainedCNN
from tfgan2.networks.unconstrained_mlp import UnconstrainedMLP


def test_perceptron_is_that_of_the_published_figures():
    # Dense 10 ReLU, dense 20 ReLU, dense k: (2 * 10 + 10) + (10 * 20 + 20) + (20 * 50 + 50).
    partitioner = UnconstrainedMLP().partitioner((2,), 50)
    assert partitioner.count_params() == 30 + 220 + 1050
    points = np.random.default_rng(0).normal(size=(9, 2)).astype(np.float32)
    outputs, weights = points, partitioner.get_weights()
    for kernel, bias in zip(weights[:4:2], weights[1:4:2], strict=True):
        outputs = np.maximum(outputs @ kernel + bias, 0)
    np.testing.assert_allclose(partitioner(points), outputs @ weights[4] + weights[5], rtol=1e-4, atol=1e-5)


def test_perceptron_of_other_widths():
    backbone = UnconstrainedMLP(hidden_units=(5,)).backbone((3, 4))
    assert backbone.output_shape == (None, 5) and backbone.count_params() == 12 * 5 + 5


@pytest.mark.parametrize(
    ("hidden_units", "message"),
    [
        ((), "hidden_units is (); it must be a list of at least one width."),
        ((10, 0), "hidden_units is (10, 0); it must be a list, each item in [1, 16384]."),
    ],
)
def test_widths_out_of_range(hidden_units, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        UnconstrainedMLP(hidden_units=hidden_units)


def test_convolutions(types_of, kernels_of):
    backbone = UnconstrainedCNN().backbone((32, 32, 3))
    assert types_of(backbone) == [*("Conv2D", "BatchNormalization", "ReLU") * 6, "GlobalAveragePooling2D"]
    assert kernels_of(backbone) == [(3, strides, width) for width in (32, 64, 128) for strides in (1, 2)]
    assert backbone.output_shape == (None, 128)
    # 9 * (3 * 32 + 32 * 32 + 32 * 64 + 64 * 64 + 64 * 128 + 128 * 128) and 4 * 2 * (32 + 64 + 128) of batch norm.
    assert backbone.count_params() == 286_560 + 1_792


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [8, 16, 28, 32, 48])
def test_sizes_of_images(size, channels):
    partitioner = UnconstrainedCNN(width_multiplier=0.25).partitioner((size, size, channels), 4)
    assert partitioner(np.zeros((2, size, size, channels), np.float32)).shape == (2, 4)


def test_stages_out_of_range():
    with pytest.raises(ValueError, match=r"^stages is 0; it must be in \[1, 100\]\.$"):
        UnconstrainedCNN(stages=0)
    with pytest.raises(ValueError, match="images have 8 pixels, which 4 stages cannot halve; give stages of at most 3"):
        UnconstrainedCNN(stages=4).backbone((8, 8, 1))
