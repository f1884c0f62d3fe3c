"""Floating-point operations: networks counted by hand and by TensorFlow's profiler, and the passes of a step."""

import keras
import pytest
import tensorflow as tf

from tfgan2.networks import NETWORKS
from tfgan2.networks.costs import forward_flops, passes, step_flops
from tfgan2.networks.mlp import MLP


def test_perceptrons():
    # 2 * (5 * 7 + 7 * 3) and 2 * (3 * 7 + 7 * 1).
    networks = MLP(latent_dim=5, hidden_units=7, hidden_layers=1)
    generator, discriminator = networks.generator((3,)), networks.discriminator((3,))
    assert forward_flops(generator) == 112 and forward_flops(discriminator) == 56
    # An update of D: a pass of G, three of D for each kind of samples; of G: three passes of G, two of D.
    assert step_flops(generator, discriminator, batch_size=10) == 10 * (4 * 112 + 8 * 56)
    options = {"penalized": True, "relativistic": True, "discriminator_steps": 2}
    # With R1 and R2 six passes of D for each kind; the relativistic generator has real samples judged, too.
    assert step_flops(generator, discriminator, batch_size=10, **options) == 10 * (5 * 112 + (2 * 12 + 3) * 56)
    assert passes(penalized=True, relativistic=False) == ((1, 12), (3, 2))


def test_convolutions():
    inputs = keras.Input((8, 8, 6))
    outputs = keras.layers.Conv2D(9, 3, strides=2, padding="same", groups=3)(inputs)  # 4 x 4 places, 9 * 2 * 9 numbers
    outputs = keras.layers.LeakyReLU()(outputs)
    outputs = keras.layers.Conv2DTranspose(2, 4, strides=2, padding="same")(outputs)  # 4 x 4 places, 16 * 9 * 2 numbers
    assert forward_flops(keras.Model(inputs, outputs)) == 2 * 16 * (9 * 2 * 9 + 16 * 9 * 2)


@pytest.mark.parametrize("name", ["sngan_cnn", "wgan_gp_resnet", "r3gan_resnet", "rumi_cnn"])
def test_against_the_profiler(name):
    # It counts element by element, too, which is a few percent.
    networks = NETWORKS[name](latent_dim=16, width_multiplier=0.5)
    for role, shape in (("generator", (1, 16)), ("discriminator", (1, 32, 32, 3))):
        network = getattr(networks, role)((32, 32, 3))
        graph = tf.function(network).get_concrete_function(tf.TensorSpec(shape, tf.float32)).graph
        options = tf.compat.v1.profiler.ProfileOptionBuilder.float_operation()
        options["output"] = "none"
        counted = tf.compat.v1.profiler.profile(graph, options=options).total_float_ops
        assert 0.85 * counted <= forward_flops(network) <= counted, role


def test_layers_inside_of_models_count():
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    inputs = keras.Input((4,))
    assert forward_flops(keras.Model(inputs, keras.layers.Dense(2)(inner(inputs)))) == 2 * (12 + 6)
