"""Rumi-GAN's networks: parameter counts worked out by hand, layers in their order, sizes that they take."""

import keras
import numpy as np
import pytest

from tfgan2.networks.rumi_cnn import RumiCNN

BN = ["BatchNormalization", "LeakyReLU"]


def test_parameters_for_mnist():
    networks = RumiCNN()
    # G: dense 100 * 12,544 = 1,254,400 with batch norm 4 * 12,544 = 50,176; deconvolutions 25 * 256 * 128 = 819,200,
    # 25 * 128 * 64 = 204,800, 25 * 64 * 32 = 51,200, 25 * 32 = 800, 25 with batch norms 4 * (128 + 64 + 32 + 1) = 900.
    assert networks.generator((28, 28, 1)).count_params() == 2_381_501
    # D: 25 * 64 + 64 = 1,664, 25 * 64 * 64 + 64 = 102,464, 25 * 64 * 128 + 128 = 204,928, batch norms 4 * 256 = 1,024;
    # dense 4 * 4 * 128 * 50 + 50 = 102,450 and 51.
    assert networks.discriminator((28, 28, 1)).count_params() == 412_581
    assert RumiCNN(variant="baseline").discriminator((28, 28, 1)).count_params() == 412_581


def test_parameters_for_cifar10():
    networks = RumiCNN()
    # G: 25 * 100 * 512 + 512 = 1,280,512, 25 * 512 * 256 + 256 = 3,277,056, 25 * 256 * 128 + 128 = 819,328,
    # 25 * 128 * 64 + 64 = 204,864, 25 * 64 * 3 + 3 = 4,803, batch norms 4 * 960 = 3,840.
    assert networks.generator((32, 32, 3)).count_params() == 5_590_403
    # D: 25 * 3 * 64 + 64 = 4,864, 204,928, 819,456, 3,277,312, batch norms 3,840; dense 2,048 * 50 + 50 and 51.
    assert networks.discriminator((32, 32, 3)).count_params() == 4_412_901
    # 512 features: 2,048 * 512 + 512 + 513 instead.
    baseline = RumiCNN(variant="baseline").discriminator((32, 32, 3))
    assert baseline.count_params() == 4_412_901 - 102_501 + 1_049_601


def test_parameters_for_celeba():
    networks = RumiCNN(published_for="celeba")
    # G at 64: dense 100 * 16 * 1024 = 1,638,400; 25 * 1024 * 512 = 13,107,200, 25 * 512 * 256 = 3,276,800,
    # 25 * 256 * 128 = 819,200, 25 * 128 * 3 = 9,600, batch norms 4 * 896 = 3,584.
    assert networks.generator((64, 64, 3)).count_params() == 18_854_784
    # D: as for CIFAR-10, 4,310,400, and a dense layer 4 * 4 * 512 + 1.
    assert networks.discriminator((64, 64, 3)).count_params() == 4_318_593
    # At 128 the dense layers are four times as large.
    assert networks.generator((128, 128, 3)).count_params() == 18_854_784 + 3 * 1_638_400
    assert networks.discriminator((128, 128, 3)).count_params() == 4_318_593 + 3 * 8_192


def test_layers_for_mnist(types_of, kernels_of, slopes_of, epsilons_of):
    generator = RumiCNN().generator((28, 28, 1))
    assert types_of(generator) == ["Dense", *BN, "Reshape", *["Conv2DTranspose", *BN] * 4, "Conv2DTranspose"]
    assert kernels_of(generator) == [(5, 1, 128), (5, 2, 64), (5, 1, 32), (5, 2, 1), (5, 1, 1)]
    assert not any(layer.use_bias for layer in generator.layers if hasattr(layer, "use_bias"))
    assert slopes_of(generator) == [0.3] * 5 and epsilons_of(generator) == {1e-3}
    assert {layer.momentum for layer in generator.layers if "norm" in layer.name} == {0.99}
    assert generator.get_layer("output").activation is keras.activations.tanh
    discriminator = RumiCNN().discriminator((28, 28, 1))
    assert types_of(discriminator) == [*["Conv2D", *BN] * 3, "Flatten", "Dense", "LeakyReLU", "Dense"]
    assert kernels_of(discriminator) == [(5, 2, 64), (5, 2, 64), (5, 2, 128)]
    assert discriminator.get_layer("features").output.shape == (None, 50)
    baseline = RumiCNN(variant="baseline").discriminator((28, 28, 1))
    assert types_of(baseline) == [*["Conv2D", *BN[::-1]] * 3, "Flatten", "Dense", "LeakyReLU", "Dense"]


