"""Soft spectral normalisation: the norm of the operator itself, its gradient, its state, saving, XLA, precision."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.soft_spectral import SoftSpectralConv2D, SoftSpectralDense
from tfgan2.layers.spectral import SpectralConv2D, converge, power_iterate

COEFFICIENT = 0.9
POINTS = np.random.default_rng(0).normal(size=(6, 5)).astype(np.float32)
IMAGES = np.random.default_rng(0).normal(size=(2, 6, 5, 3)).astype(np.float32)

LAYERS = {
    "dense": (lambda **options: SoftSpectralDense(4, **options), POINTS),
    "pointwise": (lambda **options: SoftSpectralConv2D(4, 1, **options), IMAGES),
    "convolution": (lambda **options: SoftSpectralConv2D(4, 3, padding="same", **options), IMAGES),
}


@pytest.fixture(params=LAYERS)
def kind(request):
    keras.utils.set_random_seed(0)
    return LAYERS[request.param]


def built(kind, *, scale=1.0, **options):
    """The layer with its first kernel times `scale`, in a model of its own, with converged singular vectors."""
    make, inputs = kind
    model = keras.Sequential([keras.Input(inputs.shape[1:]), make(**options)])
    layer = model.layers[0]
    layer.kernel.assign(scale * layer.kernel)
    converge(model)
    return layer


def explicit_operator(layer, kernel, input_shape):
    """The matrix (outputs, inputs) of the layer's linear part with a given kernel, column by column."""
    if isinstance(layer, keras.layers.Dense):
        return np.asarray(kernel).T
    basis = np.eye(np.prod(input_shape), dtype=np.float32).reshape(-1, *input_shape)
    columns = keras.ops.conv(basis, kernel, strides=layer.strides, padding=layer.padding)
    return np.asarray(columns).reshape(len(basis), -1).T


def exact_norm(layer, kernel, input_shape):
    return np.linalg.svd(explicit_operator(layer, kernel, input_shape), compute_uv=False)[0]


@pytest.mark.parametrize(
    ("size", "channels", "filters", "kernel_size", "options"),
    [
        ((8, 8), 3, 4, 3, {}),
        ((4, 4), 12, 8, 3, {}),
        ((7, 5), 1, 6, 3, {}),
        ((6, 6), 2, 3, 5, {}),
        ((8, 8), 2, 3, 3, {"strides": 2}),
        ((8, 8), 2, 3, 3, {"padding": "valid"}),
        ((4, 4), 12, 8, 1, {}),
        ((2, 2), 4, 4, 3, {}),
    ],
)
@pytest.mark.parametrize("scale", [1, 10])
def test_norm_is_that_of_the_explicit_operator(size, channels, filters, kernel_size, options, scale):
    keras.utils.set_random_seed(1)
    make = lambda **more: SoftSpectralConv2D(filters, kernel_size, **({"padding": "same"} | options | more))  # noqa: E731
    shape = (*size, channels)
    layer = built((make, np.zeros((1, *shape), np.float32)), scale=scale)
    expected = exact_norm(layer, layer.kernel, shape)
    assert float(layer.sigma()) == pytest.approx(expected, rel=0.01)
    assert float(layer.sigma()) < (1 + 1e-5) * expected
    used = exact_norm(layer, layer.normalized_kernel(), shape)
    assert used < COEFFICIENT * 1.01
    assert used == pytest.approx(min(expected, COEFFICIENT), rel=0.01)


def test_norm_of_the_kernel_matrix_is_another(kind):
    layer = built(kind, scale=10)
    expected = exact_norm(layer, layer.kernel, layer.input.shape[1:])
    kernel = layer.kernel.numpy()
    of_matrix = np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]), compute_uv=False)[0]
    same = not isinstance(layer, SoftSpectralConv2D) or layer.kernel_size == (1, 1)
    assert (abs(of_matrix / expected - 1) < 0.01) == same
    assert (layer.singular_vector.shape == (4,)) == same


def test_dense_norm_is_exact():
    layer = built(LAYERS["dense"], scale=10)
    assert float(layer.sigma()) == pytest.approx(np.linalg.norm(layer.kernel.numpy(), 2), rel=0.01)


def test_small_weights_are_left_alone(kind):
    layer = built(kind, scale=0.1)
    assert float(layer.sigma()) < COEFFICIENT
    # 1 / (1 + 1e-5).
    np.testing.assert_allclose(layer.normalized_kernel(), layer.kernel.numpy() * 0.99999, rtol=1e-6)


def test_large_weights_do_not_depend_on_their_scale(kind):
    layer = built(kind, scale=10)
    expected = layer.normalized_kernel().numpy()
    layer.kernel.assign(3 * layer.kernel)
    np.testing.assert_allclose(layer.normalized_kernel(), expected, rtol=1e-5, atol=1e-6)
    assert float(layer.sigma()) > 1.01 * COEFFICIENT


def test_coefficient(kind):
    layer = built(kind, scale=10, coefficient=0.5)
    assert exact_norm(layer, layer.normalized_kernel(), layer.input.shape[1:]) == pytest.approx(0.5, rel=0.01)


