"""Spectral normalisation: the norm itself, its true gradient, its state, saving, XLA, mixed precision."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.spectral import SpectralConv2D, SpectralDense, power_iterate
from tfgan2.losses.gradients import sample_sums
from tfgan2.losses.penalties import two_sided

DENSE_INPUTS = np.random.default_rng(0).normal(size=(6, 5)).astype(np.float32)
IMAGES = np.random.default_rng(0).normal(size=(2, 5, 5, 2)).astype(np.float32)

LAYERS = {
    "dense": (lambda **options: SpectralDense(4, **options), DENSE_INPUTS),
    "convolution": (lambda **options: SpectralConv2D(4, 3, strides=2, padding="same", **options), IMAGES),
}


@pytest.fixture(params=LAYERS)
def kind(request):
    keras.utils.set_random_seed(0)
    return LAYERS[request.param]


def matrix_of(layer):
    """The kernel as a matrix (outputs, the rest)."""
    kernel = layer.kernel.numpy()
    return kernel.reshape(-1, kernel.shape[-1]).T


def set_singular_values(layer):
    """Gives the kernel the singular values 3, 1, .5, .25; returns the left singular vector of the first.

    One power iteration then divides the error of the singular vector by 9.
    """
    left, _, right = np.linalg.svd(matrix_of(layer), full_matrices=False)
    layer.kernel.assign(((left * [3, 1, 0.5, 0.25]) @ right).T.reshape(layer.kernel.shape))
    return left[:, 0]


def converge(layer):
    for _ in range(15):
        layer.power_iteration()


def test_sigma_of_known_singular_values(kind):
    make, inputs = kind
    layer = make()
    layer(inputs)
    singular_vector = set_singular_values(layer)
    converge(layer)
    assert float(layer.sigma()) == pytest.approx(3, rel=1e-6)
    np.testing.assert_allclose(layer.normalized_kernel(), layer.kernel.numpy() / 3, rtol=1e-5)
    assert abs(layer.singular_vector.numpy() @ singular_vector) == pytest.approx(1, rel=1e-6)  # up to its sign


@pytest.mark.parametrize("seed", range(3))
def test_sigma_rises_to_the_largest_singular_value(kind, seed):
    keras.utils.set_random_seed(seed)
    make, inputs = kind
    layer = make()
    layer(inputs)
    expected = np.linalg.svd(matrix_of(layer), compute_uv=False)[0]
    estimates = []
    for _ in range(100):
        estimates.append(float(layer.sigma()))
        layer.power_iteration()
    assert estimates[0] < 0.99 * expected  # a random vector is no singular vector
    assert np.diff(estimates).min() > -1e-6 * expected and max(estimates) < (1 + 1e-6) * expected
    assert estimates[-1] == pytest.approx(expected, rel=1e-3)


def test_output_is_that_of_the_plain_layer(kind):
    make, inputs = kind
    layer = make(activation="tanh", bias_initializer="normal")
    outputs = layer(inputs)
    plain = {SpectralDense: keras.layers.Dense, SpectralConv2D: keras.layers.Conv2D}[type(layer)].from_config(
        layer.get_config()
    )
    plain.build(inputs.shape)
    plain.set_weights([layer.kernel.numpy() / float(layer.sigma()), layer.bias.numpy()])
    np.testing.assert_allclose(outputs, plain(inputs), rtol=1e-4, atol=1e-5)
    # The scale of the kernel does not matter.
    layer.kernel.assign(7 * layer.kernel)
    np.testing.assert_allclose(layer(inputs), outputs, rtol=1e-4, atol=1e-5)


def test_dense_acts_on_the_last_axis():
    layer = SpectralDense(4, use_bias=False, activation=None)
    inputs = DENSE_INPUTS.reshape(2, 3, 5)
    np.testing.assert_allclose(layer(inputs), layer(DENSE_INPUTS).numpy().reshape(2, 3, 4), rtol=1e-5, atol=1e-6)


def central_differences(function, variable, step):
    """Gradient of a scalar function of a variable, entry by entry."""
    kernel = variable.numpy()
    gradient = np.zeros_like(kernel)
    for index in np.ndindex(kernel.shape):
        values = []
        for sign in (1, -1):
            shifted = kernel.copy()
            shifted[index] += sign * step
            variable.assign(shifted)
            values.append(float(function()))
        gradient[index] = (values[0] - values[1]) / (2 * step)
    variable.assign(kernel)
    return gradient


def test_gradient_has_the_term_through_sigma(kind):
    make, inputs = kind
    layer = make()
    outputs = layer(inputs)
    set_singular_values(layer)
    converge(layer)
    coefficients = np.random.default_rng(1).normal(size=outputs.shape)

    def value():
        return tf.reduce_sum(tf.cast(layer(inputs), tf.float64) * coefficients)

    with tf.GradientTape() as tape:
        loss = value()
    gradient = tape.gradient(loss, layer.kernel.value).numpy()
    expected = central_differences(value, layer.kernel, 1e-2)
    np.testing.assert_allclose(gradient, expected, atol=1e-3 * np.abs(expected).max())
    # The output does not change along the kernel itself.
    kernel = layer.kernel.numpy()
    assert abs(np.sum(gradient * kernel)) < 1e-5 * np.linalg.norm(gradient) * np.linalg.norm(kernel)


def test_second_derivative(kind):
    make, inputs = kind
    hidden = make(activation="tanh")
    head = np.random.default_rng(2).normal(size=hidden(inputs).shape[1:]).astype(np.float32)
    set_singular_values(hidden)
    converge(hidden)

    def penalty():
        return two_sided(lambda x: sample_sums(hidden(x) * head), tf.constant(inputs))

    with tf.GradientTape() as tape:
        loss = penalty()
    gradient = tape.gradient(loss, hidden.kernel.value).numpy()
    expected = central_differences(penalty, hidden.kernel, 1e-2)
    assert np.abs(expected).max() > 1e-2
    np.testing.assert_allclose(gradient, expected, atol=2e-3 * np.abs(expected).max())


def test_call_changes_no_state(kind):
    make, inputs = kind
    model = keras.Sequential([keras.Input(inputs.shape[1:]), make()])
    before = model.get_weights()
    outputs = [model(inputs, training=training).numpy() for training in (True, True, False)]
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(outputs[0], outputs[1])
    np.testing.assert_array_equal(outputs[0], outputs[2])


def test_weights(kind):
    make, inputs = kind
    layer = make()
    layer(inputs)
    assert [variable.name for variable in layer.trainable_variables] == ["kernel", "bias"]
    assert [variable.name for variable in layer.non_trainable_variables] == ["singular_vector"]
    assert layer.singular_vector.shape == (4,)
    kernel = layer.kernel.numpy()
    layer.power_iteration()
    np.testing.assert_array_equal(layer.kernel.numpy(), kernel)
    assert np.linalg.norm(layer.singular_vector.numpy()) == pytest.approx(1, rel=1e-5)


def network(kind):
    make, inputs = kind
    model = keras.Sequential(
        [keras.Input(inputs.shape[1:]), make(activation="relu"), keras.layers.Flatten(), SpectralDense(1)]
    )
    power_iterate(model)
    return model, inputs


def test_configuration_round_trip(kind):
    make, _ = kind
    layer = make(activation="relu", use_bias=False, kernel_initializer="he_normal", name="first")
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert (again.name, again.use_bias, again.activation) == ("first", False, keras.activations.relu)


def test_saved_model_file_gives_equal_outputs(kind, tmp_path):
    model, inputs = network(kind)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(inputs), model(inputs))
    power_iterate(model)
    power_iterate(loaded)
    np.testing.assert_array_equal(loaded(inputs), model(inputs))


def test_saved_weights_give_equal_outputs(kind, tmp_path):
    model, inputs = network(kind)
    model.save_weights(tmp_path / "model.weights.h5")
    other, _ = network(kind)
    assert np.abs(other(inputs) - model(inputs)).max() > 1e-3
    other.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_array_equal(other(inputs), model(inputs))


def test_compiled_step_equals_eager(kind):
    model, inputs = network(kind)
    start = model.get_weights()

    def step(inputs):
        power_iterate(model)
        with tf.GradientTape() as tape:
            loss = two_sided(model, inputs) + tf.reduce_mean(model(inputs))
        return loss, tape.gradient(loss, [variable.value for variable in model.trainable_variables])

    eager = step(tf.constant(inputs))
    moved = model.get_weights()
    model.set_weights(start)
    compiled = tf.function(step, jit_compile=True, autograph=False)(tf.constant(inputs))
    for expected, found in zip(moved, model.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    for expected, found in zip(tf.nest.flatten(eager), tf.nest.flatten(compiled), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_mixed_precision(kind, precision):
    make, inputs = kind
    layer = make()
    expected = layer(inputs).numpy()
    mixed = make(dtype=f"mixed_{precision}")
    mixed.build(inputs.shape)
    mixed.set_weights(layer.get_weights())
    outputs = mixed(inputs)
    assert outputs.dtype == precision and mixed.singular_vector.dtype == "float32"
    # A half keeps 11 bits, a bfloat 8.
    tolerance = {"float16": 0.005, "bfloat16": 0.04}[precision] * np.abs(expected).max()
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), expected, atol=tolerance)
    mixed.power_iteration()
    layer.power_iteration()
    np.testing.assert_allclose(mixed.singular_vector.numpy(), layer.singular_vector.numpy(), rtol=1e-6)


def test_power_iterate_reaches_nested_layers():
    inner = keras.Sequential([keras.Input((5,)), SpectralDense(4), keras.layers.Dense(4)])
    inputs = keras.Input((5,))
    outer = keras.Model(inputs, SpectralDense(3)(inner(inputs)))
    found = [layer for layer in outer._flatten_layers() if isinstance(layer, SpectralDense)]
    assert len(found) == 2
    before = [layer.singular_vector.numpy() for layer in found]
    plain = inner.layers[-1].get_weights()
    tf.function(power_iterate, autograph=False)(outer)
    for layer, old in zip(found, before, strict=True):
        assert np.abs(layer.singular_vector.numpy() - old).max() > 1e-3
    np.testing.assert_array_equal(inner.layers[-1].get_weights()[0], plain[0])
