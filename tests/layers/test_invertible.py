"""Invertible layers: bounds, inverses, known answers, state, saving, XLA, precision, messages."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.invertible import ActNorm, InvertibleConv2D, InvertibleDense, SpaceToDepth
from tfgan2.layers.spectral import converge, power_iterate

LAYERS = {
    "dense": (InvertibleDense, (5,)),
    "convolution": (InvertibleConv2D, (6, 4, 3)),
}


@pytest.fixture(params=LAYERS)
def kind(request):
    keras.utils.set_random_seed(0)
    return LAYERS[request.param]


def samples(shape, *, rows=50, seed=0, scale=1.0, dtype=np.float32):
    return np.random.default_rng(seed).normal(scale=scale, size=(rows, *shape)).astype(dtype)


def network(kind, *, blocks=1, scale=10.0, **options):
    """Blocks one after the other, with kernels so large that the norm bites, and converged singular vectors."""
    make, shape = kind
    model = keras.Sequential([keras.Input(shape), *(make(8, **options) for _ in range(blocks))])
    for variable in model.trainable_variables:
        if variable.name == "kernel":
            variable.assign(scale * variable)
        else:
            variable.assign(samples(variable.shape, rows=1)[0])
    converge(model)
    return model


def distances(values):
    """Euclidean distances between consecutive samples."""
    return np.linalg.norm(np.diff(np.reshape(values, (len(values), -1)), axis=0), axis=1)


@pytest.mark.parametrize("coefficient", [0.5, 0.9])
@pytest.mark.parametrize("scale", [1e-3, 30])  # of pairs, from near each other to far apart
def test_block_bounds_on_random_pairs(kind, coefficient, scale):
    block = network(kind, coefficient=coefficient)
    inputs = np.cumsum(samples(kind[1], rows=400, scale=scale), axis=0)
    ratios = distances(block(inputs).numpy()) / distances(inputs)
    bound = coefficient**3
    assert 1 - bound <= ratios.min() < ratios.max() <= 1 + bound
    assert ratios.max() - ratios.min() > 0.02 * bound  # the block does something


@pytest.mark.parametrize(("sign", "ratio"), [(1, 1.729), (-1, 0.271)])
def test_block_bounds_are_reached(sign, ratio):
    # Three multiples of the identity are divided to 0.9 times the identity; positive numbers pass the ELUs unchanged:
    # y = (1 +- .9^3) x.
    block = InvertibleDense(5)
    block.build((None, 5))
    for layer, factor in ((block.first, 3), (block.second, 2), (block.third, 4 * sign)):
        layer.kernel.assign(factor * np.eye(5))
    inputs = np.abs(samples((5,)))
    np.testing.assert_allclose(block(inputs), ratio * inputs, rtol=2e-4)
    np.testing.assert_allclose(block.inverse(ratio * inputs), inputs, rtol=1e-3)


def test_block_equals_reference():
    block = network(LAYERS["dense"]).layers[0]
    inputs = samples((5,))

    def elu(values):
        return np.where(values > 0, values, np.expm1(np.minimum(values, 0)))

    outputs = inputs
    for layer in (block.first, block.second, block.third):
        kernel = layer.kernel.numpy()
        norm = np.linalg.norm(kernel, 2)
        outputs = elu(outputs) @ (kernel / (norm / 0.9 + 1e-5)) + layer.bias.numpy()
    np.testing.assert_allclose(block(inputs), inputs + outputs, rtol=1e-3, atol=1e-3)
    block.activates_first = False
    positive = np.abs(inputs)
    without = block(positive).numpy()
    assert np.abs(block(inputs) - inputs - outputs).max() > 0.01
    block.activates_first = True
    np.testing.assert_allclose(block(positive), without, rtol=1e-5)


@pytest.mark.parametrize(("coefficient", "scale"), [(0.5, 1), (0.9, 0.1), (0.9, 10)])
def test_inverse_of_a_block(kind, coefficient, scale):
    block = network(kind, coefficient=coefficient).layers[0]
    inputs = samples(kind[1], scale=scale)
    outputs = block(inputs)
    assert np.abs(outputs - inputs).max() > 0.1
    inverse = tf.function(block.inverse, autograph=False)
    np.testing.assert_allclose(inverse(outputs), inputs, atol=1e-4 * max(1, scale))
    # From the other side: every output has an input.
    np.testing.assert_allclose(block(inverse(tf.constant(inputs))), inputs, atol=1e-4 * max(1, scale))


def test_inverse_of_many_blocks_in_float64(kind):
    model = network(kind, blocks=2, dtype="float64")
    inputs = samples(kind[1], rows=20, dtype=np.float64)
    outputs = model(inputs)
    assert outputs.dtype == tf.float64
    for block in reversed(model.layers):
        outputs = tf.function(block.inverse, autograph=False)(outputs)
    np.testing.assert_allclose(outputs, inputs, atol=1e-9)


def test_inverse_compiles(kind):
    block = network(kind).layers[0]
    outputs = tf.constant(samples(kind[1]))
    np.testing.assert_allclose(
        tf.function(block.inverse, jit_compile=True, autograph=False)(outputs), block.inverse(outputs), atol=1e-4
    )


def test_shapes_and_weights(kind):
    make, shape = kind
    block = make(8)
    assert block(keras.KerasTensor((None, *shape))).shape == (None, *shape)
    assert block.compute_output_shape((None, *shape)) == (None, *shape)
    names = [variable.path.split("/", 1)[1] for variable in block.variables]
    layers = ("first", "second", "third")
    assert sorted(names) == sorted(
        f"{layer}/{name}" for layer in layers for name in ("kernel", "bias", "singular_vector")
    )
    channels = [layer.kernel.shape[-1] for layer in (block.first, block.second, block.third)]
    assert channels == [8, 8, shape[-1]]
    if make is InvertibleConv2D:
        assert [layer.kernel_size[0] for layer in (block.first, block.second, block.third)] == [3, 1, 3]


def test_power_iterate_reaches_the_layers_of_blocks(kind):
    make, shape = kind
    model = keras.Sequential([keras.Input(shape), make(8)])
    vectors = [variable.numpy() for variable in model.non_trainable_variables]
    assert len(vectors) == 3
    power_iterate(model)
    for old, variable in zip(vectors, model.non_trainable_variables, strict=True):
        assert np.abs(variable.numpy() - old).max() > 1e-3


def test_compiled_step_equals_eager(kind):
    model = network(kind)
    inputs = tf.constant(samples(kind[1], rows=8))
    start = model.get_weights()

    def step(inputs):
        power_iterate(model)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            loss = tf.reduce_mean(tf.square(model(inputs)))
        return loss, tape.gradient(loss, [inputs, *(variable.value for variable in model.trainable_variables)])

    eager = tf.nest.flatten(step(inputs))
    moved = model.get_weights()
    model.set_weights(start)
    compiled = tf.nest.flatten(tf.function(step, jit_compile=True, autograph=False)(inputs))
    for expected, found in zip(eager + moved, compiled + model.get_weights(), strict=True):
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4)


def test_call_changes_no_state(kind):
    model = network(kind)
    before = model.get_weights()
    inputs = samples(kind[1])
    outputs = [model(inputs, training=training).numpy() for training in (True, False)]
    np.testing.assert_array_equal(*outputs)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_configuration_round_trip(kind):
    make, _ = kind
    block = make(8, coefficient=0.7, iterations=2, activates_first=False, name="block")
    again = make.from_config(block.get_config())
    assert again.get_config() == block.get_config()
    assert (again.width, again.coefficient, again.iterations, again.activates_first) == (8, 0.7, 2, False)
    again.build((None, *kind[1]))
    assert (again.second.coefficient, again.third.iterations) == (0.7, 2)


def test_saved_files_give_equal_outputs(kind, tmp_path):
    model, inputs = network(kind, blocks=2), samples(kind[1])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    model.save_weights(tmp_path / "model.weights.h5")
    other = network(kind, blocks=2, scale=5.0)
    assert np.abs(other(inputs) - model(inputs)).max() > 1e-3
    other.load_weights(tmp_path / "model.weights.h5")
    for found in (loaded, other):
        np.testing.assert_array_equal(found(inputs), model(inputs))
        for expected, weight in zip(model.get_weights(), found.get_weights(), strict=True):
            np.testing.assert_array_equal(weight, expected)


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_mixed_precision(kind, precision):
    model = network(kind)
    mixed = network(kind, dtype=f"mixed_{precision}")
    mixed.set_weights(model.get_weights())
    inputs = samples(kind[1])
    outputs = mixed(inputs)
    assert outputs.dtype == precision
    tolerance = {"float16": 0.01, "bfloat16": 0.06}[precision] * np.abs(inputs).max()
    np.testing.assert_allclose(tf.cast(outputs, tf.float32), model(inputs), atol=tolerance)


@pytest.mark.parametrize("coefficient", [0, 1, 1.5, float("nan")])
def test_coefficient_out_of_range(kind, coefficient):
    with pytest.raises(
        ValueError, match=rf"coefficient is {coefficient}; it must be in \(0, 1\), where the block has an inverse"
    ):
        kind[0](8, coefficient=coefficient)


def test_space_to_depth():
    layer = SpaceToDepth()
    images = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    outputs = layer(images)
    # The four pixels of each 2 x 2 square become its channels.
    np.testing.assert_array_equal(outputs, [[[[0, 1, 4, 5], [2, 3, 6, 7]], [[8, 9, 12, 13], [10, 11, 14, 15]]]])
    np.testing.assert_array_equal(layer.inverse(outputs), images)
    many = samples((6, 4, 3))
    assert layer(many).shape == layer.compute_output_shape(many.shape) == (50, 3, 2, 12)
    np.testing.assert_array_equal(tf.function(layer, jit_compile=True, autograph=False)(many), layer(many))
    np.testing.assert_allclose(distances(layer(many)), distances(many), rtol=1e-5)


def test_act_norm():
    layer = ActNorm()
    inputs = samples((6, 4, 3))
    np.testing.assert_array_equal(layer(inputs), inputs)
    layer.set_weights([np.array([1.0, 2, 3]), np.array([0.0, 1, -1])])
    np.testing.assert_allclose(layer(inputs), inputs * [1, 2, 3] + [0, 1, -1], rtol=1e-5, atol=1e-6)
    assert [variable.name for variable in layer.trainable_variables] == ["scale", "offset"]
    assert layer.compute_output_shape((None, 6, 4, 3)) == (None, 6, 4, 3)