@pytest.mark.parametrize("scale", [0.1, 10])
def test_output_is_that_of_the_plain_layer(kind, scale):
    layer = built(kind, scale=scale, activation="elu", bias_initializer="normal")
    inputs = kind[1]
    plain = keras.layers.Dense if isinstance(layer, keras.layers.Dense) else keras.layers.Conv2D
    config = layer.get_config()
    del config["coefficient"], config["iterations"]
    plain = plain.from_config(config)
    plain.build(inputs.shape)
    divisor = max(1, float(layer.sigma()) / COEFFICIENT) + 1e-5
    plain.set_weights([layer.kernel.numpy() / divisor, layer.bias.numpy()])
    np.testing.assert_allclose(layer(inputs), plain(inputs), rtol=1e-4, atol=1e-5)


def test_sigma_rises_to_the_norm(kind):
    layer = built(kind, scale=10)
    expected = exact_norm(layer, layer.kernel, layer.input.shape[1:])
    layer.singular_vector.assign(np.random.default_rng(3).normal(size=layer.singular_vector.shape))
    estimates = []
    for _ in range(20):
        estimates.append(float(layer.sigma()))
        layer.power_iteration()
    assert estimates[0] < 0.95 * expected  # a random vector is no singular vector
    assert np.diff(estimates).min() > -1e-6 * expected
    assert estimates[-1] == pytest.approx(expected, rel=0.01)


def test_one_power_iteration_is_several_steps(kind):
    make, inputs = kind
    once, several = make(iterations=1), make(iterations=3)
    for layer in (once, several):
        layer.build(inputs.shape)
    several.set_weights(once.get_weights())
    several.power_iteration()
    for _ in range(3):
        once.power_iteration()
    np.testing.assert_allclose(several.singular_vector.numpy(), once.singular_vector.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("scale", [0.1, 10])
def test_gradient_has_the_term_through_sigma(kind, scale):
    layer = built(kind, scale=scale, dtype="float64")
    for _ in range(60):
        layer.power_iteration()
    inputs = tf.constant(kind[1], tf.float64)
    coefficients = np.random.default_rng(1).normal(size=layer(inputs).shape)

    def value():
        return tf.reduce_sum(layer(inputs) * coefficients)

    with tf.GradientTape() as tape:
        loss = value()
    gradient = tape.gradient(loss, layer.kernel.value).numpy()
    kernel = layer.kernel.numpy()
    directions = [kernel, *np.random.default_rng(2).normal(size=(5, *kernel.shape))]
    for direction in directions:
        step = 1e-5 * scale
        values = []
        for sign in (1, -1):
            layer.kernel.assign(kernel + sign * step * direction)
            values.append(float(value()))
        layer.kernel.assign(kernel)
        expected = (values[0] - values[1]) / (2 * step)
        assert np.sum(gradient * direction) == pytest.approx(expected, rel=1e-3, abs=1e-3)
    along = np.sum(gradient * kernel)
    if scale == 10:  # the output does not change along the kernel
        assert abs(along) < 1e-3 * np.linalg.norm(gradient) * np.linalg.norm(kernel)
    else:
        assert abs(along) > 1e-2


def test_call_changes_no_state(kind):
    make, inputs = kind
    layer = make()
    outputs = [layer(inputs, training=True).numpy() for _ in range(2)]
    before = layer.get_weights()
    outputs.append(layer(inputs).numpy())
    for old, new in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(outputs[0], outputs[1])
    np.testing.assert_array_equal(outputs[0], outputs[2])


def test_power_iteration_moves_the_singular_vector_alone(kind):
    make, inputs = kind
    layer = make()
    layer.build(inputs.shape)
    assert [variable.name for variable in layer.trainable_variables] == ["kernel", "bias"]
    assert [variable.name for variable in layer.non_trainable_variables] == ["singular_vector"]
    kernel, vector = layer.kernel.numpy(), layer.singular_vector.numpy()
    layer.power_iteration()
    np.testing.assert_array_equal(layer.kernel.numpy(), kernel)
    assert np.abs(layer.singular_vector.numpy() - vector).max() > 1e-3
    assert np.linalg.norm(layer.singular_vector.numpy()) == pytest.approx(1, rel=1e-5)


def network(kind):
    make, inputs = kind
    model = keras.Sequential([keras.Input(inputs.shape[1:]), make(), keras.layers.Flatten(), SoftSpectralDense(1)])
    power_iterate(model)
    return model, inputs


def test_configuration_round_trip(kind):
    make, _ = kind
    layer = make(coefficient=0.7, iterations=2, activation="elu", use_bias=False, name="first")
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert (again.coefficient, again.iterations, again.name, again.use_bias) == (0.7, 2, "first", False)


def test_saved_model_file_gives_equal_outputs(kind, tmp_path):
    model, inputs = network(kind)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(inputs), model(inputs))
    power_iterate(model)
    power_iterate(loaded)
    np.testing.assert_array_equal(loaded(inputs), model(inputs))


