"""What all backbones promise: sizes, the two networks of one backbone, precision, XLA, saving, messages."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.flags.arguments import arguments_of
from tfgan2.layers.spectral import power_iterate
from tfgan2.networks import BACKBONES
from tfgan2.networks.backbones import BackboneNetworks

TINY = {
    "invertible_resnet": ({"blocks": 1, "stages": 2, "power_iterations": 2, "width_multiplier": 0.25}, (8, 8, 3)),
    "invertible_mlp": ({"blocks": 2, "hidden_units": 8, "power_iterations": 2}, (2,)),
    "unconstrained_cnn": ({"width_multiplier": 0.25}, (8, 8, 3)),
    "unconstrained_mlp": ({}, (2,)),
}


@pytest.fixture(params=[*TINY, "public"])
def family(request):
    """(family, shape of its samples), tiny."""
    keras.utils.set_random_seed(0)
    name = "invertible_resnet" if request.param == "public" else request.param
    options, shape = TINY[name]
    if request.param == "public":
        options = {**options, "variant": "public"}
    return BACKBONES[name](embedding_dim=6, projection_units=10, **options), shape


def samples(shape, rows=12, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, size=(rows, *shape)).astype(np.float32)


def test_every_family_is_here():
    assert set(TINY) == set(BACKBONES)
    for backbone in BACKBONES.values():
        assert issubclass(backbone, BackboneNetworks)
        defaults = {argument.name: argument.default for argument in arguments_of(backbone)}
        assert defaults["embedding_dim"] == 128 and defaults["projection_units"] == 512
        assert all(argument.help for argument in arguments_of(backbone))


def test_partitioner(family):
    networks, shape = family
    partitioner = networks.partitioner(shape, 5)
    assert (partitioner.name, partitioner.input_shape, partitioner.output_shape) == (
        "partitioner",
        (None, *shape),
        (None, 5),
    )
    inputs = samples(shape)
    features = partitioner.get_layer("backbone")(inputs)
    head = partitioner.get_layer("head")
    head.bias.assign(np.arange(5))
    expected = features.numpy() @ head.kernel.numpy() + np.arange(5)
    np.testing.assert_allclose(partitioner(inputs), expected, rtol=1e-4, atol=1e-4)


def test_embedder(family):
    networks, shape = family
    embedder = networks.embedder(shape)
    assert (embedder.name, embedder.output_shape) == ("embedder", (None, 6))
    inputs = samples(shape)
    embeddings = embedder(inputs).numpy()
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, rtol=1e-5)
    hidden = np.asarray(embedder.get_layer("projection")(embedder.get_layer("backbone")(inputs)))
    assert hidden.shape == (12, 10) and hidden.min() == 0 < hidden.max()
    outputs = hidden @ embedder.get_layer("embedding").kernel.numpy()
    np.testing.assert_allclose(embeddings, outputs / np.linalg.norm(outputs, axis=1, keepdims=True), atol=1e-4)


def test_partitioner_takes_over_the_backbone_of_the_embedder(family):
    networks, shape = family
    embedder, partitioner = networks.embedder(shape), networks.partitioner(shape, 3)
    backbones = embedder.get_layer("backbone"), partitioner.get_layer("backbone")
    inputs = samples(shape)
    assert np.abs(backbones[0](inputs) - backbones[1](inputs)).max() > 1e-3
    backbones[1].set_weights(backbones[0].get_weights())
    np.testing.assert_array_equal(backbones[0](inputs), backbones[1](inputs))
    # They share nothing afterwards.
    backbones[0].set_weights([weight + 1 for weight in backbones[0].get_weights()])
    assert np.abs(backbones[0](inputs) - backbones[1](inputs)).max() > 1e-3


def test_saved_weights(family, tmp_path):
    networks, shape = family
    partitioner, other = networks.partitioner(shape, 3), networks.partitioner(shape, 3)
    power_iterate(partitioner)
    partitioner.save_weights(tmp_path / "partitioner.weights.h5")
    other.load_weights(tmp_path / "partitioner.weights.h5")
    for expected, found in zip(partitioner.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(found, expected)
    partitioner.save(tmp_path / "partitioner.keras")
    loaded = keras.saving.load_model(tmp_path / "partitioner.keras")
    np.testing.assert_array_equal(loaded(samples(shape)), partitioner(samples(shape)))


def test_compiled_update_equals_eager(family):
    networks, shape = family
    partitioner = networks.partitioner(shape, 3)
    inputs = tf.constant(samples(shape))
    labels = tf.range(12) % 3
    start = partitioner.get_weights()

    def step(inputs):
        power_iterate(partitioner)
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            logits = partitioner(inputs, training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
        variables = [variable.value for variable in partitioner.trainable_variables]
        return loss, tape.gradient(loss, [inputs, *variables])

    eager = tf.nest.flatten(step(inputs)) + partitioner.get_weights()
    partitioner.set_weights(start)
    compiled = tf.nest.flatten(tf.function(step, jit_compile=True, autograph=False)(inputs)) + partitioner.get_weights()
    assert len(eager) == len(compiled)
    for expected, found in zip(eager, compiled, strict=True):
        assert np.isfinite(found).all()
        np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-4)


@pytest.fixture(params=[("mixed_bfloat16", "float32"), ("float64", "float64")])
def policy(request, set_policy):
    name, dtype_of_outputs = request.param
    set_policy(name)
    return dtype_of_outputs


def test_outputs_are_exact(policy, family):
    networks, shape = family
    inputs = samples(shape)
    for network in (networks.partitioner(shape, 3), networks.embedder(shape)):
        assert network(inputs).dtype == policy
    np.testing.assert_allclose(np.linalg.norm(network(inputs), axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("partitions", [1, 0])
def test_too_few_partitions(family, partitions):
    networks, shape = family
    with pytest.raises(ValueError, match=f"partitions is {partitions}; it must be at least 2"):
        networks.partitioner(shape, partitions)


@pytest.mark.parametrize("name", BACKBONES)
@pytest.mark.parametrize("option", ["embedding_dim", "projection_units"])
def test_sizes_out_of_range(name, option):
    with pytest.raises(ValueError, match=rf"^{option} is 0; it must be in \[1, 16384\]\.$"):
        BACKBONES[name](**{option: 0})


@pytest.mark.parametrize("name", ["invertible_mlp", "invertible_resnet"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"coefficient": 0}, "coefficient is 0; it must be in (0, 1)."),
        ({"coefficient": 1.0}, "coefficient is 1.0; it must be in (0, 1)."),
        ({"power_iterations": 0}, "power_iterations is 0; it must be in [1, 100]"),
    ],
)
def test_norm_out_of_range(name, options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        BACKBONES[name](**options)


@pytest.mark.parametrize("name", ["invertible_resnet", "unconstrained_cnn"])
@pytest.mark.parametrize("width_multiplier", [0, float("inf"), float("nan")])
def test_width_multiplier_out_of_range(name, width_multiplier):
    accepted = "a finite number above 0" if width_multiplier else "above 0"
    with pytest.raises(ArgumentError, match=rf"^width_multiplier is {width_multiplier}; it must be {accepted}\.$"):
        BACKBONES[name](width_multiplier=width_multiplier)


@pytest.mark.parametrize("name", ["invertible_resnet", "unconstrained_cnn"])
def test_shapes_that_are_no_images(name):
    with pytest.raises(ValueError, match=r"samples have the shape \(2,\); image networks take"):
        BACKBONES[name]().partitioner((2,), 3)


@pytest.mark.parametrize("name", ["unconstrained_cnn", "unconstrained_mlp"])
def test_others_have_no_inverse(name):
    options, shape = TINY[name]
    networks = BACKBONES[name](**options)
    backbone = networks.backbone(shape)
    layer = backbone.layers[-1].name
    with pytest.raises(ValueError, match=f"the layer '{layer}' of the backbone has no inverse; invertible_mlp has one"):
        networks.inverse(backbone, backbone(samples(shape)))
