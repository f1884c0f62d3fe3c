"""Perceptrons: shapes and parameter counts, initial weights, ranges, precision, messages."""

import keras
import numpy as np
import pytest

from tfgan2.layers.spectral import SpectralDense
from tfgan2.networks import NETWORKS
from tfgan2.networks.mlp import MLP


def normal(*shape, scale=1.0):
    return np.random.default_rng(0).normal(scale=scale, size=shape).astype(np.float32)


def test_published_networks():
    # GN-GAN, Table 1: in 2, two hidden layers of 64, out 2 (D: 1).
    # (2 * 64 + 64) + (64 * 64 + 64) = 192 + 4160, then 64 * 2 + 2 = 130 or 64 * 1 + 1 = 65.
    family = MLP()
    generator, discriminator, encoder = family.generator((2,)), family.discriminator((2,)), family.encoder((2,))
    assert [net.count_params() for net in (generator, discriminator, encoder)] == [4482, 4417, 4482]
    assert [net.name for net in (generator, discriminator, encoder)] == ["generator", "discriminator", "encoder"]
    assert (generator.input_shape, generator.output_shape) == ((None, 2), (None, 2))
    assert (discriminator.input_shape, discriminator.output_shape) == ((None, 2), (None, 1))
    assert (encoder.input_shape, encoder.output_shape) == ((None, 2), (None, 2))
    assert discriminator.get_layer("features").output.shape == (None, 64)
    assert NETWORKS["mlp"] is MLP


def test_one_dimension():
    # GN-GAN's 1-D networks: 4 hidden units, three dense layers in G and E, two in D.
    # (1 * 4 + 4) + (4 * 4 + 4) + (4 * 1 + 1) = 33; (1 * 4 + 4) + (4 * 1 + 1) = 13.
    family = MLP(latent_dim=1, hidden_units=4, hidden_layers=2, discriminator_hidden_layers=1)
    networks = family.generator((1,)), family.discriminator((1,)), family.encoder((1,))
    assert [net.count_params() for net in networks] == [33, 13, 33]
    assert [net(normal(7, 1)).shape for net in networks] == [(7, 1)] * 3
    assert networks[1].get_layer("features").output.shape == (None, 4)


def test_samples_of_higher_rank():
    # 4 * 3 = 12 numbers a sample. Generator (5 * 8 + 8) + (8 * 12 + 12) = 156; discriminator (12 * 8 + 8) + (8 + 1) =
    # 113; encoder (12 * 8 + 8) + (8 * 5 + 5) = 149.
    family = MLP(latent_dim=5, hidden_units=8, hidden_layers=1)
    generator, discriminator, encoder = family.generator((4, 3)), family.discriminator((4, 3)), family.encoder((4, 3))
    assert [net.count_params() for net in (generator, discriminator, encoder)] == [156, 113, 149]
    assert generator(normal(7, 5)).shape == (7, 4, 3)
    assert discriminator(normal(7, 4, 3)).shape == (7, 1)
    assert encoder(normal(7, 4, 3)).shape == (7, 5)


def forward(network, inputs):
    """The network in NumPy: ReLU between its dense layers, nothing after the last."""
    weights = network.get_weights()
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        inputs = np.maximum(inputs @ kernel + bias, 0)
    return inputs @ weights[-2] + weights[-1]


@pytest.mark.parametrize("role", ["generator", "discriminator", "encoder"])
def test_equals_reference(role):
    network = getattr(MLP(output_activation="linear", hidden_layers=3), role)((2,))
    network.set_weights([weight + 0.1 for weight in network.get_weights()])  # biases other than 0
    outputs = network(normal(50, 2)).numpy()
    assert outputs.min() < 0 or outputs.max() > 1  # no range is imposed
    np.testing.assert_allclose(outputs, forward(network, normal(50, 2)), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("activation", "function", "low", "high"),
    [("sigmoid", lambda x: 1 / (1 + np.exp(-x)), 0, 1), ("tanh", np.tanh, -1, 1)],
)
def test_output_range(activation, function, low, high):
    keras.utils.set_random_seed(0)
    network = MLP(output_activation=activation).generator((2,))
    latents = normal(500, 2, scale=5.0)
    outputs = network(latents).numpy()
    np.testing.assert_allclose(outputs, function(forward(network, latents)), rtol=1e-4, atol=1e-4)
    assert low <= outputs.min() < low + 0.01 and high - 0.01 < outputs.max() <= high
    # Only the generator has it: the other two are free.
    for other in (
        MLP(output_activation=activation).discriminator((2,)),
        MLP(output_activation=activation).encoder((2,)),
    ):
        np.testing.assert_allclose(other(latents), forward(other, latents), rtol=1e-4, atol=1e-4)


# A kernel of 256 x 256 has 65,536 entries: the standard error of its standard deviation is 1 / sqrt(131,072) = .28%.
@pytest.mark.parametrize(
    ("initializer", "std", "least", "greatest"),
    [
        # sqrt(2 / 256), not truncated: 65,536 normal draws reach beyond 3.5 standard deviations.
        ("he_normal", 0.0883883, 3.5, 6.0),
        # Uniform within sqrt(6 / 512), sqrt(3) = 1.732 standard deviations.
        ("glorot_uniform", 0.0625, 1.73, 1.7321),
        ("normal_0.01", 0.01, 3.5, 6.0),
        # Uniform within 1.43 sqrt(3 / 256), sqrt(3) standard deviations of 1.43 / 16.
        ("uniform_1.43", 0.089375, 1.73, 1.7321),
    ],
)
def test_initial_weights(initializer, std, least, greatest):
    keras.utils.set_random_seed(0)
    family = MLP(hidden_units=256, hidden_layers=3, initializer=initializer)
    for network in (family.generator((2,)), family.discriminator((2,)), family.encoder((2,))):
        for layer in network.layers[2:4]:
            kernel = layer.kernel.numpy()
            assert kernel.shape == (256, 256)
            assert abs(kernel.mean()) < 0.02 * std and kernel.std() == pytest.approx(std, rel=0.015)
            assert least < np.abs(kernel).max() / std < greatest
        for layer in network.layers[1:]:
            np.testing.assert_array_equal(layer.bias.numpy(), 0)
        assert np.abs(network.layers[2].kernel.numpy() - network.layers[3].kernel.numpy()).max() > std


