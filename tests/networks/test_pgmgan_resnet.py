"""PGMGAN's residual networks: published widths, conditional batch norm, spectral norms, heads."""

import keras
import numpy as np
import pytest

from tfgan2.layers.spectral import power_iterate
from tfgan2.networks.pgmgan_resnet import PGMGANResNet


def widths(network, prefix):
    layers = [layer for layer in network.layers if layer.name.startswith(prefix) and layer.name.endswith("conv_1")]
    return [(layer.output.shape[1], layer.output.shape[-1]) for layer in layers]


def test_published_widths_at_32_pixels():
    family = PGMGANResNet()
    generator, discriminator = family.generator((32, 32, 3), generators=200), family.discriminator((32, 32, 3), heads=9)
    assert generator.get_layer("reshape").output.shape[1:] == (4, 4, 256)
    assert widths(generator, "block") == [(8, 256), (16, 256), (32, 256)]
    assert widths(discriminator, "block") == [(32, 256), (16, 256), (8, 256), (8, 256)]
    assert discriminator.output_shape == (None, 9)


def test_published_widths_at_48_pixels():
    family = PGMGANResNet()
    generator, discriminator = family.generator((48, 48, 3), generators=2), family.discriminator((48, 48, 3))
    assert generator.get_layer("reshape").output.shape[1:] == (3, 3, 1024)
    assert widths(generator, "block") == [(6, 1024), (12, 512), (24, 256), (48, 128)]
    assert widths(discriminator, "block") == [(48, 64), (24, 128), (12, 256), (6, 512), (3, 1024)]


@pytest.mark.parametrize("size", [8, 28, 64])
def test_other_sizes(size):
    family = PGMGANResNet(width_multiplier=1 / 32, latent_dim=4)
    images = family.generator((size, size, 1), generators=3)((np.ones((2, 4)), np.array([0, 2])))
    assert images.shape == (2, size, size, 1)
    assert family.discriminator((size, size, 1), heads=3)(images).shape == (2, 3)


@pytest.mark.parametrize("batch_norm", ["moving", "batch"])
@pytest.mark.parametrize("conditioning", ["batch_norm", "input"])
def test_the_partition_reaches_the_image(conditioning, batch_norm):
    keras.utils.set_random_seed(0)
    options = {"conditioning": conditioning, "embedding_dim": 6, "batch_norm": batch_norm}
    family = PGMGANResNet(width_multiplier=1 / 32, latent_dim=4, **options)
    generator = family.generator((8, 8, 1), generators=3)
    power_iterate(generator)
    told = {layer.name for layer in generator.layers if type(layer).__name__ in ("ConditionalScale", "UnitEmbedding")}
    assert told == ({"block_1_norm_1_scale", "block_1_norm_2_scale"} if conditioning == "batch_norm" else {"embedding"})
    # What the partition scales has no gain and offset of its own; the last norm, which is all partitions', has.
    own = {layer.name: len(layer.trainable_weights) for layer in generator.layers if "norm" in layer.name}
    of_blocks = 0 if conditioning == "batch_norm" else 2
    assert own["block_1_norm_1"] == own["block_1_norm_2"] == of_blocks and own["norm"] == 2
    images = generator((np.ones((3, 4)), np.arange(3))).numpy()
    assert np.abs(images[0] - images[1]).max() > 1e-5


def test_kernels_have_spectral_norms_and_heads_share_a_logit():
    family = PGMGANResNet(width_multiplier=1 / 32)
    generator, discriminator = family.generator((8, 8, 1), generators=3), family.discriminator((8, 8, 1), heads=3)
    for network in (generator, discriminator):
        with_kernels = [layer for layer in network.layers if hasattr(layer, "kernel")]
        assert with_kernels and all(hasattr(layer, "power_iteration") for layer in with_kernels)
    images = np.random.default_rng(0).normal(size=(5, 8, 8, 1))
    before = discriminator(images).numpy()
    shared, own = discriminator.get_layer("output"), discriminator.get_layer("partition_output")
    shared.bias.assign([2.0])
    own.bias.assign([0.0, 1.0, 0.0])
    np.testing.assert_allclose(discriminator(images) - before, np.tile([2, 3, 2], (5, 1)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"embedding_dim": 0}, "embedding_dim is 0; it must be in [1, 16384]."),
        ({"conditioning": "output"}, "conditioning is 'output'; it must be one of batch_norm, input."),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError) as error:
        PGMGANResNet(**arguments)
    assert str(error.value) == message
