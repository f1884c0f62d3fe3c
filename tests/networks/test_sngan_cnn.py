"""SN-GAN's CNN: parameter counts, layers, widths, initial weights as published."""

import keras
import numpy as np
import pytest

from tfgan2.layers.spectral import SpectralConv2D, SpectralDense
from tfgan2.networks.sngan_cnn import SNGANCNN


def test_parameters_at_32_pixels():
    # G: dense 128 * 8192 + 8192 = 1,056,768 and batch norm 4 * 8192 = 32,768; deconvolutions 16 * 512 * 256 + 256 =
    # 2,097,408, 16 * 256 * 128 + 128 = 524,416 and 16 * 128 * 64 + 64 = 131,136 with 4 * (256 + 128 + 64) = 1,792;
    # conv 9 * 64 * 3 + 3 = 1,731.
    assert SNGANCNN().generator((32, 32, 3)).count_params() == 3_846_019
    # D: 27 * 64 + 64 = 1,792; 16 * 64 * 64 + 64 = 65,600; 9 * 64 * 128 + 128 = 73,856; 16 * 128 * 128 + 128 = 262,272;
    # 9 * 128 * 256 + 256 = 295,168; 16 * 256 * 256 + 256 = 1,048,832; 9 * 256 * 512 + 512 = 1,180,160; dense 8192 + 1.
    discriminator = SNGANCNN().discriminator((32, 32, 3))
    assert sum(variable.numpy().size for variable in discriminator.trainable_variables) == 2_935_873
    # A singular vector a weight: 2 * (64 + 128 + 256) + 512 + 1 = 1,409.
    assert discriminator.count_params() == 2_935_873 + 1_409
    # E, that of Dist-GAN for CIFAR-10: see there.
    assert SNGANCNN().encoder((32, 32, 3)).count_params() == 5_157_504


def test_parameters_at_48_pixels():
    # 6 * 6 * 512 = 18,432 instead of 8,192 units: 129 * 18,432 + 4 * 18,432 in G, 18,432 + 1 in D's dense layer.
    assert SNGANCNN().generator((48, 48, 3)).count_params() == 3_846_019 + 133 * (18_432 - 8_192)
    assert SNGANCNN().discriminator((48, 48, 3)).count_params() == 2_937_282 + (18_432 - 8_192)
    assert SNGANCNN().encoder((48, 48, 3)).count_params() == 15_739_520


def test_generator(types_of, kernels_of, epsilons_of):
    generator = SNGANCNN().generator((32, 32, 3))
    up = ["Conv2DTranspose", "BatchNormalization", "ReLU"]
    assert types_of(generator) == ["Dense", "BatchNormalization", "ReLU", "Reshape", *up, *up, *up, "Conv2D"]
    assert generator.get_layer("norm_0").gamma.shape == (8192,)
    assert kernels_of(generator) == [(4, 2, 256), (4, 2, 128), (4, 2, 64), (3, 1, 3)]
    assert epsilons_of(generator) == {2e-5}
    assert generator.get_layer("output").activation is keras.activations.tanh


def test_discriminator(types_of, kernels_of, slopes_of):
    discriminator = SNGANCNN().discriminator((32, 32, 3))
    convolution = ["SpectralConv2D", "LeakyReLU"]
    assert types_of(discriminator) == [*convolution * 7, "Flatten", "SpectralDense"]
    assert discriminator.layers[-3].name == "features" and discriminator.layers[-3].output.shape == (None, 4, 4, 512)
    found = kernels_of(discriminator)
    assert found == [(3, 1, 64), (4, 2, 64), (3, 1, 128), (4, 2, 128), (3, 1, 256), (4, 2, 256), (3, 1, 512)]
    assert slopes_of(discriminator) == [0.1] * 7
    with_kernel = [layer for layer in discriminator.layers if hasattr(layer, "kernel")]
    assert len(with_kernel) == 8
    assert all(isinstance(layer, SpectralConv2D | SpectralDense) for layer in with_kernel)


def test_widths_at_64_pixels(kernels_of):
    # 64 at full size, doubling, at most 512.
    networks = SNGANCNN(width_multiplier=1 / 8)
    generator, discriminator = networks.generator((64, 64, 3)), networks.discriminator((64, 64, 3))
    assert generator.get_layer("reshape").output.shape == (None, 4, 4, 64)
    assert [filters for *_, filters in kernels_of(generator)] == [64, 32, 16, 8, 3]
    assert [filters for *_, filters in kernels_of(discriminator)] == [8, 8, 16, 16, 32, 32, 64, 64, 64]


@pytest.mark.parametrize("role", ["generator", "discriminator"])
def test_initial_weights(role):
    # N(0, 0.02^2), not truncated; every tested kernel has 65,536 entries or more.
    keras.utils.set_random_seed(0)
    network = getattr(SNGANCNN(), role)((32, 32, 3))
    kernels = [layer.kernel.numpy() for layer in network.layers if hasattr(layer, "kernel")]
    large = [kernel for kernel in kernels if kernel.size >= 65_536]
    assert len(large) >= 4
    for kernel in large:
        assert kernel.std() == pytest.approx(0.02, rel=0.015) and np.abs(kernel).max() > 3.5 * 0.02
