"""How the tests of image networks look at them."""

import keras
import pytest


@pytest.fixture
def types_of():
    """Network -> the names of its layers' types, in their order, without the input."""
    return lambda network: [type(layer).__name__ for layer in network.layers[1:]]


@pytest.fixture
def kernels_of():
    """Network -> (size, stride, filters) of its convolutions, in their order."""
    return lambda network: [
        (layer.kernel_size[0], layer.strides[0], layer.filters) for layer in network.layers if hasattr(layer, "filters")
    ]


@pytest.fixture
def slopes_of():
    """Network -> the slopes of its leaky ReLUs, in their order."""
    return lambda network: [
        round(float(layer.negative_slope), 6) for layer in network.layers if isinstance(layer, keras.layers.LeakyReLU)
    ]


@pytest.fixture
def sizes_of():
    """Residual network -> pixels and channels after each of its blocks."""
    return lambda network: [
        tuple(layer.output.shape[2:]) for layer in network.layers if isinstance(layer, keras.layers.Add)
    ]


@pytest.fixture
def epsilons_of():
    """Network -> the set of its batch norms' epsilons."""
    return lambda network: {layer.epsilon for layer in network.layers if "norm" in layer.name}


@pytest.fixture
def set_policy():
    """(name) sets the policy of new layers until the end of the test."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.fixture
def bfloat16(set_policy):
    """Networks are built in mixed precision."""
    set_policy("mixed_bfloat16")


@pytest.fixture
def float64(set_policy):
    """Networks are built in double precision."""
    set_policy("float64")
