"""Dist-GAN's ResNets: parameter counts, layers, widths, initial weights as published."""

import keras
import numpy as np
import pytest

from tfgan2.layers.pooling import GlobalSumPooling2D
from tfgan2.networks.distgan_resnet import DistGANResNet
from tfgan2.networks.sngan_resnet import SNGANResNet


def test_parameters_at_32_pixels():
    # G: as SN-GAN's. D: SN-GAN's 1,053,825 trainable ones and strided 1x1 convolutions, 128 * 128 + 128 = 16,512 thrice
    # and 3 * 3 + 3 = 12 for the image.
    assert DistGANResNet().generator((32, 32, 3)).count_params() == 4_280_323
    assert DistGANResNet().discriminator((32, 32, 3)).count_params() == 1_053_825 + 3 * 16_512 + 12
    # E: conv3 27 * 256 + 256 = 7,168; 3 blocks of norms 2 * 4 * 256 = 2,048, conv3 2 * (9 * 256 * 256 + 256) =
    # 1,180,160 and conv1 65,792; norm 1,024; dense 4096 * 128 + 128 = 524,416.
    assert DistGANResNet().encoder((32, 32, 3)).count_params() == 4_276_608


def test_parameters_at_48_pixels():
    assert DistGANResNet().generator((48, 48, 3)).count_params() == 4_880_899
    # D, its first convolutions as wide as the output: 1,792, 36,928, 256 and strided 64 * 64 + 64 = 4,160 and 12;
    # 73,856, 147,584, 8,320 and strided 2 * 16,512; 295,168, 590,080, 33,024 and 2 * 65,792; 1,180,160, 2,359,808,
    # 131,584 and 2 * 262,656; 4,719,616, 9,438,208, 525,312; dense 1,025.
    assert DistGANResNet().discriminator((48, 48, 3)).count_params() == 20_236_813
    # E: conv3 1,792; norms 4 * (64 + 128) = 768, 73,856, 147,584, 8,320; 1,536, 295,168, 590,080, 33,024; 3,072,
    # 1,180,160, 2,359,808, 131,584; norm 2,048; dense 18,432 * 128 + 128 = 2,359,424.
    assert DistGANResNet().encoder((48, 48, 3)).count_params() == 7_188_224


def test_generator_is_sn_gans_with_a_sigmoid(types_of, epsilons_of):
    networks = DistGANResNet(width_multiplier=1 / 8), SNGANResNet(width_multiplier=1 / 8)
    ours, theirs = (family.generator((48, 48, 3)) for family in networks)
    assert types_of(ours) == types_of(theirs)
    assert [weight.shape for weight in ours.weights] == [weight.shape for weight in theirs.weights]
    assert ours.get_layer("output").activation is keras.activations.sigmoid
    assert epsilons_of(ours) == {1e-5}


@pytest.mark.parametrize(
    ("size", "sizes", "features"),
    [
        (32, [(16, 128), (8, 128), (8, 128), (8, 128)], 8192),
        (48, [(24, 64), (12, 128), (6, 256), (3, 512), (3, 1024)], 9216),
    ],
)
def test_discriminator(size, sizes, features, sizes_of):
    discriminator = DistGANResNet().discriminator((size, size, 3))
    assert sizes_of(discriminator) == sizes
    # dim F in Dist-GAN's weight sqrt(dim z / dim F)
    assert np.prod(discriminator.get_layer("features").output.shape[1:]) == features
    assert isinstance(discriminator.get_layer("features"), keras.layers.ReLU)
    assert isinstance(discriminator.get_layer("pool"), GlobalSumPooling2D)
    types = {type(layer).__name__ for layer in discriminator.layers}
    # No norm of any kind, no average pooling.
    assert types == {"InputLayer", "Conv2D", "ReLU", "Add", "GlobalSumPooling2D", "Dense"}
    # Pointwise convolutions of every second pixel, without strides (`Layers.halve` says why).
    convolutions = [layer for layer in discriminator.layers if isinstance(layer, keras.layers.Conv2D)]
    assert {layer.strides for layer in convolutions} == {(1, 1)}
    halves = {layer.name: layer.kernel_size for layer in convolutions if layer.name.endswith("halve")}
    halvings = [index for index, (pixels, _) in enumerate(sizes, 1) if pixels == size >> index]
    assert halves == {f"block_{index}_{part}": (1, 1) for index in halvings for part in ("halve", "s_halve")}


@pytest.mark.parametrize(
    ("size", "sizes"), [(32, [(16, 256), (8, 256), (4, 256)]), (48, [(24, 128), (12, 256), (6, 512)])]
)
def test_encoder(size, sizes, slopes_of, sizes_of, epsilons_of):
    encoder = DistGANResNet().encoder((size, size, 3))
    assert sizes_of(encoder) == sizes
    assert encoder.get_layer("conv").filters == {32: 256, 48: 64}[size]
    types = [type(layer).__name__ for layer in encoder.layers]
    assert types.count("BatchNormalization") == 7 and types.count("AveragePooling2D") == 6
    assert types[-4:] == ["BatchNormalization", "LeakyReLU", "Flatten", "Dense"] and "ReLU" not in types
    assert slopes_of(encoder) == [0.2] * 7
    assert epsilons_of(encoder) == {1e-5}


def test_initial_weights():
    # Glorot's bound sqrt(6 / (fan in + fan out)) everywhere.
    keras.utils.set_random_seed(0)
    discriminator = DistGANResNet().discriminator((32, 32, 3))
    for name, fans in (("block_2_conv_1", 2 * 9 * 128), ("block_2_s_conv", 2 * 128), ("block_2_halve", 2 * 128)):
        kernel, bound = discriminator.get_layer(name).kernel.numpy(), np.sqrt(6 / fans)
        assert 0.99 * bound < np.abs(kernel).max() <= bound, name
