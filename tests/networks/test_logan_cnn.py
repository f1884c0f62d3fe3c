"""LOGAN's CNN: parameter counts worked out by hand, sizes, ranges, and pairs of images and latents."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.penalties import pairwise
from tfgan2.networks.logan_cnn import LoganCNN

TINY = {"width_multiplier": 1 / 64, "latent_dim": 5}  # all widths are 8


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def test_published_networks_for_32_pixels(kernels_of, slopes_of, epsilons_of):
    family = LoganCNN()
    generator, encoder = family.generator((32, 32, 3)), family.encoder((32, 32, 3))
    # 128 * 4,096, 16 * 256 * 128, 16 * 128 * 64, 16 * 64 * 3 + 3; norms of 4,096, 128 and 64.
    assert generator.count_params() == 524_288 + 524_288 + 131_072 + 3_075 + 4 * (4_096 + 128 + 64)
    assert generator.get_layer("reshape").output.shape == (None, 4, 4, 256)
    assert kernels_of(generator) == [(4, 2, 128), (4, 2, 64), (4, 2, 3)]
    # 16 * 3 * 64, 16 * 64 * 128, 16 * 128 * 256, 4,096 * 128 + 128; norms of 64, 128 and 256.
    assert encoder.count_params() == 3_072 + 131_072 + 524_288 + 524_416 + 4 * (64 + 128 + 256)
    assert kernels_of(encoder) == [(4, 2, 64), (4, 2, 128), (4, 2, 256)]
    assert slopes_of(generator) == slopes_of(encoder) == [0.2] * 3
    assert epsilons_of(generator) == epsilons_of(encoder) == {1e-3}
    joint, plain = family.joint_discriminator((32, 32, 3)), family.discriminator((32, 32, 3))
    convolutions = 3_136 + 131_200 + 524_544
    # 16 * 256 * 512 + 512, 640 * 640 + 640, 641.
    assert joint.count_params() == convolutions + 2_097_664 + 410_240 + 641
    assert kernels_of(joint) == [(4, 2, 64), (4, 2, 128), (4, 2, 256), (4, 1, 512)]
    # 16 * 256 * 256 + 256, 256 * 256 + 256, 257.
    assert plain.count_params() == convolutions + 1_048_832 + 65_792 + 257
    assert kernels_of(plain) == [(4, 2, 64), (4, 2, 128), (4, 2, 256), (4, 1, 256)]
    assert slopes_of(joint) == slopes_of(plain) == [0.2] * 5
    kernel = joint.get_layer("conv_2").get_weights()[0]
    limit = (6 / (16 * 64 + 16 * 128)) ** 0.5
    assert 0.99 * limit < np.abs(kernel).max() <= limit


@pytest.mark.parametrize(
    ("size", "bottom", "widths", "last"),
    [
        (8, 4, [64], [64, 128]),
        (28, 7, [64, 128], [64, 128, 256, 512]),
        (48, 6, [64, 128, 256], [64, 128, 256, 512, 512]),
        (128, 4, [64, 128, 256, 512, 512], [64, 128, 256, 512, 512, 512]),
    ],
)
def test_other_sizes(size, bottom, widths, last, kernels_of):
    family = LoganCNN(latent_dim=2)
    shape = (size, size, 1)
    generator, encoder, joint = family.generator(shape), family.encoder(shape), family.joint_discriminator(shape)
    assert generator.get_layer("reshape").output.shape == (None, bottom, bottom, widths[-1])
    assert kernels_of(generator) == [(4, 2, width) for width in [*widths[-2::-1], 1]]
    assert kernels_of(encoder) == [(4, 2, width) for width in widths]
    left = {48: 3}.get(size, 4)
    assert kernels_of(joint) == [(4, 2, width) for width in last[:-1]] + [(left, 1, last[-1])]
    assert joint.get_layer("dense").units == last[-1] + 2
    assert [tuple(tensor.shape) for tensor in joint.inputs] == [(None, *shape), (None, 2)]
    plain = family.discriminator(shape)
    assert kernels_of(plain)[-1] == (left, 1, min(512, last[-2])) and plain.output_shape == (None, 1)


def test_ranges():
    images = 5 * normal(64, 8, 8, 1)
    codes = LoganCNN(**TINY).encoder((8, 8, 1))(images).numpy()
    assert np.abs(codes).max() <= 1
    encoder = LoganCNN(**TINY, encoder_activation="linear").encoder((8, 8, 1))
    encoder.get_layer("output").bias.assign(np.full(5, 7.0))
    assert encoder(images).numpy().max() > 1
    for activation, low in (("tanh", -1.0), ("sigmoid", 0.0)):
        generator = LoganCNN(**TINY, output_activation=activation).generator((8, 8, 1))
        generator.get_layer("output").kernel.assign(1e3 * normal(4, 4, 1, 8))
        made = generator(normal(64, 5)).numpy()
        assert low <= made.min() < low + 0.01 and 0.99 < made.max() <= 1


def test_the_joint_discriminator_sees_both():
    keras.utils.set_random_seed(0)
    network = LoganCNN(**TINY).joint_discriminator((8, 8, 1))
    images, latents = normal(3, 8, 8, 1), normal(3, 5)
    logits = network([images, latents])
    assert logits.shape == (3, 1)
    assert np.abs(logits - network([images, -latents])).min() > 1e-4
    assert np.abs(logits - network([-images, latents])).min() > 1e-4


def test_augmentation_of_images_alone():
    network = LoganCNN(**TINY, augmentation=("cutout",)).joint_discriminator((8, 8, 1))
    pair = [normal(3, 8, 8, 1), normal(3, 5)]
    np.testing.assert_array_equal(network(pair), network(pair, training=False))
    assert np.abs(network(pair, training=True) - network(pair)).max() > 1e-5
    assert network.get_layer("augmentation").input is network.inputs[0]


def test_the_pairwise_penalty_reaches_every_kernel():
    keras.utils.set_random_seed(0)
    network = LoganCNN(**TINY).joint_discriminator((8, 8, 1))
    latents, mixing = tf.constant(normal(4, 5)), tf.constant([0.1, 0.5, 0.7, 1.0])
    kernels = [variable.value for variable in network.trainable_variables if variable.name == "kernel"]
    with tf.GradientTape() as tape:
        value = pairwise(
            lambda images: network([images, latents]), tf.constant(normal(4, 8, 8, 1)), tf.zeros([4, 8, 8, 1]), mixing
        )
    assert all(np.isfinite(g).all() and np.abs(g).max() > 0 for g in tape.gradient(value, kernels))


def test_float32_in_mixed_precision(bfloat16):
    family = LoganCNN(**TINY)
    joint, encoder = family.joint_discriminator((8, 8, 1)), family.encoder((8, 8, 1))
    codes = encoder(normal(3, 8, 8, 1))
    assert codes.dtype == joint([tf.constant(normal(3, 8, 8, 1)), codes]).dtype == "float32"
    assert joint.get_layer("conv_1").compute_dtype == "bfloat16"


def test_unknown_activation_of_the_encoder():
    with pytest.raises(ValueError, match=r"^encoder_activation is 'relu'; it must be one of tanh, linear\.$"):
        LoganCNN(encoder_activation="relu")