def test_the_output_layer_of_uniform_143_is_glorots():
    keras.utils.set_random_seed(0)
    kernel = MLP(hidden_units=256, initializer="uniform_1.43").generator((256,)).get_layer("output").kernel.numpy()
    assert 0.995 * (6 / 512) ** 0.5 < np.abs(kernel).max() <= (6 / 512) ** 0.5


def test_initial_weights_follow_the_seed():
    kernels = []
    for seed in (0, 0, 1):
        keras.utils.set_random_seed(seed)
        kernels.append(MLP().generator((2,)).get_weights()[0])
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert np.abs(kernels[0] - kernels[2]).max() > 0.1


def test_negative_slope():
    keras.utils.set_random_seed(0)
    network = MLP(negative_slope=0.2, hidden_layers=1, output_activation="linear").generator((2,))
    kernel, bias, last, last_bias = network.get_weights()
    hidden = normal(50, 2) @ kernel + bias
    np.testing.assert_allclose(
        network(normal(50, 2)), np.where(hidden < 0, 0.2 * hidden, hidden) @ last + last_bias, rtol=1e-4, atol=1e-4
    )
    for value in (-0.1, 1.0, float("nan")):
        with pytest.raises(ValueError, match=rf"^negative_slope is {value}; it must be (a finite number )?in \[0, 1\)"):
            MLP(negative_slope=value)


@pytest.mark.parametrize("sample_shape", [(2,), (4, 3)])
def test_joint_discriminator(sample_shape):
    # Of a sample and its latents side by side: (d + 3) * 8 + 8, then 8 + 1.
    network = MLP(latent_dim=3, hidden_units=8, hidden_layers=1, spectral_norm=True).joint_discriminator(sample_shape)
    dimension = int(np.prod(sample_shape))
    assert sum(weight.numpy().size for weight in network.trainable_weights) == (dimension + 3) * 8 + 8 + 9
    samples, latents = normal(7, *sample_shape), normal(7, 3)
    network = MLP(latent_dim=3, hidden_units=8).joint_discriminator(sample_shape)
    pairs = np.concatenate([samples.reshape(7, -1), latents], axis=1)
    np.testing.assert_allclose(network((samples, latents)), forward(network, pairs), rtol=1e-4, atol=1e-4)
    assert network.name == "discriminator" and network.get_layer("features").output.shape == (None, 8)


def test_spectral_norm_is_the_discriminators():
    family = MLP(spectral_norm=True)
    discriminator = family.discriminator((2,))
    assert [type(layer) for layer in discriminator.layers[1:]] == [SpectralDense] * 3
    assert type(discriminator.get_layer("features")) is SpectralDense
    # One singular vector a kernel: 64 + 64 + 1 more numbers than without, and none of them trained.
    assert discriminator.count_params() == 4417 + 129
    assert sum(weight.numpy().size for weight in discriminator.trainable_weights) == 4417
    for network in (family.generator((2,)), family.encoder((2,)), MLP().discriminator((2,))):
        assert {type(layer) for layer in network.layers[1:]} == {keras.layers.Dense}


@pytest.fixture(params=["mixed_float16", "mixed_bfloat16"])
def precision(request, set_policy):
    set_policy(request.param)
    return request.param.removeprefix("mixed_")


@pytest.mark.parametrize("sample_shape", [(2,), (4, 3)])
@pytest.mark.parametrize("spectral_norm", [False, True])
def test_outputs_are_float32_in_mixed_precision(precision, sample_shape, spectral_norm):
    family = MLP(spectral_norm=spectral_norm)
    discriminator = family.discriminator(sample_shape)
    assert discriminator.get_layer("features").compute_dtype == precision
    samples = normal(7, *sample_shape)
    for network, inputs in (
        (family.generator(sample_shape), normal(7, 2)),
        (discriminator, samples),
        (family.encoder(sample_shape), samples),
    ):
        outputs = network(inputs)
        assert outputs.dtype == "float32" and np.isfinite(outputs).all()
        assert {weight.dtype for weight in network.weights} == {"float32"}


@pytest.mark.parametrize("name", ["latent_dim", "hidden_units", "hidden_layers", "discriminator_hidden_layers"])
def test_sizes_below_one(name):
    for value in (0, -3):
        with pytest.raises(ValueError, match=rf"^{name} is {value}; it must be in \[1, (100|16384)\](, or None)?\.$"):
            MLP(**{name: value})


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("output_activation", "sigmoid, tanh, linear"),
        ("initializer", "he_normal, glorot_uniform, normal_0.01, uniform_1.43"),
    ],
)
def test_unknown_choices(name, accepted):
    with pytest.raises(ValueError, match=rf"^{name} is 'relu'; it must be one of {accepted}\.$"):
        MLP(**{name: "relu"})
