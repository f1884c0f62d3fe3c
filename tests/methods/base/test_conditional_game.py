"""ACGAN, TAC-GAN and CGAN-PD: worked losses, labels in training and in sampling."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from analytic import softplus

from tfgan2.methods.acgan import ACGAN, TACGAN
from tfgan2.methods.cgan_pd import CGANPD
from tfgan2.networks.mlp import MLP

METHODS = {"acgan": ACGAN, "tacgan": TACGAN, "cgan_pd": CGANPD}


class Fixed(keras.layers.Layer):
    """Outputs that depend on the first coordinate of a sample alone: x times some numbers."""

    def __init__(self, numbers):
        super().__init__()
        self.numbers = numbers

    def build(self, input_shape):
        self.scale = self.add_weight(shape=(), initializer="ones")

    def call(self, inputs):
        return self.scale * inputs[:, :1] * tf.constant([self.numbers], tf.float32)


def game(method, *heads, **arguments):
    """The generator makes (2 z + 3 [label is 1], 0); the discriminator's logit is x_1, its heads multiples of x_1."""
    layer = keras.layers.Dense(2, use_bias=False)
    generator = keras.Sequential([keras.Input((3,)), layer])
    layer.set_weights([np.array([[2.0, 0.0], [0.0, 0.0], [3.0, 0.0]], "float32")])
    samples = keras.Input((2,))
    discriminator = keras.Model(samples, [Fixed(numbers)(samples) for numbers in ([1.0], *heads)])
    return METHODS[method](generator, discriminator, **arguments)


def cross_entropy(logits, label):
    return math.log(sum(map(math.exp, logits))) - logits[label]


# One real sample x = 1 of class 1; one latent z = 1/2 with the label 1: the sample 2/2 + 3 = 4.
REAL, LABELS = tf.constant([[1.0, 5.0]]), tf.constant([1])
LATENTS, FAKE_LABELS = tf.constant([[0.5, 0.0, 1.0]]), tf.constant([1])
BOTH = softplus(-1) + softplus(4)


def test_acgan():
    gan = game("acgan", [1.0, -1.0], class_weight=0.5)
    loss, terms = gan.discriminator_loss(REAL, LABELS, LATENTS, FAKE_LABELS)
    real, fake = cross_entropy([1, -1], 1), cross_entropy([4, -4], 1)
    assert float(loss) == pytest.approx(BOTH + 0.5 * (real + fake), rel=1e-5)
    assert float(terms["real_class_loss"]) == pytest.approx(real, rel=1e-5)
    assert float(gan.generator_loss(LATENTS, FAKE_LABELS)[0]) == pytest.approx(softplus(-4) + 0.5 * fake, rel=1e-5)


def test_tacgan():
    gan = game("tacgan", [1.0, -1.0], [0.5, 1.0])
    with tf.GradientTape() as tape:
        loss, _ = gan.discriminator_loss(REAL, LABELS, LATENTS, FAKE_LABELS)
    real, fake, twin = cross_entropy([1, -1], 1), cross_entropy([4, -4], 1), cross_entropy([2, 4], 1)
    assert float(loss) == pytest.approx(BOTH + 2 * (real + twin), rel=1e-5)
    # The classifier learns from the real sample alone: of a scale s of its logits [1, -1] the cross-entropy is
    # log(e^s + e^-s) + s. The twin learns from the generated one alone, log(e^2s + e^4s) - 4 s.
    scales = [layer.scale for layer in gan.discriminator.layers[-2:]]
    expected = [2 * (math.tanh(1) + 1), 2 * ((2 * math.exp(2) + 4 * math.exp(4)) / (math.exp(2) + math.exp(4)) - 4)]
    np.testing.assert_allclose(tape.gradient(loss, scales), expected, rtol=1e-4)
    # The generator works against the twin.
    assert float(gan.generator_loss(LATENTS, FAKE_LABELS)[0]) == pytest.approx(
        softplus(-4) + 2 * (fake - twin), rel=1e-5
    )


