"""Rumi-GAN with negatives made from the real images: what a step sees, its weights, and errors."""

import keras
import numpy as np
import pytest

from tfgan2.errors import ArgumentError
from tfgan2.layers.negative_images import negatives_of
from tfgan2.methods.rumi.rumi import Rumi
from tfgan2.networks.mlp import MLP

IMAGES = np.random.default_rng(0).uniform(-1, 1, (4, 6, 6, 1)).astype("float32")


def game(**arguments):
    keras.utils.set_random_seed(0)
    network, shape = MLP(hidden_units=4, hidden_layers=1), arguments.pop("shape", (6, 6, 1))
    return Rumi(network.generator(shape), network.discriminator(shape), **arguments)


@pytest.mark.parametrize("update", ["joint", "alternate"])
def test_a_step_learns_from_negatives_of_its_images(update, monkeypatch):
    seen = []
    monkeypatch.setattr(
        Rumi, "negative_loss", lambda self, negative, *rest: seen.append(negative) or (rest[0][0, 0], {})
    )
    monkeypatch.setattr(
        Rumi, "discriminator_loss", lambda self, positive, negative, *rest: seen.append(negative) or (rest[0][0, 0], {})
    )
    monkeypatch.setattr(Rumi, "minimize", lambda self, player, loss, *tensors: loss(*tensors)[1])
    one = game(negatives=("jigsaw", "cutmix"), loss="logistic", discriminator_update=update)
    assert one.batch_keys == ("real",) and one.wanted_keys == ("real",)
    one.train_step({"real": IMAGES})
    noise = one.random("negatives", [4, 3], "unit")
    np.testing.assert_array_equal(seen, [negatives_of(IMAGES, noise, ("jigsaw", "cutmix"))])
    # Another seed draws others.
    other = game(negatives=("jigsaw", "cutmix"), loss="logistic", seed=1)
    assert np.abs(other.random("negatives", [4, 3], "unit") - noise).max() > 0.1


def test_the_weights_of_nda():
    """With the weights 4 and 3 the loss is 4 times that of real images against .25 generated and .75 negatives."""
    one = game(loss="logistic", positive_weight=4.0, negative_weight=3.0, negatives=("mixup",))
    real, negative, fake = (np.random.default_rng(seed).normal(size=(4, 1)).astype("float32") for seed in range(3))
    found = one.three_way_loss.discriminator(real, negative, fake, **one.real_weights)
    softplus = lambda logits: np.log1p(np.exp(logits)).mean()  # noqa: E731
    of_nda = softplus(-real) + 0.25 * softplus(fake) + 0.75 * softplus(negative)
    assert float(found) == pytest.approx(4 * of_nda, rel=1e-5)


def test_refused():
    with pytest.raises(ArgumentError, match=r"^negatives is \('jigsaw',\); it must be empty for points. Only images"):
        game(negatives=("jigsaw",), shape=(2,))
    with pytest.raises(ArgumentError, match="must be made of mixup, cutout and cutmix for images of 5 x 5 pixels"):
        game(negatives=("stitch",), shape=(5, 5, 1))
    with pytest.raises(ArgumentError, match="negatives"):
        game(negatives=("rotate",))
