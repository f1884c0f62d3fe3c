"""Networks for labelled samples: inputs, heads, and what a family needs for them."""

import keras
import numpy as np
import pytest

from tfgan2.methods.acgan import TACGAN
from tfgan2.methods.base.families import FamilyError
from tfgan2.networks import NETWORKS
from tfgan2.networks.conditional_networks import ConditionalNetworks
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


CONDITIONAL = [name for name, family in NETWORKS.items() if issubclass(family, ConditionalNetworks)]


@pytest.mark.parametrize("name", CONDITIONAL)
def test_the_projection_tells_all_labels_apart(name):
    # Of rank 1, as that of a single feature, it would give all labels the same order of samples, or its reverse.
    keras.utils.set_random_seed(0)
    family, labels = NETWORKS[name], 4
    shape = (2,) if name == "mlp" else (32, 32, 3)
    networks = family() if name == "mlp" else family(width_multiplier=1 / 8)
    discriminator = networks.conditional_discriminator(shape, labels, ("projection",))
    samples = np.random.default_rng(0).uniform(-1, 1, (32, *shape)).astype("float32")
    projections = np.asarray(discriminator(samples)[1])
    singular_values = np.linalg.svd(projections - projections.mean(axis=0), compute_uv=False)
    assert len(singular_values) == labels and singular_values[-1] > 1e-3 * singular_values[0]


def test_heads_share_the_features():
    discriminator = MLP(hidden_units=6).conditional_discriminator((2,), 3, ("classes",))
    points = np.random.default_rng(0).normal(size=(4, 2)).astype("float32")
    before = [output.numpy() for output in discriminator(points)]
    discriminator.get_layer("features").kernel.assign_add(0.1 * np.ones((6, 6)))
    assert all(np.abs(after - old).max() > 1e-4 for after, old in zip(discriminator(points), before, strict=True))


def test_networks_of_a_method():
    generator, discriminator = TACGAN.make_networks(MLP(), (2,), classes=3, arguments={})
    assert (generator.input_shape, discriminator.output_shape) == ((None, 5), [(None, 1), (None, 3), (None, 3)])
    with pytest.raises(FamilyError, match=r"^it has no method conditional_generator\(sample_shape\)\.$"):
        TACGAN.make_networks(object(), (2,), classes=3, arguments={})
