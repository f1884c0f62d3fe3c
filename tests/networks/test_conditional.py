"""Networks for labelled samples: inputs, heads, and what a family needs for them."""

import numpy as np
import pytest

from tfgan2.methods.acgan import TACGAN
from tfgan2.networks.distgan_cnn import DistGANCNN
from tfgan2.networks.mlp import MLP

HEADS = ("classes", "twin_classes", "projection")


@pytest.mark.parametrize(
    ("family", "shape", "features"),
    [(MLP(hidden_units=6), (2,), 6), (DistGANCNN(width_multiplier=1 / 64, latent_dim=2), (8, 8, 1), 8 * 4 * 4)],
)
def test_heads(family, shape, features):
    generator = family.conditional_generator(shape, 3)
    assert generator.input_shape == (None, 5) and generator.output_shape == (None, *shape)
    assert family.latent_dim == 2 and family.generator(shape).input_shape == (None, 2)
    discriminator = family.conditional_discriminator(shape, 3, HEADS)
    assert discriminator.input_shape == (None, *shape)
    assert discriminator.output_shape == [(None, 1), (None, 3), (None, 3), (None, 3)]
    sizes = {name: discriminator.get_layer(name).count_params() for name in HEADS}
    pooled = features if len(shape) == 1 else 8
    assert sizes == {"classes": 3 * (features + 1), "twin_classes": 3 * (features + 1), "projection": 3 * pooled}


def test_heads_share_the_features():
    discriminator = MLP(hidden_units=6).conditional_discriminator((2,), 3, ("classes",))
    points = np.random.default_rng(0).normal(size=(4, 2)).astype("float32")
    before = [output.numpy() for output in discriminator(points)]
    discriminator.get_layer("features").kernel.assign_add(0.1 * np.ones((6, 6)))
    assert all(np.abs(after - old).max() > 1e-4 for after, old in zip(discriminator(points), before, strict=True))


def test_networks_of_a_method():
    generator, discriminator = TACGAN.make_networks(MLP(), (2,), classes=3, arguments={})
    assert (generator.input_shape, discriminator.output_shape) == ((None, 5), [(None, 1), (None, 3), (None, 3)])
    with pytest.raises(
        ValueError, match=r"^it has no conditional_generator and conditional_discriminator for labelled"
    ):
        TACGAN.make_networks(object(), (2,), classes=3, arguments={})
