"""What all network families for images promise: sizes, ranges, batch norm, precision, gradients, messages."""

import inspect
import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.adaptive_augmentation import TRANSFORMS, AdaptiveAugmentation
from tfgan2.layers.augmentation import Augmentation
from tfgan2.layers.batch_statistics import BatchStatisticsNormalization
from tfgan2.layers.resampling import Blur
from tfgan2.layers.spectral import power_iterate
from tfgan2.losses.gradients import input_gradient, sample_norms
from tfgan2.losses.penalties import two_sided
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks import NETWORKS
from tfgan2.networks.image_networks import LEVELS, DeconvolvingNetworks, ImageNetworks, image_of

# Those for all sizes; the others have tests of their own.
FAMILIES = {
    name: family
    for name, family in NETWORKS.items()
    if name
    not in ("mlp", "rumi_cnn", "acgan_cnn", "p2gan_cnn", "logan_cnn", "pgmgan_mlp", "pgmgan_resnet", "r3gan_resnet")
}
ROLES = ("generator", "discriminator", "encoder")
TINY = {"width_multiplier": 1 / 64, "latent_dim": 5}  # all widths are 8


@pytest.fixture(params=FAMILIES)
def family(request):
    keras.utils.set_random_seed(0)
    return FAMILIES[request.param]


def normal(*shape, scale=1.0):
    return np.random.default_rng(0).normal(scale=scale, size=shape).astype(np.float32)


def kernels_of(network):
    """All weights of a discriminator but its biases, which are 0 at first."""
    return [variable for variable in network.trainable_variables if variable.name == "kernel"]


def test_families():
    assert list(FAMILIES) == ["distgan_cnn", "distgan_resnet", "sngan_cnn", "sngan_resnet", "wgan_gp_resnet"]
    ranges = {name: family().output_activation for name, family in FAMILIES.items()}
    assert ranges == {
        "distgan_cnn": "sigmoid",
        "distgan_resnet": "sigmoid",
        "sngan_cnn": "tanh",
        "sngan_resnet": "tanh",
        "wgan_gp_resnet": "tanh",
    }


def test_hyperparameters(family):
    assert issubclass(family, ImageNetworks)
    defaults = family.__init__.__kwdefaults__ | {"output_activation": None}
    assert defaults == {
        "latent_dim": 128,
        "width_multiplier": 1.0,
        "output_activation": None,
        "batch_norm": "moving",
        "synchronized": False,
        "augmentation": (),
        "ada_transforms": (),
    } | ({"blur": False} if issubclass(family, DeconvolvingNetworks) else {})
    assert len(inspect.signature(family).parameters) == len(defaults)
    given = {"latent_dim": 3, "width_multiplier": 0.5, "output_activation": "tanh", "batch_norm": "batch"}
    networks = family(**given, synchronized=True)
    assert {name: getattr(networks, name) for name in given} == given and networks.synchronized is True


@pytest.mark.parametrize("size", LEVELS)
def test_shapes(family, size):
    channels = {8: 1, 28: 1, 64: 1}.get(size, 3)
    networks = family(width_multiplier=1 / 8, latent_dim=7)
    generator, discriminator, encoder = (getattr(networks, role)((size, size, channels)) for role in ROLES)
    assert (generator.name, generator.input_shape) == ("generator", (None, 7))
    assert generator.output_shape == (None, size, size, channels)
    assert (discriminator.name, discriminator.input_shape) == ("discriminator", (None, size, size, channels))
    assert discriminator.output_shape == (None, 1)
    assert (encoder.name, encoder.input_shape) == ("encoder", (None, size, size, channels))
    assert encoder.output_shape == (None, 7)
    # The generator starts from, and the encoder ends at, 4 pixels, but 7 for 28 and 6 for 48.
    bottom = {28: 7, 48: 6}.get(size, 4)
    assert generator.get_layer("reshape").output.shape[1:3] == (bottom, bottom)
    assert encoder.get_layer("flatten").input.shape[1:3] == (bottom, bottom)
    features = discriminator.get_layer("features").output.shape
    assert features[1] == features[2] and 3 <= features[1] <= 8


def test_runs(family):
    networks = family(**TINY)
    images = networks.generator((28, 28, 3))(normal(2, 5))
    assert images.shape == (2, 28, 28, 3)
    assert networks.discriminator((28, 28, 3))(images).shape == (2, 1)
    assert networks.encoder((28, 28, 3))(images).shape == (2, 5)


