"""The networks of Rumi-GAN's conditional baselines: parameter counts worked out by hand, layers, labels."""

import numpy as np
import pytest

from tfgan2.networks.acgan_cnn import ACGANCNN

BN = ["BatchNormalization", "LeakyReLU"]


def test_generators_for_mnist(types_of, kernels_of):
    generator = ACGANCNN(labels="concatenated").conditional_generator((28, 28, 1), 10)
    # dense 110 * 3,136 = 344,960 with batch norm 12,544; 25 * 64 * 128 = 204,800, 204,800, 51,200, 800, 25, norms 900.
    assert generator.count_params() == 820_029
    assert types_of(generator) == ["Dense", *BN, "Reshape", *["Conv2DTranspose", *BN] * 4, "Conv2DTranspose"]
    assert kernels_of(generator) == [(5, 1, 128), (5, 2, 64), (5, 1, 32), (5, 2, 1), (5, 1, 1)]
    embedded = ACGANCNN().conditional_generator((28, 28, 1), 10)
    assert (embedded.input_shape, embedded.output_shape) == ((None, 110), (None, 28, 28, 1))
    # dense 100 * 3,087 = 308,700 with norm 12,348; embedding 10 * 10, dense 10 * 49 + 49.
    assert embedded.count_params() == 820_029 - 344_960 - 12_544 + 308_700 + 12_348 + 100 + 539
    latents = np.zeros((2, 110), "float32")
    latents[0, 100] = latents[1, 101] = 1
    first, second = embedded(latents).numpy()
    assert np.abs(first - second).max() > 1e-6


def test_generator_for_cifar10(types_of, kernels_of, slopes_of):
    generator = ACGANCNN(labels="concatenated").conditional_generator((32, 32, 3), 10)
    # dense 110 * 4,096 = 450,560 with norm 16,384; 25 * 256 * 256, 25 * 256 * 128, 25 * 128 * 64, 25 * 64 * 3, norms
    # 4 * 448.
    assert generator.count_params() == 450_560 + 16_384 + 1_638_400 + 819_200 + 204_800 + 4_800 + 1_792
    assert kernels_of(generator) == [(5, 2, 256), (5, 2, 128), (5, 2, 64), (5, 1, 3)]
    assert slopes_of(generator) == [0.1] * 4
    assert types_of(generator) == ["Dense", *BN, "Reshape", *["Conv2DTranspose", *BN] * 3, "Conv2DTranspose"]


def test_discriminators(types_of, kernels_of):
    discriminator = ACGANCNN().discriminator((28, 28, 1))
    # 1,664 + 25 * 64 * 128 + 128 + 25 * 128 * 256 + 256, norms 4 * 448; dense 4,096 * 50 + 50 and 51.
    assert discriminator.count_params() == 1_664 + 204_928 + 819_456 + 1_792 + 204_850 + 51
    assert types_of(discriminator) == [*["Conv2D", *BN] * 3, "Flatten", "Dense", "Dense"]
    assert kernels_of(discriminator) == [(5, 2, 64), (5, 2, 128), (5, 2, 256)]
    base = discriminator.count_params()
    twins = ACGANCNN().conditional_discriminator((28, 28, 1), 10, ("classes", "twin_classes"))
    assert twins.output_shape == [(None, 1), (None, 10), (None, 10)] and twins.count_params() == base + 2 * 510
    projecting = ACGANCNN().conditional_discriminator((28, 28, 1), 10, ("projection",))
    # An embedding of 50 numbers for each label, without a bias.
    assert projecting.count_params() == base + 500
    assert projecting.output_shape == [(None, 1), (None, 10)]


@pytest.mark.parametrize("shape", [(8, 8, 1), (64, 64, 3)])
def test_other_sizes(shape):
    networks = ACGANCNN(width_multiplier=1 / 8)
    images = networks.conditional_generator(shape, 3)(np.zeros((2, 103), "float32"))
    assert images.shape == (2, *shape)
    assert networks.discriminator(shape)(images).shape == (2, 1)
    assert networks.encoder(shape)(images).shape == (2, 100)


def test_refused():
    with pytest.raises(ValueError, match=r"^labels is 'added'; it must be one of embedded, concatenated.$"):
        ACGANCNN(labels="added")
