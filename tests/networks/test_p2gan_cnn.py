"""P2GAN's CNN: parameter counts worked out by hand, sizes, and generators that share all but their first layer."""

import numpy as np
import pytest

from tfgan2.networks import NETWORKS
from tfgan2.networks.p2gan_cnn import P2GANCNN

TINY = {"width_multiplier": 1 / 64, "latent_dim": 5}


def test_published_networks(kernels_of, slopes_of):
    family = P2GANCNN(discriminator_norm=True)
    generator, discriminator = family.generator((32, 32, 3)), family.discriminator((32, 32, 3))
    # 100 * 8,192, norm 4 * 8,192; 25 * 512 * 256, 25 * 256 * 128, 25 * 128 * 3 + 3, norms without offset.
    assert generator.count_params() == 819_200 + 32_768 + 3_276_800 + 819_200 + 9_603 + 1_152
    assert kernels_of(generator) == [(5, 2, 256), (5, 2, 128), (5, 2, 3)]
    # 25 * 3 * 128, 25 * 128 * 256, 25 * 256 * 512, norms 4 * 896, dense 8,192 + 1.
    assert discriminator.count_params() == 9_600 + 819_200 + 3_276_800 + 3_584 + 8_193
    assert kernels_of(discriminator) == [(5, 2, 128), (5, 2, 256), (5, 2, 512)]
    assert slopes_of(discriminator) == [0.2] * 3
    assert discriminator.get_layer("features").output.shape == (None, 8192)
    for network, largest in ((generator, 0.11), (discriminator, 0.041)):
        kernel = network.get_layer("dense" if network is generator else "conv_2").get_weights()[0]
        assert kernel.std() == pytest.approx(0.02, rel=0.15) and np.abs(kernel).max() < largest


def test_a_discriminator_without_norm():
    family = P2GANCNN()
    discriminator = family.discriminator((32, 32, 3))
    # As above, but biases in place of norms.
    assert discriminator.count_params() == 9_600 + 819_200 + 3_276_800 + 896 + 8_193
    assert not any("norm" in layer.name for layer in discriminator.layers)
    normed = P2GANCNN(discriminator_norm=True)
    shapes = [[tuple(weight.shape) for weight in network((32, 32, 3)).weights]
              for each in (family, normed) for network in (each.generator, each.encoder)]  # fmt: skip
    assert shapes[:2] == shapes[2:]


@pytest.mark.parametrize(
    ("size", "bottom", "widths"),
    [(8, 4, [16]), (28, 7, [32, 16]), (48, 3, [128, 64, 32, 16]), (64, 4, [128, 64, 32, 16])],
)
def test_other_sizes(size, bottom, widths, kernels_of):
    family = P2GANCNN(latent_dim=2, width_multiplier=1 / 8)
    generator, discriminator = family.generator((size, size, 1)), family.discriminator((size, size, 1))
    assert generator.get_layer("reshape").output.shape == (None, bottom, bottom, widths[0])
    assert kernels_of(generator) == [(5, 2, width) for width in [*widths[1:], 1]]
    assert kernels_of(discriminator) == [(5, 2, width) for width in widths[::-1]]
    assert family.encoder((size, size, 1)).output_shape == (None, 2)


@pytest.mark.parametrize(
    "name", [name for name in NETWORKS if name not in ("rumi_cnn", "acgan_cnn", "mlp", "pgmgan_mlp", "pgmgan_resnet")]
)
def test_mixtures_and_heads(name):
    family = NETWORKS[name](**TINY)
    mixture, single = family.generator((28, 28, 1), generators=3), family.generator((28, 28, 1))
    shapes = [tuple(weight.shape) for weight in single.weights]
    # All weights but those of the first dense layer, and of the norm that P2GAN's CNN has behind it, are shared.
    own = [index for index, weight in enumerate(mixture.weights) if tuple(weight.shape) != shapes[index]]
    assert all(tuple(mixture.weights[index].shape) == (3, *shapes[index]) for index in own)
    owners = {mixture.weights[index].path.split("/")[-2] for index in own}
    assert owners == ({"dense", "norm_0"} if name == "p2gan_cnn" else {"dense"})
    latents = np.random.default_rng(0).normal(size=(4, 5)).astype("float32")
    images = mixture((latents, np.array([0, 1, 1, 2])))
    assert images.shape == (4, 28, 28, 1)
    np.testing.assert_allclose(mixture((latents, np.array([1, 1, 1, 1])))[1:3], images[1:3], rtol=1e-4, atol=1e-5)
    assert np.abs(mixture((latents[:1], np.array([1]))) - images[:1]).max() > 0
    assert family.discriminator((28, 28, 1), heads=4)(images).shape == (4, 4)
