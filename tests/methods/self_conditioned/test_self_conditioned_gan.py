"""The self-conditioned GAN: what is clustered and when, the clusters of a step, and what is refused."""

import re
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.neighbors import pseudo_labels
from tfgan2.errors import ArgumentError, InputError
from tfgan2.methods.self_conditioned.self_conditioned_gan import SelfConditionedGAN
from tfgan2.networks.mlp import MLP
from tfgan2.networks.sngan_cnn import SNGANCNN

POINTS = np.random.default_rng(0).normal(size=(40, 2)).astype("float32")


class Samples:
    """As `NetworkSamples`, of POINTS."""

    name, size, labels = "points", len(POINTS), None

    def mapped(self, function):
        return np.asarray(function(tf.constant(POINTS)))


def game(**arguments):
    arguments = {"partitions": 4, "recluster_every": 10} | arguments
    keras.utils.set_random_seed(0)
    defaults = {"features": "discriminator"} | arguments
    networks = SelfConditionedGAN.make_networks(MLP(hidden_units=8), (2,), classes=0, arguments=defaults)
    return SelfConditionedGAN(*networks, **arguments)


def begin(model, step, numbers=None):
    """Begins the phase of a step, after one with some clusters."""
    model.step.assign(step)
    if numbers is not None:
        model.take_arrays({"labels": np.asarray(numbers, np.int32)})
    arrays = model.arrays_of(Samples())
    model.take_arrays(arrays)
    return arrays["labels"]


def test_clusters_are_those_of_the_discriminators_features():
    model = game()
    hidden = keras.Model(model.discriminator.inputs[0], model.discriminator.get_layer("features").output)
    features = hidden(POINTS).numpy()
    first = begin(model, 0)
    np.testing.assert_array_equal(first, pseudo_labels(features, 4, seed=0))
    np.testing.assert_allclose(model.shares, np.bincount(first, minlength=4) / 40)
    # Other features, and other numbers of equal clusters: as many samples as possible keep their number.
    order = np.array([2, 3, 1, 0])
    np.testing.assert_array_equal(begin(model, 10, order[first]), order[first])
    assert [end for _, end in model.schedule(25)] == [10, 20, 25]
    assert game(recluster_every=25).schedule(25) == [("train", 25)]


def test_features_of_an_image_are_averaged_over_its_places():
    keras.utils.set_random_seed(0)
    family, arguments = SNGANCNN(width_multiplier=1 / 64, latent_dim=3), {"partitions": 2, "features": "discriminator"}
    networks = SelfConditionedGAN.make_networks(family, (8, 8, 1), classes=0, arguments=arguments)
    model = SelfConditionedGAN(*networks, partitions=2)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)).astype("float32")
    hidden = keras.Model(networks[1].inputs[0], networks[1].get_layer("features").output)
    np.testing.assert_allclose(model._features(images), hidden(images).numpy().mean(axis=(1, 2)), rtol=1e-5)


def test_a_step_asks_for_the_clusters_of_the_real_samples(monkeypatch):
    model = game(discriminator_steps=2)
    model.compile({role: keras.optimizers.SGD(0.0) for role in model.trained_roles})
    seen, judge = [], model.judge
    monkeypatch.setattr(model, "judge", lambda samples, own: seen.append((samples, own)) or judge(samples, own))
    labels = tf.constant([3, 1, 3, 2, 0, 2])
    model.update({"real": tf.constant(POINTS[:6]), "labels": labels})
    for (_, clusters), numbers in zip(seen, [[3, 3, 0]] * 2 + [[1, 2, 2]] * 3, strict=True):
        np.testing.assert_array_equal(clusters, numbers)
    np.testing.assert_array_equal(seen[3][0], seen[4][0])  # The generator has the latents of the last update.


def test_a_phase_cannot_begin_without_the_clusters_before_it():
    for step, numbers in ((10, None), (5, np.zeros(40))):
        message = f"the clusters of step {step} are missing in the folder arrays of the run"
        with pytest.raises(InputError, match=message):
            begin(game(), step, numbers)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"partitions": 1}, "partitions is 1; it must be in [2, 4096]."),
        ({"features": "labels"}, "features is 'labels'; it must be one of discriminator, autoencoder, classifier."),
        (
            {"features": "classifier"},
            "features is 'classifier'; it must be another for data without labels of two classes.",
        ),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ArgumentError, match=re.escape(message)):
        game(**arguments)


def test_networks_have_to_fit():
    fitting = game()
    message = "partitions is 5; it must be 4, the number of outputs of the discriminator."
    with pytest.raises(ArgumentError, match=re.escape(message)):
        SelfConditionedGAN(fitting.generator, fitting.discriminator, partitions=5)
    nameless = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)])
    message = "features is 'discriminator'; it must be autoencoder or classifier for a discriminator without a layer"
    with pytest.raises(ArgumentError, match=message):
        SelfConditionedGAN(fitting.generator, nameless, partitions=4)
    with pytest.raises(ArgumentError, match="partitions is 4; it must be at most 3, the samples of few"):
        fitting.check_samples(types.SimpleNamespace(size=3, name="few"))
    fixed = game(features="autoencoder")
    with pytest.raises(ArgumentError, match="features is 'autoencoder'; it must be discriminator with --init_from"):
        fixed.learn_from(fixed, Samples())