def test_cgan_pd():
    gan = game("cgan_pd", [0.0, 0.5], target_classes=(1,))
    # Logits 1 + .5 and 4 + 2.
    loss, terms = gan.discriminator_loss(REAL, LABELS, LATENTS, FAKE_LABELS)
    assert float(loss) == pytest.approx(softplus(-1.5) + softplus(6), rel=1e-5)
    assert float(terms["real_probability"]) == pytest.approx(1 / (1 + math.exp(-1.5)), rel=1e-5)
    assert float(gan.generator_loss(LATENTS, FAKE_LABELS)[0]) == pytest.approx(softplus(-6), rel=1e-5)
    # With the other label there is no projection.
    assert float(gan.discriminator_loss(REAL, LABELS - 1, LATENTS, FAKE_LABELS - 1)[0]) == pytest.approx(BOTH, rel=1e-5)
    np.testing.assert_allclose(gan.score(REAL), [[1.5]])
    np.testing.assert_allclose(game("cgan_pd", [0.0, 0.5]).score(REAL), [[1.25]])


@pytest.mark.parametrize("name", METHODS)
def test_labels_of_generated_samples(name):
    keras.utils.set_random_seed(0)
    mlp, method = MLP(hidden_units=4), METHODS[name]
    generator = mlp.conditional_generator((2,), 5)
    gan = method(generator, mlp.conditional_discriminator((2,), 5, method.label_heads), (1, 2, 4), (4, 2))
    assert gan.latent_dim == 2 and gan.class_count == 5
    latents, labels = gan.latents(seed=3, count=50)
    assert set(labels.numpy()) == {2, 4}
    asked, ones = gan.latents(3, 50, (1, 4))
    np.testing.assert_array_equal(asked, latents)
    assert ones[:3].numpy().tolist() == [1, 4, 1]
    np.testing.assert_array_equal(gan.generate((latents, labels)), gan.generator(gan.with_labels(latents, labels)))
    joined = gan.with_labels(latents, labels).numpy()
    np.testing.assert_array_equal(joined, np.concatenate([latents, np.eye(5)[labels]], axis=1))
    with pytest.raises(ValueError, match=r"choice is 0; it must be one of the classes of the run, 1, 2, 4\.$"):
        gan.latents(3, 5, (0,))
    # In training all classes of the data are drawn, alike, and none else; each step anew.
    latents, labels = gan._labelled_latents("", 3000)
    values, counts = np.unique(labels, return_counts=True)
    assert values.tolist() == [1, 2, 4] and np.abs(counts - 1000).max() < 120
    np.testing.assert_array_equal(latents.numpy()[:, 2:].argmax(1), labels)


@pytest.mark.parametrize("name", METHODS)
def test_a_step(name, monkeypatch):
    heads = [[1.0, -1.0]] * len(METHODS[name].label_heads)
    gan, played = game(name, *heads, discriminator_steps=2), []
    monkeypatch.setattr(gan, "minimize", lambda player, loss, *tensors: played.append((player, *tensors)) or {})
    real = tf.reshape(tf.range(8.0), [4, 2])
    gan.train_step({"real": real, "labels": tf.constant([0, 1, 0, 1])})
    assert [player for player, *_ in played] == ["discriminator", "discriminator", "generator"]
    np.testing.assert_array_equal(played[0][1], real[0::2])
    np.testing.assert_array_equal(played[1][2], [1, 1])
    drawn = np.concatenate([np.array(tensors[-2])[:, 0] for tensors in played])
    assert len(np.unique(drawn)) == 6


def test_values_out_of_range():
    with pytest.raises(
        ValueError, match=r"^classes is \(0, 2\); it must be made of the discriminator's classes, 0 to 1\.$"
    ):
        game("acgan", [1.0, -1.0], classes=(0, 2))
    with pytest.raises(ValueError, match=r"^target_classes is \(-1,\); it must be made of the .* classes, 0 to 1\.$"):
        game("cgan_pd", [1.0, -1.0], target_classes=(-1,))
    for name in ("acgan", "tacgan"):
        with pytest.raises(ValueError, match=r"^class_weight is -1.0; it must be at least 0.$"):
            game(name, *[[1.0, -1.0]] * len(METHODS[name].label_heads), class_weight=-1.0)
    for name, method in METHODS.items():
        heads = [[1.0, -1.0]] * len(method.label_heads)
        with pytest.raises(ValueError, match=r"^prior is 'gauss'; it must be one of normal, uniform.$"):
            game(name, *heads, prior="gauss")
        with pytest.raises(ValueError, match=r"^discriminator_steps is 0; it must be in \[1, 100\].$"):
            game(name, *heads, discriminator_steps=0)
