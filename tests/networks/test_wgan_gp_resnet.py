"""WGAN-GP's ResNets: parameter counts, layers, widths, initial weights as published."""

import keras
import numpy as np

from tfgan2.networks.wgan_gp_resnet import WGANGPResNet


def test_parameters_at_32_pixels():
    # G: dense 129 * 2048 = 264,192; 3 blocks of norms 2 * 4 * 128 = 1,024, conv3 2 * (9 * 128 * 128 + 128) = 295,168
    # and conv1 128 * 128 + 128 = 16,512; norm 512; conv3 9 * 128 * 3 + 3 = 3,459.
    assert WGANGPResNet().generator((32, 32, 3)).count_params() == 1_206_275
    # D: 27 * 128 + 128 = 3,584, 147,584 and 3 * 128 + 128 = 512; 295,168 + 16,512; twice 295,168; dense 129.
    assert WGANGPResNet().discriminator((32, 32, 3)).count_params() == 1_053_825
    # E: conv3 3,584; 3 blocks of 312,704 as in G; norm 512; dense 2048 * 128 + 128 = 262,272.
    assert WGANGPResNet().encoder((32, 32, 3)).count_params() == 1_204_480


def test_parameters_at_48_pixels():
    # 6 * 6 * 128 = 4,608 units instead of 2,048 in G and E; in D one more block that halves, 295,168 + 16,512.
    assert WGANGPResNet().generator((48, 48, 3)).count_params() == 1_206_275 + 129 * (4_608 - 2_048)
    assert WGANGPResNet().discriminator((48, 48, 3)).count_params() == 1_053_825 + 311_680
    assert WGANGPResNet().encoder((48, 48, 3)).count_params() == 1_204_480 + 128 * (4_608 - 2_048)


def test_generator(types_of, sizes_of, epsilons_of):
    generator = WGANGPResNet().generator((32, 32, 3))
    assert generator.get_layer("reshape").output.shape == (None, 4, 4, 128)
    assert sizes_of(generator) == [(8, 128), (16, 128), (32, 128)]
    assert types_of(generator).count("BatchNormalization") == 7 and epsilons_of(generator) == {1e-5}
    assert generator.get_layer("output").activation is keras.activations.tanh
    ups = [layer for layer in generator.layers if isinstance(layer, keras.layers.UpSampling2D)]
    assert len(ups) == 6 and {layer.interpolation for layer in ups} == {"nearest"}


def test_discriminator(sizes_of):
    discriminator = WGANGPResNet().discriminator((32, 32, 3))
    assert sizes_of(discriminator) == [(16, 128), (8, 128), (8, 128), (8, 128)]
    types = {type(layer).__name__ for layer in discriminator.layers}
    # No norm of any kind, global mean pooling.
    assert types == {"InputLayer", "Conv2D", "ReLU", "AveragePooling2D", "Add", "GlobalAveragePooling2D", "Dense"}
    assert sizes_of(WGANGPResNet().discriminator((48, 48, 3))) == [(24, 128), (12, 128), (6, 128), (6, 128), (6, 128)]


def test_encoder(sizes_of):
    encoder = WGANGPResNet().encoder((48, 48, 3))
    assert sizes_of(encoder) == [(24, 128), (12, 128), (6, 128)]
    assert encoder.get_layer("conv").filters == 128


def test_initial_weights():
    # Glorot's variance, twice that in the 3x3 convolutions of blocks: bounds sqrt(6 / (fan in + fan out)) times
    # sqrt(2).
    keras.utils.set_random_seed(0)
    generator, discriminator = WGANGPResNet().generator((32, 32, 3)), WGANGPResNet().discriminator((32, 32, 3))
    for network, name, fans, gain in (
        (discriminator, "block_2_conv_2", 2 * 9 * 128, 2),
        (discriminator, "block_2_s_conv", 2 * 128, 1),
        (generator, "dense", 128 + 2048, 1),
        (generator, "block_1_conv_1", 2 * 9 * 128, 2),
        (generator, "output", 9 * (128 + 3), 1),
    ):
        kernel, bound = network.get_layer(name).kernel.numpy(), np.sqrt(gain * 6 / fans)
        assert 0.99 * bound < np.abs(kernel).max() <= bound, name
