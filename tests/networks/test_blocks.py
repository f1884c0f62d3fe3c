"""Residual blocks against plain arithmetic, and the options of the layers they are made of."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.networks.blocks import Layers, doubled_glorot, down_block, first_block, glorot, up_block

INPUTS = np.random.default_rng(0).normal(size=(2, 4, 4, 3)).astype(np.float32)


def model_of(block, layers, width, **options):
    """A block called "b" as a model, its biases and batch norms other than trivial."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input(INPUTS.shape[1:])
    model = keras.Model(inputs, block(layers, inputs, width, "b", **options))
    model.set_weights([np.abs(weight) + 0.1 for weight in model.get_weights()])
    return model


def batch_norm(name):
    return keras.layers.BatchNormalization(epsilon=0.5, name=name)


class Reference:
    """The operations that blocks are made of, with a model's weights."""

    def __init__(self, model, slope=0.0):
        self.model, self.slope = model, slope

    def conv(self, inputs, name, strides=1):
        layer = self.model.get_layer(f"b_{name}")
        return tf.nn.conv2d(inputs, layer.kernel.value, strides, "SAME") + layer.bias.value

    def norm(self, inputs, name):
        layer = self.model.get_layer(f"b_{name}")
        scale = layer.gamma.value / tf.sqrt(layer.moving_variance.value + 0.5)
        return (inputs - layer.moving_mean.value) * scale + layer.beta.value

    def act(self, inputs):
        return tf.maximum(inputs, 0.0) + self.slope * tf.minimum(inputs, 0.0)

    @staticmethod
    def double(inputs):
        return tf.repeat(tf.repeat(inputs, 2, axis=1), 2, axis=2)

    @staticmethod
    def pool(inputs):
        return (inputs[:, ::2, ::2] + inputs[:, 1::2, ::2] + inputs[:, ::2, 1::2] + inputs[:, 1::2, 1::2]) / 4.0


def test_up_block():
    # G of SN-GAN, WGAN-GP and Dist-GAN: BN-ReLU-up-conv3-BN-ReLU-conv3 + up-conv1.
    model = model_of(up_block, Layers(batch_norm=batch_norm), 5)
    r = Reference(model)
    inner = r.conv(r.double(r.act(r.norm(INPUTS, "norm_1"))), "conv_1")
    expected = r.conv(r.act(r.norm(inner, "norm_2")), "conv_2") + r.conv(r.double(INPUTS), "s_conv")
    assert expected.shape == (2, 8, 8, 5)
    np.testing.assert_allclose(model(INPUTS), expected, rtol=1e-4, atol=1e-4)
    sizes = {name: model.get_layer(f"b_{name}").kernel_size for name in ("conv_1", "conv_2", "s_conv")}
    assert sizes == {"conv_1": (3, 3), "conv_2": (3, 3), "s_conv": (1, 1)}


