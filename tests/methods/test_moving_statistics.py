"""The moving batch statistics of image networks after one step, against those of passes of the right inputs alone."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.flags.arguments import arguments_of
from tfgan2.methods import METHODS
from tfgan2.networks.distgan_cnn import DistGANCNN
from tfgan2.networks.logan_cnn import LoganCNN

IMAGES = np.random.default_rng(0).random((8, 16, 16, 1)).astype("float32")


@pytest.mark.parametrize(
    ("method", "family", "arguments", "generator_passes", "encoder_passes"),
    [
        ("gngan", DistGANCNN, {}, 3, 2),
        ("gngan", DistGANCNN, {"neighbor_weight": 0.0, "discriminator_steps": 1}, 2, 2),
        ("distgan", DistGANCNN, {}, 3, 2),
        ("logan", LoganCNN, {}, 2, 2),
        ("logan", LoganCNN, {"reconstruction_weight": 10.0, "penalize_latents": True}, 3, 3),
    ],
)
def test_prior_latents_and_real_images_alone(method, family, arguments, generator_passes, encoder_passes, compiled):
    keras.utils.set_random_seed(0)
    networks = family(latent_dim=3, width_multiplier=1 / 64)
    defaults = {argument.name: argument.default for argument in arguments_of(METHODS[method])}
    given = METHODS[method].make_networks(networks, IMAGES.shape[1:], classes=0, arguments=defaults | arguments)
    game = compiled(METHODS[method](*given, **arguments), learning_rate=0.0)
    generator, encoder = copy_of(game.generator), copy_of(game.encoder)
    latents = game.random("latents_0", [8, 3], "uniform")
    game.update({"real": tf.constant(IMAGES)})
    for _ in range(generator_passes):
        generator(latents, training=True)
    for _ in range(encoder_passes):
        encoder(IMAGES, training=True)
    for network, expected in ((game.generator, generator), (game.encoder, encoder)):
        assert network.non_trainable_weights
        for found, wanted in zip(network.non_trainable_weights, expected.non_trainable_weights, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6, err_msg=found.path)


def copy_of(network):
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    return copy