def test_widths_are_multiplied_rounded_and_at_least_8(family):
    assert family().widths(64, 512, 5) == [64, 128, 256, 512, 512]
    assert family(width_multiplier=2.0).widths(64, 512, 2) == [128, 256]
    # 64 * 0.3 = 19.2, 128 * 0.3 = 38.4.
    assert family(width_multiplier=0.3).widths(64, 128, 2) == [19, 38]
    # 64 / 10 = 6.4 is below 8, 128 / 10 = 12.8 above it.
    assert family(width_multiplier=0.1).widths(64, 128, 2) == [8, 13]


DECONVOLVING = {name: kind for name, kind in NETWORKS.items() if issubclass(kind, DeconvolvingNetworks)}


@pytest.mark.parametrize("name", DECONVOLVING)
def test_a_blur_follows_each_deconvolution_that_doubles_the_size(name):
    plain, blurred = (DECONVOLVING[name](**TINY, blur=blur).generator((32, 32, 3)) for blur in (False, True))
    doubling = [
        layer for layer in blurred.layers if isinstance(layer, keras.layers.Conv2DTranspose) and layer.strides == (2, 2)
    ]
    assert len(doubling) >= 3
    for layer in doubling:
        (following,) = [node.operation for node in layer._outbound_nodes]
        assert isinstance(following, Blur) and layer.activation is keras.activations.linear
    assert not any(isinstance(layer, Blur) for layer in plain.layers)
    # The output has the range of its activation, and the same weights fit both.
    blurred.set_weights([100 * weight for weight in plain.get_weights()])
    images = blurred(normal(64, 5)).numpy()
    assert images.dtype == np.float32 and np.abs(images).max() > 0.99


@pytest.mark.parametrize(("activation", "low"), [("sigmoid", 0.0), ("tanh", -1.0)])
def test_output_range(family, activation, low):
    generator = family(**TINY, output_activation=activation).generator((8, 8, 1))
    generator.get_layer("output").kernel.assign(1e3 * normal(3, 3, 8, 1))
    images = generator(normal(64, 5)).numpy()
    assert low <= images.min() < low + 0.01 and 0.99 < images.max() <= 1.0