def test_layers_for_cifar10(types_of, kernels_of, slopes_of):
    generator = RumiCNN().generator((32, 32, 3))
    assert types_of(generator) == ["Reshape", *["Conv2DTranspose", *BN] * 4, "Conv2DTranspose"]
    assert kernels_of(generator) == [(5, 2, width) for width in (512, 256, 128, 64, 3)]
    assert slopes_of(generator) == [0.1, 0.3, 0.3, 0.3]
    assert {layer.momentum for layer in generator.layers if "norm" in layer.name} == {0.9}
    assert slopes_of(RumiCNN(variant="baseline").generator((32, 32, 3))) == [0.1] * 4
    discriminator = RumiCNN().discriminator((32, 32, 3))
    assert types_of(discriminator) == [*["Conv2D", *BN] * 4, "Flatten", "Dense", "Dense"]
    assert slopes_of(discriminator) == [0.1] * 4


def test_layers_for_celeba(types_of, kernels_of, slopes_of):
    networks = RumiCNN(published_for="celeba", output_activation="sigmoid")
    generator = networks.generator((32, 32, 3))
    # No batch norm after the dense layer.
    assert types_of(generator) == ["Dense", "LeakyReLU", "Reshape", *["Conv2DTranspose", *BN] * 3, "Conv2DTranspose"]
    assert kernels_of(generator) == [(5, 2, width) for width in (512, 256, 128, 3)]
    assert generator.get_layer("output").activation is keras.activations.sigmoid
    discriminator = networks.discriminator((32, 32, 3))
    assert types_of(discriminator) == [*["Conv2D", *BN] * 4, "Flatten", "Dense"]
    assert slopes_of(discriminator) == [0.3] * 4
    assert discriminator.get_layer("features").output.shape == (None, 2, 2, 512)


def test_the_small_pair():
    networks = RumiCNN(width_multiplier=0.5, latent_dim=16)
    generator, discriminator = networks.generator((8, 8, 1)), networks.discriminator((8, 8, 1))
    # dense 16 * 2,048 with norm 8,192; 25 * 128 * 64, 25 * 64 * 32, 25 * 32 with norms 4 * 96.
    assert generator.count_params() == 32_768 + 8_192 + 204_800 + 51_200 + 800 + 384
    # 25 * 32 + 32, 25 * 32 * 64 + 64, norms 4 * 96; 2 * 2 * 64 * 50 + 50 and 51.
    assert discriminator.count_params() == 832 + 51_264 + 384 + 12_850 + 51
    images = generator(np.zeros((2, 16), "float32"))
    assert images.shape == (2, 8, 8, 1) and discriminator(images).shape == (2, 1)
    assert networks.encoder((8, 8, 1))(images).shape == (2, 16)


@pytest.mark.parametrize(
    ("arguments", "shape", "message"),
    [
        (
            {"published_for": "mnist"},
            (32, 32, 3),
            "images have 32 x 32 pixels; rumi_cnn as published for mnist takes 8, 16, 28. Set --data.image_size to "
            "one of them.",
        ),
        ({}, (48, 48, 3), "pixels; rumi_cnn takes 8, 16, 28, 32, 64, 128. Set"),
        ({"published_for": "cifar10"}, (28, 28, 1), "rumi_cnn as published for cifar10 takes 32. Set"),
        ({"published_for": "celeba"}, (28, 28, 1), "rumi_cnn as published for celeba takes 32, 64, 128. Set"),
        (
            {"published_for": "stl10"},
            (32, 32, 3),
            "published_for is 'stl10'; it must be one of mnist, cifar10, celeba, or None.",
        ),
        ({"variant": "acgan"}, (28, 28, 1), "variant is 'acgan'; it must be one of rumi, baseline."),
    ],
)
def test_refused(arguments, shape, message):
    for role in ("generator", "discriminator", "encoder"):
        with pytest.raises(ValueError) as error:
            getattr(RumiCNN(**arguments), role)(shape)
        assert message in str(error.value)
