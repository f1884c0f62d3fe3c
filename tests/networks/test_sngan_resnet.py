"""SN-GAN's ResNets: parameter counts, layers, widths, initial weights as published."""

import keras
import numpy as np
import pytest

from tfgan2.layers.pooling import GlobalSumPooling2D
from tfgan2.layers.spectral import SpectralConv2D, SpectralDense
from tfgan2.networks.sngan_resnet import SNGANResNet


def parameters(network):
    """(trainable, not trainable)"""
    trainable = sum(variable.numpy().size for variable in network.trainable_variables)
    return trainable, network.count_params() - trainable


def test_parameters_at_32_pixels():
    # G: dense 129 * 4096 = 528,384; 3 blocks of norms 2 * 4 * 256 = 2,048, conv3 2 * (9 * 256 * 256 + 256) = 1,180,160
    # and conv1 256 * 256 + 256 = 65,792; norm 1,024; conv3 9 * 256 * 3 + 3 = 6,915.
    assert SNGANResNet().generator((32, 32, 3)).count_params() == 4_280_323
    # D: 27 * 128 + 128 = 3,584, 9 * 128 * 128 + 128 = 147,584 and 3 * 128 + 128 = 512; 2 * 147,584 and conv1 128 * 128
    # + 128 = 16,512; twice 2 * 147,584; dense 129. Singular vectors: 3 * 128, 3 * 128, twice 2 * 128, 1.
    assert parameters(SNGANResNet().discriminator((32, 32, 3))) == (1_053_825, 1_281)
    # E, that of Dist-GAN for CIFAR-10: see there.
    assert SNGANResNet().encoder((32, 32, 3)).count_params() == 4_276_608


def test_parameters_at_48_pixels():
    # G: dense 129 * 18,432 = 2,377,728; blocks 512 -> 256: norms 4 * (512 + 256) = 3,072, 9 * 512 * 256 + 256 =
    # 1,179,904, 590,080, 512 * 256 + 256 = 131,328; -> 128: 1,536, 295,040, 147,584, 32,896; -> 64: 768, 73,792,
    # 36,928, 8,256; norm 256; conv3 9 * 64 * 3 + 3 = 1,731.
    assert SNGANResNet().generator((48, 48, 3)).count_params() == 4_880_899
    # D: 1,792, 36,928, 256; from 64 on the first convolution keeps the width: 36,928, 73,856, 8,320; 147,584, 295,168,
    # 33,024; 590,080, 1,180,160, 131,584; 2,359,808, 4,719,616, 525,312; dense 1,025. Singular vectors: 3 * 64, 64 + 2
    # * 128, 128 + 2 * 256, 256 + 2 * 512, 512 + 2 * 1024, 1.
    assert parameters(SNGANResNet().discriminator((48, 48, 3))) == (10_141_441, 4_993)
    assert SNGANResNet().encoder((48, 48, 3)).count_params() == 7_188_224


def test_generator(sizes_of, epsilons_of):
    generator = SNGANResNet(width_multiplier=1 / 8).generator((48, 48, 3))
    assert generator.get_layer("reshape").output.shape == (None, 6, 6, 64)
    assert sizes_of(generator) == [(12, 32), (24, 16), (48, 8)]
    types = [type(layer).__name__ for layer in generator.layers]
    # No norm after the dense layer, two in a block, one before the output.
    assert types.count("BatchNormalization") == 7 and types[1:3] == ["Dense", "Reshape"]
    assert types[-3:] == ["BatchNormalization", "ReLU", "Conv2D"]
    assert epsilons_of(generator) == {2e-5}
    ups = [layer for layer in generator.layers if isinstance(layer, keras.layers.UpSampling2D)]
    assert len(ups) == 6 and {layer.interpolation for layer in ups} == {"nearest"}
    output = generator.get_layer("output")
    assert (output.filters, output.kernel_size, output.activation) == (3, (3, 3), keras.activations.tanh)


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        (8, [(4, 16), (4, 16), (4, 16)]),
        (28, [(14, 16), (7, 16), (7, 16), (7, 16)]),
        (32, [(16, 16), (8, 16), (8, 16), (8, 16)]),
        (48, [(24, 8), (12, 16), (6, 32), (3, 64), (3, 128)]),
        (64, [(32, 8), (16, 16), (8, 32), (4, 64), (4, 128)]),
        (128, [(64, 8), (32, 16), (16, 32), (8, 64), (4, 128), (4, 128)]),
    ],
)
def test_discriminator(size, sizes, sizes_of):
    discriminator = SNGANResNet(width_multiplier=1 / 8).discriminator((size, size, 3))
    assert sizes_of(discriminator) == sizes
    assert discriminator.get_layer("features").output.shape[2:] == sizes[-1]
    assert isinstance(discriminator.get_layer("pool"), GlobalSumPooling2D)
    assert isinstance(discriminator.get_layer("block_1_halve"), keras.layers.AveragePooling2D)
    with_kernel = [layer for layer in discriminator.layers if hasattr(layer, "kernel")]
    assert all(isinstance(layer, SpectralConv2D | SpectralDense) for layer in with_kernel)
    assert not any("norm" in layer.name for layer in discriminator.layers)


def test_generator_widths_at_other_sizes(sizes_of):
    networks = SNGANResNet(width_multiplier=1 / 8)
    assert sizes_of(networks.generator((8, 8, 1))) == [(8, 32)]
    assert sizes_of(networks.generator((28, 28, 1))) == [(14, 32), (28, 32)]
    assert sizes_of(networks.generator((32, 32, 1))) == [(8, 32), (16, 32), (32, 32)]
    # 1,024 at most
    generator = networks.generator((128, 128, 3))
    assert generator.get_layer("reshape").output.shape == (None, 4, 4, 128)
    assert sizes_of(generator) == [(8, 128), (16, 64), (32, 32), (64, 16), (128, 8)]


def test_initial_weights():
    # Glorot's variance, twice that in the 3x3 convolutions of blocks: bounds sqrt(6 / (fan in + fan out)) times
    # sqrt(2).
    keras.utils.set_random_seed(0)
    discriminator = SNGANResNet().discriminator((32, 32, 3))
    generator = SNGANResNet().generator((32, 32, 3))
    for network, name, fans, gain in (
        (discriminator, "block_2_conv_1", 2 * 9 * 128, 2),
        (discriminator, "block_2_s_conv", 2 * 128, 1),
        (generator, "dense", 128 + 4096, 1),
        (generator, "block_1_conv_2", 2 * 9 * 256, 2),
        (generator, "block_1_s_conv", 2 * 256, 1),
        (generator, "output", 9 * (256 + 3), 1),
    ):
        kernel, bound = network.get_layer(name).kernel.numpy(), np.sqrt(gain * 6 / fans)
        assert 0.99 * bound < np.abs(kernel).max() <= bound, name
