"""Dist-GAN's CNN: parameter counts, layers, widths, initial weights as published."""

import keras
import numpy as np
import pytest

from tfgan2.networks.distgan_cnn import DistGANCNN


def test_parameters_at_32_pixels():
    # G: dense 128 * 16,384 + 16,384 = 2,113,536; deconvolutions without bias 16 * 1024 * 512 = 8,388,608, 16 * 512 *
    # 256 = 2,097,152 and 16 * 256 * 128 = 524,288 with batch norms 4 * (512 + 256 + 128) = 3,584; conv 9 * 128 * 3 + 3
    # = 3,459.
    assert DistGANCNN().generator((32, 32, 3)).count_params() == 13_130_627
    # D: 1,792 + 65,600 + 73,856 + 262,272 + 295,168 + 1,048,832 + 1,180,160 as SN-GAN's; dense 4 * 4 * 512 + 1.
    assert DistGANCNN().discriminator((32, 32, 3)).count_params() == 2_935_873
    # E: 25 * 3 * 128 + 128 = 9,728; without bias 25 * 128 * 256 = 819,200 and 25 * 256 * 512 = 3,276,800 with batch
    # norms 4 * (256 + 512) = 3,072; dense 8192 * 128 + 128 = 1,048,704.
    assert DistGANCNN().encoder((32, 32, 3)).count_params() == 5_157_504


def test_parameters_at_48_pixels():
    # G: a dense layer of 6 * 6 * 1024 = 36,864 units, 129 * 36,864 = 4,755,456 instead of 2,113,536.
    assert DistGANCNN().generator((48, 48, 3)).count_params() == 13_130_627 + 4_755_456 - 2_113_536
    # D: a dense layer 6 * 6 * 512 + 1.
    assert DistGANCNN().discriminator((48, 48, 3)).count_params() == 2_935_873 + 18_432 - 8_192
    # E: 9 * 3 * 128 + 128 = 3,584; without bias 16 * 128 * 256 = 524,288, 16 * 256 * 512 = 2,097,152 and 16 * 512 *
    # 1024 = 8,388,608 with batch norms 4 * (256 + 512 + 1024) = 7,168; dense 36,864 * 128 + 128 = 4,718,720.
    assert DistGANCNN().encoder((48, 48, 3)).count_params() == 15_739_520


@pytest.mark.parametrize("size", [32, 48])
def test_generator(size, types_of, kernels_of, epsilons_of):
    generator = DistGANCNN(width_multiplier=1 / 8).generator((size, size, 3))
    up = ["Conv2DTranspose", "BatchNormalization", "ReLU"]
    # No batch norm after the dense layer.
    assert types_of(generator) == ["Dense", "ReLU", "Reshape", *up, *up, *up, "Conv2D"]
    assert generator.get_layer("reshape").output.shape[-1] == 128
    assert kernels_of(generator) == [(4, 2, 64), (4, 2, 32), (4, 2, 16), (3, 1, 3)]
    assert epsilons_of(generator) == {1e-5}
    biases = {layer.name: layer.use_bias for layer in generator.layers if hasattr(layer, "use_bias")}
    assert biases == {"dense": True, "deconv_1": False, "deconv_2": False, "deconv_3": False, "output": True}
    assert generator.get_layer("output").activation is keras.activations.sigmoid


@pytest.mark.parametrize(("size", "features"), [(32, 8192), (48, 18432)])
def test_discriminator(size, features, types_of, kernels_of, slopes_of):
    discriminator = DistGANCNN().discriminator((size, size, 3))
    # No norm of any kind.
    assert types_of(discriminator) == [*["Conv2D", "LeakyReLU"] * 7, "Flatten", "Dense"]
    found = kernels_of(discriminator)
    assert found == [(3, 1, 64), (4, 2, 64), (3, 1, 128), (4, 2, 128), (3, 1, 256), (4, 2, 256), (3, 1, 512)]
    assert slopes_of(discriminator) == [0.1] * 7
    # dim F in Dist-GAN's weight sqrt(dim z / dim F)
    assert np.prod(discriminator.get_layer("features").output.shape[1:]) == features


def test_encoder_for_cifar(types_of, kernels_of, slopes_of, epsilons_of):
    encoder = DistGANCNN().encoder((32, 32, 3))
    normed = ["Conv2D", "BatchNormalization", "LeakyReLU"]
    assert types_of(encoder) == ["Conv2D", "LeakyReLU", *normed, *normed, "Flatten", "Dense"]
    assert kernels_of(encoder) == [(5, 2, 128), (5, 2, 256), (5, 2, 512)]
    assert slopes_of(encoder) == [0.2] * 3
    assert epsilons_of(encoder) == {1e-5}
    assert encoder.get_layer("output").activation is keras.activations.linear


def test_encoder_for_stl(types_of, kernels_of, slopes_of):
    encoder = DistGANCNN().encoder((48, 48, 3))
    normed = ["Conv2D", "BatchNormalization", "LeakyReLU"]
    assert types_of(encoder) == ["Conv2D", "ReLU", *normed, *normed, *normed, "Flatten", "Dense"]
    assert kernels_of(encoder) == [(3, 1, 128), (4, 2, 256), (4, 2, 512), (4, 2, 1024)]
    assert slopes_of(encoder) == [0.1] * 3


def test_widths_at_other_sizes(kernels_of):
    networks = DistGANCNN(width_multiplier=1 / 8)
    # 128, 256, 512, 1024, 1024 from full size to 4 pixels in G and E, 64, 128, 256, 512 and 512 in D.
    generator, encoder = networks.generator((64, 64, 3)), networks.encoder((64, 64, 3))
    assert generator.get_layer("reshape").output.shape == (None, 4, 4, 128)
    assert kernels_of(generator)[:-1] == [(4, 2, 128), (4, 2, 64), (4, 2, 32), (4, 2, 16)]
    assert [filters for _, _, filters in kernels_of(networks.discriminator((64, 64, 3)))][1::2] == [8, 16, 32, 64]
    assert kernels_of(encoder) == [(3, 1, 16), (4, 2, 32), (4, 2, 64), (4, 2, 128), (4, 2, 128)]
    assert kernels_of(networks.encoder((28, 28, 1))) == [(5, 2, 16), (5, 2, 32)]
    assert kernels_of(networks.generator((28, 28, 1))) == [(4, 2, 32), (4, 2, 16), (3, 1, 1)]


def test_initial_weights():
    # Glorot: uniform within sqrt(6 / (fan in + fan out)); conv_2_2 has 16 * 128 * 128 = 262,144 entries, both fans
    # 2048.
    keras.utils.set_random_seed(0)
    networks = DistGANCNN()
    kernel = networks.discriminator((32, 32, 3)).get_layer("conv_2_2").kernel.numpy()
    bound = np.sqrt(6 / 4096)
    assert 0.999 * bound < np.abs(kernel).max() <= bound and kernel.std() == pytest.approx(bound / np.sqrt(3), rel=0.01)
    # deconv_3: 16 * 256 * 128 entries, fans 16 * 128 and 16 * 256, whichever is which.
    kernel = networks.generator((32, 32, 3)).get_layer("deconv_3").kernel.numpy()
    bound = np.sqrt(6 / 6144)
    assert 0.999 * bound < np.abs(kernel).max() <= bound and kernel.std() == pytest.approx(bound / np.sqrt(3), rel=0.01)