def test_saved_weights_bring_the_singular_vectors(kind, tmp_path):
    model, inputs = network(kind)
    model.save_weights(tmp_path / "model.weights.h5")
    other, _ = network(kind)
    other.load_weights(tmp_path / "model.weights.h5")
    for expected, found in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(other(inputs), model(inputs))


def test_compiled_step_equals_eager(kind):
    model, inputs = network(kind)
    model.layers[0].kernel.assign(10 * model.layers[0].kernel)
    start = model.get_weights()

    def step(inputs):
        power_iterate(model)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(inputs)))
        return loss, tape.gradient(loss, [variable.value for variable in model.trainable_variables])

    eager = step(tf.constant(inputs))
    moved = model.get_weights()
    model.set_weights(start)
    compiled = tf.function(step, jit_compile=True, autograph=False)(tf.constant(inputs))
    for expected, found in zip(moved, model.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
    for expected, found in zip(tf.nest.flatten(eager), tf.nest.flatten(compiled), strict=True):
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("policy", "output", "state"),
    [("mixed_float16", "float16", "float32"), ("mixed_bfloat16", "bfloat16", "float32"), ("float64",) * 3],
)
def test_precision(kind, policy, output, state):
    make, inputs = kind
    layer = make()
    expected = layer(inputs).numpy()
    other = make(dtype=policy)
    other.build(inputs.shape)
    other.set_weights(layer.get_weights())
    outputs = other(tf.cast(inputs, output))
    assert (outputs.dtype, other.singular_vector.dtype) == (output, state)
    tolerance = {"float16": 0.01, "bfloat16": 0.05, "float64": 1e-5}[output] * np.abs(expected).max()
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), expected, atol=tolerance)
    other.power_iteration()
    layer.power_iteration()
    np.testing.assert_allclose(other.singular_vector.numpy(), layer.singular_vector.numpy(), atol=1e-5)


def test_kernel_of_zeros_has_finite_gradients(kind):
    layer = built(kind, kernel_initializer="zeros")
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(kind[1]))
    for gradient in tape.gradient(loss, [variable.value for variable in layer.trainable_variables]):
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize("tolerance", [0.01, 0.001])
def test_converge(tolerance):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            SoftSpectralConv2D(8, 3, padding="same"),
            SpectralConv2D(4, 3),
            keras.layers.Flatten(),
            SoftSpectralDense(5),
        ]
    )
    fresh = [layer.sigma() for layer in model.layers if hasattr(layer, "sigma")]
    converge(model, tolerance=tolerance)
    layers = [layer for layer in model.layers if hasattr(layer, "sigma")]
    for layer, old in zip(layers, fresh, strict=True):
        if isinstance(layer, SoftSpectralConv2D):
            expected = exact_norm(layer, layer.kernel, (6, 6, 3))
        else:
            expected = np.linalg.norm(layer.kernel.numpy().reshape(-1, layer.kernel.shape[-1]), 2)
        assert float(old) < (1 - 2 * tolerance) * expected
        assert float(layer.sigma()) == pytest.approx(expected, rel=2 * tolerance)


@pytest.mark.parametrize("tolerance", [0, 1e-4, 1, float("nan")])
def test_tolerance_out_of_range(tolerance):
    with pytest.raises(ValueError, match=rf"tolerance is {tolerance}; it must be in \[0.001, 1\)\."):
        converge(keras.Sequential([keras.Input((2,))]), tolerance=tolerance)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"coefficient": 0}, "coefficient is 0; it must be above 0"),
        ({"coefficient": float("nan")}, "coefficient is nan; it must be above 0"),
        ({"iterations": 0}, "iterations is 0; it must be at least 1"),
    ],
)
def test_options_out_of_range(kind, options, message):
    make, _ = kind
    with pytest.raises(ValueError, match=message):
        make(**options)


def test_inputs_of_no_fixed_size():
    with pytest.raises(ValueError, match=r"'wide' takes inputs \(None, None, 8, 3\); .*a fixed size"):
        SoftSpectralConv2D(4, 3, name="wide").build((None, None, 8, 3))


def test_inputs_of_another_size():
    layer = SoftSpectralConv2D(4, 3)
    layer.build((None, 8, 8, 3))
    with pytest.raises(ValueError, match=r"expected shape=\(None, 8, 8, 3\), found shape=\(2, 9, 9, 3\)"):
        layer(np.zeros((2, 9, 9, 3), np.float32))


def test_power_iteration_of_two_replicas_is_that_of_one(two_replicas):
    make = lambda: keras.Sequential(  # noqa: E731
        [keras.Input((6, 6, 3)), SoftSpectralConv2D(4, 3, padding="same"), SoftSpectralConv2D(4, 1)]
    )
    with two_replicas.scope():
        shared = make()
    alone = make()
    alone.set_weights(shared.get_weights())
    tf.function(lambda: two_replicas.run(power_iterate, (shared,)), autograph=False)()
    power_iterate(alone)
    for expected, found in zip(alone.get_weights(), shared.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)
    converge(shared)
    for layer in shared.layers:
        expected = exact_norm(layer, layer.kernel.value, layer.input.shape[1:])
        assert float(layer.sigma()) == pytest.approx(expected, rel=0.01)