def test_down_block_with_norm():
    # E of Dist-GAN: BN-LReLU-conv3-BN-LReLU-conv3-pool + conv1-pool, the first convolution as wide as the output.
    model = model_of(down_block, Layers(batch_norm=batch_norm, negative_slope=0.2), 5)
    r = Reference(model, 0.2)
    inner = r.conv(r.act(r.norm(INPUTS, "norm_1")), "conv_1")
    outer = r.conv(r.act(r.norm(inner, "norm_2")), "conv_2")
    assert inner.shape[-1] == 5
    expected = r.pool(outer) + r.pool(r.conv(INPUTS, "s_conv"))
    np.testing.assert_allclose(model(INPUTS), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("widens_first", [True, False])
def test_down_block_without_norm(widens_first):
    # D of SN-GAN: ReLU-conv3-ReLU-conv3-pool + conv1-pool; its first convolution keeps the width.
    model = model_of(down_block, Layers(widens_first=widens_first), 5)
    r = Reference(model)
    inner = r.conv(r.act(INPUTS), "conv_1")
    assert inner.shape[-1] == (5 if widens_first else 3)
    expected = r.pool(r.conv(r.act(inner), "conv_2")) + r.pool(r.conv(INPUTS, "s_conv"))
    np.testing.assert_allclose(model(INPUTS), expected, rtol=1e-4, atol=1e-4)


def test_down_block_that_halves_by_convolution():
    # D of Dist-GAN: 1x1 convolutions of stride 2, after the second convolution and after the one of the shortcut.
    model = model_of(down_block, Layers(halves_by_convolution=True), 5)
    r = Reference(model)
    outer = r.conv(r.act(r.conv(r.act(INPUTS), "conv_1")), "conv_2")
    expected = r.conv(outer, "halve", 2) + r.conv(r.conv(INPUTS, "s_conv"), "s_halve", 2)
    np.testing.assert_allclose(model(INPUTS), expected, rtol=1e-4, atol=1e-4)
    assert model.get_layer("b_halve").kernel.shape == (1, 1, 5, 5)


def test_down_block_that_keeps_the_size():
    r = Reference(model_of(down_block, Layers(), 3, halves=False))
    inner = r.conv(r.act(r.conv(r.act(INPUTS), "conv_1")), "conv_2")
    np.testing.assert_allclose(r.model(INPUTS), inner + INPUTS, rtol=1e-4, atol=1e-4)
    r = Reference(model_of(down_block, Layers(), 5, halves=False))
    inner = r.conv(r.act(r.conv(r.act(INPUTS), "conv_1")), "conv_2")
    np.testing.assert_allclose(r.model(INPUTS), inner + r.conv(INPUTS, "s_conv"), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("by_convolution", [False, True])
def test_first_block(by_convolution):
    # conv3-ReLU-conv3-halve + halve-conv1, no activation before the image.
    r = Reference(model_of(first_block, Layers(halves_by_convolution=by_convolution), 5))
    outer = r.conv(r.act(r.conv(INPUTS, "conv_1")), "conv_2")
    if by_convolution:
        expected = r.conv(outer, "halve", 2) + r.conv(r.conv(INPUTS, "s_halve", 2), "s_conv")
    else:
        expected = r.pool(outer) + r.conv(r.pool(INPUTS), "s_conv")
    np.testing.assert_allclose(r.model(INPUTS), expected, rtol=1e-4, atol=1e-4)


def test_residual_initializer_is_that_of_the_3x3_convolutions():
    layers = Layers(initializer=keras.initializers.Zeros, residual_initializer=keras.initializers.Ones)
    inputs = keras.Input((4, 4, 3))
    for block in (up_block, down_block, first_block):
        model = keras.Model(inputs, block(layers, inputs, 5, "b"))
        values = {name: float(tf.reduce_min(model.get_layer(f"b_{name}").kernel)) for name in ("conv_1", "s_conv")}
        values["conv_2"] = float(tf.reduce_max(model.get_layer("b_conv_2").kernel))
        assert values == {"conv_1": 1.0, "s_conv": 0.0, "conv_2": 1.0}


@pytest.mark.parametrize(("maker", "limit"), [(glorot, 1.0), (doubled_glorot, 2.0)])
def test_initializers(maker, limit):
    # Uniform within sqrt(6 / (fan in + fan out)) = sqrt(6 / (9 * 64 + 9 * 32)) = sqrt(6 / 864), or sqrt(2) times that.
    keras.utils.set_random_seed(0)
    kernels = [maker()((3, 3, 64, 32)).numpy() for _ in range(2)]
    bound = np.sqrt(limit * 6 / 864)
    for kernel in kernels:  # 18,432 draws
        assert 0.999 * bound < np.abs(kernel).max() < bound
        assert kernel.std() == pytest.approx(bound / np.sqrt(3), rel=0.02)
    assert np.abs(kernels[0] - kernels[1]).max() > bound