def test_moving_averages_make_samples_independent(family):
    generator = family(**TINY).generator((8, 8, 1))
    norms = [layer for layer in generator.layers if isinstance(layer, keras.layers.BatchNormalization)]
    inputs = keras.Model(generator.input, norms[0].input)(normal(64, 5)).numpy()
    axes = tuple(range(inputs.ndim - 1))
    in_training = generator(normal(64, 5), training=True)
    # Momentum 0.9 from a mean of 0 and a variance of 1.
    np.testing.assert_allclose(norms[0].moving_mean, 0.1 * inputs.mean(axes), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(norms[0].moving_variance, 0.9 + 0.1 * inputs.var(axes), rtol=1e-4)
    images = generator(normal(64, 5), training=False)
    np.testing.assert_allclose(generator(normal(64, 5)[:2], training=False), images[:2], rtol=1e-4, atol=1e-5)
    assert np.abs(images - in_training).max() > 0.01
    assert {layer.momentum for layer in norms} == {0.9} and not any(layer.synchronized for layer in norms)


def test_batch_statistics(family):
    moving = family(**TINY).generator((8, 8, 1))
    batch = family(**TINY, batch_norm="batch", synchronized=True).generator((8, 8, 1))
    batch.set_weights([variable.numpy() for variable in moving.trainable_variables])
    before = batch.get_weights()
    images = batch(normal(64, 5), training=False)
    # What the others normalise by in training, with their epsilon.
    np.testing.assert_allclose(images, moving(normal(64, 5), training=True), rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(images, batch(normal(64, 5), training=True))
    assert np.abs(batch(normal(64, 5)[:2]) - images[:2]).max() > 1e-4
    for old, new in zip(before, batch.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    norms = [layer for layer in batch.layers if isinstance(layer, BatchStatisticsNormalization)]
    assert len(norms) * 2 == len(moving.non_trainable_variables) and all(layer.synchronized for layer in norms)


@pytest.mark.parametrize("role", ["generator", "encoder"])
def test_synchronized_batch_norm(family, role):
    network = getattr(family(**TINY, synchronized=True), role)((28, 28, 1))
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert norms and all(layer.synchronized for layer in norms)


def test_initial_weights_follow_the_seed(family):
    kernels = []
    for seed in (0, 0, 1):
        keras.utils.set_random_seed(seed)
        kernels.append(family(**TINY).generator((8, 8, 1)).get_weights()[0])
    np.testing.assert_array_equal(kernels[0], kernels[1])
    assert np.abs(kernels[0] - kernels[2]).max() > 1e-3


def test_saved_networks_are_equal(family, tmp_path):
    networks = family(**TINY, batch_norm="batch")
    for role, inputs in (("generator", normal(3, 5)), ("discriminator", normal(3, 8, 8, 1))):
        network = getattr(networks, role)((8, 8, 1))
        network.save(tmp_path / f"{role}.keras")
        loaded = keras.saving.load_model(tmp_path / f"{role}.keras")
        np.testing.assert_array_equal(loaded(inputs), network(inputs))


def test_outputs_and_features_are_float32_in_mixed_precision(family, bfloat16):
    networks = family(**TINY)
    images = normal(3, 8, 8, 1)
    for role, inputs in (("generator", normal(3, 5)), ("discriminator", images), ("encoder", images)):
        network = getattr(networks, role)((8, 8, 1))
        outputs = network(inputs)
        assert outputs.dtype == "float32" and np.isfinite(outputs).all()
        assert {variable.dtype for variable in network.variables} == {"float32"}
        inner = {layer.compute_dtype for layer in network.layers if layer.name.startswith(("conv", "deconv", "block"))}
        assert inner == {"bfloat16"}
        if role == "discriminator":
            assert network.get_layer("features").output.dtype == "float32"


def test_second_derivative_of_the_discriminator(family):
    discriminator = family(**TINY).discriminator((8, 8, 1))
    power_iterate(discriminator)
    images = tf.constant(normal(4, 8, 8, 1))
    kernels = kernels_of(discriminator)
    with tf.GradientTape() as tape:
        penalty = two_sided(discriminator, images)
    for kernel, gradient in zip(kernels, tape.gradient(penalty, [kernel.value for kernel in kernels]), strict=True):
        assert np.isfinite(gradient).all() and np.abs(gradient).max() > 0, kernel.path


@pytest.mark.parametrize(("name", "layers"), [("distgan_cnn", None), ("distgan_resnet", 1), ("wgan_gp_resnet", 1)])
def test_slope_is_homogeneous_in_a_kernel(name, layers):
    # Without biases and norms, a kernel multiplied by c multiplies logits and their slopes by c, if all paths pass it:
    # by Euler the gradient of the mean slope along each such kernel is the mean slope. In a residual network only the
    # last dense layer is passed by all paths, in the CNN every layer is.
    keras.utils.set_random_seed(0)
    discriminator = FAMILIES[name](**TINY).discriminator((8, 8, 1))
    kernels = kernels_of(discriminator)[-layers if layers else 0 :]
    with tf.GradientTape() as tape:
        slope = tf.reduce_mean(sample_norms(input_gradient(discriminator, tf.constant(normal(4, 8, 8, 1)))[1]))
    gradients = tape.gradient(slope, [kernel.value for kernel in kernels])
    assert len(kernels) == (layers or 4)
    for kernel, gradient in zip(kernels, gradients, strict=True):
        assert float(tf.reduce_sum(gradient * kernel)) == pytest.approx(float(slope), rel=1e-3), kernel.path


def test_compiled_step_of_convolutions_and_norms_equals_eager():
    batch = {"real": tf.constant(np.random.default_rng(0).random((4, 8, 8, 1)).astype(np.float32))}
    states, reports = [], []
    for jit_compile in (False, True):
        keras.utils.set_random_seed(0)
        networks = NETWORKS["distgan_cnn"](**TINY)
        roles = [getattr(networks, role)((8, 8, 1)) for role in StandardGAN.roles]
        game = StandardGAN(*roles, gradient_penalty="two_sided")
        optimizers = {role: keras.optimizers.SGD(0.1) for role in game.trained_roles}
        game.compile(optimizers, jit_compile=jit_compile)
        before = {name: variable.numpy() for name, variable in game.state().items()}
        if jit_compile:
            reports.append(game.train_chunk(iter(tf.data.Dataset.from_tensors(batch)), 1))
        else:
            reports.append({name: float(value) for name, value in game.update(batch).items()})
        states.append({name: variable.numpy() for name, variable in game.state().items()})
    eager, compiled = states
    moved = {name for name in before if np.abs(compiled[name] - before[name]).max() > 1e-6}
    assert {name.partition("/")[0] for name in moved} >= {"generator", "discriminator"}
    assert any(name.endswith("moving_variance") for name in moved)
    for name, value in eager.items():
        np.testing.assert_allclose(compiled[name], value, rtol=1e-4, atol=1e-6, err_msg=name)
    assert reports[0] == pytest.approx(reports[1], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize("role", ROLES)
def test_unsupported_shapes(family, role):
    build = getattr(family(**TINY), role)
    with pytest.raises(ValueError) as error:
        build((30, 30, 3))
    assert str(error.value) == (
        "images have 30 x 30 pixels; image networks take squares of 8, 16, 28, 32, 48, 64, 128, 256 pixels: "
        "resize or crop the images to one of these."
    )
    with pytest.raises(ValueError, match=r"^images have 32 x 48 pixels; image networks take squares of 8, 16, 28, "):
        build((32, 48, 3))
    if role != "discriminator":  # which takes packs of images
        with pytest.raises(ValueError) as error:
            build((32, 32, 2))
        assert str(error.value) == (
            "images have 2 channels; image networks take 1, 3 or 4: convert the images to grey, RGB or RGBA."
        )
    with pytest.raises(ValueError) as error:
        build((2,))
    assert str(error.value) == (
        "samples have the shape (2,); image networks take (size, size, channels): use the network mlp, or images."
    )


def test_augmentation_of_what_the_discriminator_sees(family):
    augmented = family(**TINY, augmentation=("color", "cutout")).discriminator((8, 8, 1))
    plain = family(**TINY).discriminator((8, 8, 1))
    layer = augmented.get_layer("augmentation")
    assert layer.policy == ("color", "cutout")
    assert layer.output_range == ("unit" if family(**TINY).output_activation == "sigmoid" else "symmetric")
    plain.set_weights([weight for weight in augmented.get_weights() if weight.dtype != np.int64])
    images = normal(4, 8, 8, 1)
    np.testing.assert_array_equal(augmented(images), plain(images))
    assert np.abs(augmented(images, training=True) - plain(images, training=True)).max() > 1e-4
    assert [weight.shape for weight in augmented.trainable_weights] == [w.shape for w in plain.trainable_weights]


def test_adaptive_augmentation_of_what_the_discriminator_sees(family):
    augmented = family(**TINY, augmentation=("cutout", "ada")).discriminator((8, 8, 1))
    kinds = [type(layer) for layer in augmented.layers if isinstance(layer, Augmentation | AdaptiveAugmentation)]
    assert kinds == [Augmentation, AdaptiveAugmentation] and augmented.get_layer("augmentation").policy == ("cutout",)
    layer = augmented.get_layer("adaptive_augmentation")
    assert layer.transforms == TRANSFORMS
    assert layer.output_range == ("unit" if family(**TINY).output_activation == "sigmoid" else "symmetric")
    augmented = family(**TINY, augmentation=("ada",), ada_transforms=("cutout",)).discriminator((8, 8, 1))
    assert augmented.get_layer("adaptive_augmentation").transforms == ("cutout",)
    images = normal(4, 8, 8, 1)
    np.testing.assert_allclose(augmented(images, training=True), augmented(images), rtol=1e-4, atol=1e-5)
    augmented.get_layer("adaptive_augmentation").probability.assign(0.9)
    assert np.abs(augmented(images, training=True) - augmented(images)).max() > 1e-4


def test_unknown_augmentation(family):
    message = "augmentation is ('color', 'flip'); it must be made of color, translation, cutout, ada."
    with pytest.raises(ValueError, match=re.escape(message)):
        family(augmentation=("color", "flip"))


def test_images():
    # size = bottom * 2^levels
    expected = {8: (4, 1), 16: (4, 2), 28: (7, 2), 32: (4, 3), 48: (6, 3), 64: (4, 4), 128: (4, 5), 256: (4, 6)}
    found = {size: (image_of((size, size, 1)).bottom, image_of((size, size, 1)).levels) for size in LEVELS}
    assert found == expected
    assert [size for size in LEVELS if image_of((size, size, 3)).is_small] == [8, 16, 28, 32]


@pytest.mark.parametrize("value", [0, -3])
def test_latent_dim_below_one(family, value):
    with pytest.raises(ValueError, match=rf"^latent_dim is {value}; it must be in \[1, 16384\]\.$"):
        family(latent_dim=value)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_width_multiplier_out_of_range(family, value):
    with pytest.raises(ValueError, match=rf"^width_multiplier is {value}; it must be (a finite number )?above 0\.$"):
        family(width_multiplier=value)


@pytest.mark.parametrize(
    ("name", "accepted"), [("output_activation", "sigmoid, tanh"), ("batch_norm", "moving, batch")]
)
def test_unknown_choices(family, name, accepted):
    with pytest.raises(ValueError, match=rf"^{name} is 'relu'; it must be one of {accepted}\.$"):
        family(**{name: "relu"})
