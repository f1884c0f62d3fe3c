"""R3GAN's networks: layers and sizes, fix-up initialisation, derivatives, precision, and that all methods can play."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from modes import MODES
from small_games import game_of

from tfgan2.flags.arguments import arguments_of
from tfgan2.layers.augmentation import Augmentation
from tfgan2.losses.sample_penalties import penalized
from tfgan2.methods import METHODS
from tfgan2.methods.base.judging import couples_samples
from tfgan2.networks.image_networks import image_of
from tfgan2.networks.r3gan_resnet import PLANS, R3GANResNet

TINY = {"preset": "tiny", "width_multiplier": 0.25, "latent_dim": 5}
SIZES = (8, 16, 28, 32, 48, 64, 128)


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.fixture
def networks():
    keras.utils.set_random_seed(0)
    return R3GANResNet(**TINY)


def block_parameters(width):
    # Twice the width between: 1 x 1 with biases, 3 x 3 in groups of 16 with biases, 1 x 1.
    return 2 * width * width + 2 * width + 9 * 16 * 2 * width + 2 * width + 2 * width * width


def test_parameters_at_32_pixels():
    widths, joints = (128, 64, 32, 16), 128 * 64 + 64 * 32 + 32 * 16
    blocks = sum(map(block_parameters, widths))
    family = R3GANResNet(preset="tiny")
    assert family.generator((32, 32, 3)).count_params() == 64 * 128 + 16 * 128 + blocks + joints + 16 * 3
    discriminator = 3 * 16 + blocks + joints + 16 * 128 + 128 + 1
    assert family.discriminator((32, 32, 3)).count_params() == discriminator
    assert family.encoder((32, 32, 3)).count_params() == discriminator + 63 * 129


@pytest.mark.parametrize(
    ("preset", "size", "stages"),
    [
        ("tiny", 32, [(4, 128), (8, 64), (16, 32), (32, 16)]),
        ("tiny", 28, [(7, 72), (14, 32), (28, 16)]),
        ("tiny", 8, [(4, 128), (8, 64)]),
        ("small", 64, [(4, 256), (8, 128), (16, 64), (32, 32), (64, 32)]),
        ("base", 32, [(4, 512), (8, 512), (16, 512), (32, 256)]),
        ("base", 128, [(4, 512), (8, 512), (16, 512), (32, 256), (64, 128), (128, 64)]),
    ],
)
def test_stages(preset, size, stages):
    assert R3GANResNet(preset=preset).stages(image_of((size, size, 3))) == stages


def test_widths_are_multiples_of_8():
    family = R3GANResNet(preset="tiny", width_multiplier=0.3)
    # 128 * 0.3 = 38.4, 64 * 0.3 = 19.2, 32 * 0.3 = 9.6, 16 * 0.3 = 4.8.
    assert [width for _, width in family.stages(image_of((32, 32, 3)))] == [40, 16, 8, 8]


def test_layers(types_of):
    family = R3GANResNet(preset="base", width_multiplier=1 / 32)
    block = ["Conv2D", "LeakyReLU", "GroupedConv2D", "LeakyReLU", "Conv2D", "Add"]
    found = types_of(R3GANResNet(preset="tiny").generator((8, 8, 3)))
    assert found == ["Dense", "FromBasis", *block, "Conv2D", "BilinearDouble", *block, "Conv2D"]
    found = types_of(R3GANResNet(preset="tiny").discriminator((8, 8, 3)))
    assert found == ["Conv2D", *block, "AveragePooling2D", "Conv2D", *block, "OntoBasis", "Dense"]
    sums = [layer.name for layer in family.generator((8, 8, 3)).layers if layer.name.endswith("sum")]
    assert sums == [f"stage_{stage}_block_{block}_sum" for stage, block in itertools.product((1, 2), (1, 2))]
    grouped = R3GANResNet(preset="tiny").generator((8, 8, 3)).get_layer("stage_1_block_1_conv_2")
    assert (grouped.groups, grouped.kernel.shape) == (16, (3, 3, 16, 256))


@pytest.mark.parametrize(("size", "channels"), [(size, (1, 3, 4)[place % 3]) for place, size in enumerate(SIZES)])
def test_shapes(networks, size, channels):
    shape = (size, size, channels)
    images = networks.generator(shape)(normal(2, 5))
    assert images.shape == (2, *shape) and float(tf.reduce_max(tf.abs(images))) <= 1.0
    discriminator = networks.discriminator(shape, heads=3)
    assert discriminator(images).shape == (2, 3)
    assert networks.encoder(shape)(images).shape == (2, 5)
    assert discriminator.get_layer("features").output.shape == (None, networks.stages(image_of(shape))[0][1])


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_channels(networks, channels):
    images = networks.generator((8, 8, channels))(normal(2, 5))
    assert networks.discriminator((8, 8, channels))(images).shape == (2, 1)


@pytest.mark.parametrize("preset", PLANS)
def test_variance_through_depth(preset):
    # Neighbours of a random basis are independent, so that each doubling between them lowers the variance for a while.
    keras.utils.set_random_seed(0)
    family = R3GANResNet(preset=preset, width_multiplier=0.125 if preset == "base" else 0.5)
    generator, discriminator = family.generator((32, 32, 3)), family.discriminator((32, 32, 3), heads=40)
    flat = np.tile(normal(64, 1, 1, 3), (1, 32, 32, 1))
    for network, inputs, low in ((generator, normal(32, 64), 0.1), (discriminator, flat, 0.4)):
        layers = [layer for layer in network.layers if "conv_1" in layer.name or layer.name.endswith(("sum", "width"))]
        outputs = keras.Model(network.input, [layer.output for layer in layers])(inputs)
        for layer, output in zip(layers, outputs, strict=True):
            assert low < np.mean(np.square(output)) < 2.0, layer.name
    assert np.mean(np.square(keras.Model(generator.input, generator.get_layer("basis").output)(normal(32, 64)))) == (
        pytest.approx(1, rel=0.25)
    )
    assert 0.3 < np.mean(np.square(discriminator(flat))) < 2.5


@pytest.mark.parametrize("preset", PLANS)
def test_initial_weights(preset):
    keras.utils.set_random_seed(0)
    family = R3GANResNet(preset=preset)
    blocks = 4 * PLANS[preset].blocks
    for network in (family.generator((32, 32, 3)), family.discriminator((32, 32, 3))):
        for layer in network.layers:
            if layer.name.endswith("conv_3"):
                assert not layer.kernel.numpy().any()
            elif layer.name.endswith(("conv_1", "conv_2")) and layer.kernel.numpy().size > 8000:
                inputs = np.prod(layer.kernel.shape[:-1])
                expected = (2 / 1.04 / inputs) ** 0.5 * blocks**-0.25
                assert layer.kernel.numpy().std() == pytest.approx(expected, rel=0.05), layer.name


def test_blocks_are_the_identity_at_first(networks):
    generator = networks.generator((8, 8, 3))
    images = generator(normal(4, 5)).numpy()
    generator.get_layer("stage_2_block_1_conv_1").kernel.assign_add(normal(16, 32)[None, None])
    np.testing.assert_array_equal(generator(normal(4, 5)), images)
    generator.get_layer("stage_2_block_1_conv_3").kernel.assign_add(normal(32, 16)[None, None])
    assert np.abs(generator(normal(4, 5)) - images).max() > 0.01


def test_no_sample_depends_on_others(networks):
    discriminator = moved(networks.discriminator((8, 8, 3)))
    images = normal(6, 8, 8, 3)
    np.testing.assert_allclose(
        discriminator(images, training=True)[:2], discriminator(images[:2]), rtol=1e-3, atol=1e-5
    )
    assert not couples_samples(discriminator)
    assert len(discriminator.trainable_weights) == len(discriminator.weights)


def moved(network):
    """A network as training would leave it, with no weight at 0."""
    random = np.random.default_rng(1)
    network.set_weights([weight + random.normal(0, 0.1, weight.shape) for weight in network.get_weights()])
    return network


@pytest.mark.parametrize("mode", MODES)
def test_second_derivatives_of_both_networks(networks, mode):
    generator, discriminator = moved(networks.generator((8, 8, 3))), moved(networks.discriminator((8, 8, 3)))
    # Without kinks, at which slopes jump, so that differences say what the derivatives are.
    for layer in (*generator.layers, *discriminator.layers):
        if isinstance(layer, keras.layers.LeakyReLU):
            layer.negative_slope = 1.0
    latents = tf.constant(normal(3, 5))

    def penalty(latents):
        """Penalty of the slope by the latents. It passes the generator's doubling and the discriminator's halving."""
        variables = [variable.value for variable in (*generator.trainable_weights, *discriminator.trainable_weights)]
        with tf.GradientTape() as tape:
            _, value = penalized(lambda inputs: discriminator(generator(inputs)), latents)
        return value, tape.gradient(value, variables)

    run = MODES[mode](penalty)
    value, gradients = run(latents)
    weights = [*generator.trainable_weights, *discriminator.trainable_weights]
    # All but the bias of the logit, which is the last: no slope depends on it.
    places = [index for index, gradient in enumerate(gradients) if gradient is not None]
    assert places == list(range(len(weights) - 1))
    random = np.random.default_rng(2)
    directions = [random.normal(size=weights[index].shape).astype("float32") for index in places]
    values, step = [], 2e-3
    for sign in (1, -2):
        for index, direction in zip(places, directions, strict=True):
            weights[index].assign_add(sign * step * direction)
        values.append(float(run(latents)[0]))
    along = sum(float(tf.reduce_sum(gradients[index] * d)) for index, d in zip(places, directions, strict=True))
    assert along == pytest.approx((values[0] - values[1]) / (2 * step), rel=0.05) and float(value) > 0


def test_labels(networks):
    generator = networks.conditional_generator((8, 8, 1), 3)
    latents = np.tile(normal(1, 5), (3, 1))
    images = generator(np.concatenate([latents, np.eye(3, dtype="float32")], axis=1)).numpy()
    assert np.abs(images[0] - images[1]).max() > 1e-2 and generator.input_shape == (None, 8)
    assert generator.get_layer("embedding").kernel.shape == (3, 5)
    outputs = networks.conditional_discriminator((8, 8, 1), 3, ("classes", "projection"))(images)
    assert [output.shape for output in outputs] == [(3, 1), (3, 3), (3, 3)]


def test_pairs(networks):
    discriminator = networks.joint_discriminator((8, 8, 1))
    images, latents = normal(4, 8, 8, 1), normal(4, 5)
    logits = discriminator([images, latents]).numpy()
    assert logits.shape == (4, 1)
    assert np.abs(discriminator([images, latents[::-1]]) - logits).max() > 1e-3
    assert np.abs(discriminator([images[::-1], latents]) - logits).max() > 1e-3
    assert networks.discriminator((8, 8, 1)).get_layer("features").dtype == "float32"


def test_mixed_precision(bfloat16, networks):
    images = normal(3, 8, 8, 1)
    for role, inputs in (("generator", normal(3, 5)), ("discriminator", images), ("encoder", images)):
        network = getattr(networks, role)((8, 8, 1))
        outputs = network(inputs)
        assert outputs.dtype == "float32" and np.isfinite(outputs).all()
        assert {variable.dtype for variable in network.variables} == {"float32"}
        assert {layer.compute_dtype for layer in network.layers if "block" in layer.name} == {"bfloat16"}
    logits, penalty = penalized(networks.discriminator((8, 8, 1)), tf.constant(images))
    assert logits.dtype == penalty.dtype == "float32"


def test_saved_networks_are_equal(networks, tmp_path):
    for role, inputs in (("generator", normal(3, 5)), ("discriminator", normal(3, 8, 8, 4))):
        network = moved(getattr(networks, role)((8, 8, 4)))
        network.save(tmp_path / f"{role}.keras")
        loaded = keras.saving.load_model(tmp_path / f"{role}.keras")
        np.testing.assert_allclose(loaded(inputs), network(inputs), rtol=1e-5, atol=1e-6)


def test_augmentation():
    discriminator = R3GANResNet(**TINY, augmentation=("color",)).discriminator((8, 8, 3))
    assert [type(layer) for layer in discriminator.layers].count(Augmentation) == 1
    assert np.abs(discriminator(normal(3, 8, 8, 3), training=True) - discriminator(normal(3, 8, 8, 3))).max() > 1e-4


def test_arguments():
    names = {argument.name for argument in arguments_of(R3GANResNet)}
    assert names == {"preset", "latent_dim", "width_multiplier", "output_activation", "augmentation", "ada_transforms"}
    with pytest.raises(ValueError, match=r"^preset is 'huge'; it must be one of tiny, small, base\.$"):
        R3GANResNet(preset="huge")
    with pytest.raises(ValueError, match=r"^images have 2 channels; image networks take 1, 3 or 4: convert the images"):
        R3GANResNet().generator((8, 8, 2))


@pytest.mark.parametrize("method", METHODS)
def test_every_method_plays(networks, method):
    game = game_of(method, networks, (8, 8, 3))
    game.compile({role: keras.optimizers.SGD(0.01) for role in game.trained_roles}, ema_decay=0.9)
    game.begin_phase(game.schedule(4)[-1][0])
    count = 4 * game.discriminator_steps
    batch = {key: tf.constant(np.tanh(normal(count, 8, 8, 3))) for key in game.batch_keys}
    batch |= {"labels": tf.range(count) % 3} if "labels" in batch else {}
    report = game.update(batch)
    assert all(np.isfinite(value) for value in report.values())
    assert game.generate(game.latents(0, 5)).shape == (5, 8, 8, 3)
