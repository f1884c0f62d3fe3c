"""The invertible residual network: layers, counts, sizes of images, inverse, both variants, messages."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.layers.invertible import ActNorm, InvertibleConv2D, SpaceToDepth
from tfgan2.layers.spectral import converge
from tfgan2.networks.invertible_resnet import InvertibleResNet

SMALL = {"blocks": 1, "width_multiplier": 0.25}


def images(shape, rows=4):
    return np.random.default_rng(0).uniform(-1, 1, size=(rows, *shape))


def block_parameters(size, channels, width):
    """(trainable, singular vectors) of a block: conv3 c -> w, conv1 w -> w, conv3 w -> c, each with a bias."""
    trainable = 9 * channels * width + width + width * width + width + 9 * width * channels + channels
    return trainable, size * size * (channels + width) + width


def test_strict_layers_and_parameters():
    backbone = InvertibleResNet(blocks=2).backbone((32, 32, 3))
    stage = [InvertibleConv2D] * 2
    assert [type(layer) for layer in backbone.layers[1:-1]] == [*stage, SpaceToDepth, *stage, SpaceToDepth, *stage]
    blocks = [layer for layer in backbone.layers if isinstance(layer, InvertibleConv2D)]
    assert [block.output.shape[1:] for block in blocks[::2]] == [(32, 32, 3), (16, 16, 12), (8, 8, 48)]
    assert [block.width for block in blocks] == [32, 32, 64, 64, 128, 128]
    assert [block.activates_first for block in blocks] == [False, True, True, True, True, True]
    assert {(block.coefficient, block.iterations) for block in blocks} == {(0.9, 5)}
    assert backbone.output_shape == (None, 3072)
    counts = [block_parameters(*stage) for stage in ((32, 3, 32), (16, 12, 64), (8, 48, 128))]
    assert sum(variable.shape.num_elements() for variable in backbone.trainable_variables) == 2 * sum(
        trainable for trainable, _ in counts
    )
    assert backbone.count_params() == 2 * sum(map(sum, counts))


def test_public_layers_and_parameters():
    backbone = InvertibleResNet(blocks=2, variant="public").backbone((32, 32, 3))
    blocks = [layer for layer in backbone.layers if isinstance(layer, InvertibleConv2D)]
    # 16@32x32 -> 64@16x16 -> 256@8x8.
    assert [block.output.shape[1:] for block in blocks[::2]] == [(32, 32, 16), (16, 16, 64), (8, 8, 256)]
    assert [type(layer).__name__ for layer in backbone.layers[-4:]] == [
        *("BatchNormalization", "LeakyReLU", "GlobalAveragePooling2D", "Dense")
    ]
    assert sum(isinstance(layer, ActNorm) for layer in backbone.layers) == 6
    assert backbone.output_shape == (None, 512)
    counts = [block_parameters(*stage)[0] + 2 * stage[1] for stage in ((32, 16, 32), (16, 64, 64), (8, 256, 128))]
    # Batch norm 2 * 256, dense 256 * 512 + 512.
    expected = 2 * sum(counts) + 512 + 131_584
    assert sum(variable.shape.num_elements() for variable in backbone.trainable_variables) == expected


def test_published_depth():
    # 21 blocks with 63 convolutions.
    for variant, norms in (("strict", 0), ("public", 21)):
        backbone = InvertibleResNet(variant=variant).backbone((8, 8, 3))
        kinds = [type(layer) for layer in backbone.layers]
        assert (kinds.count(InvertibleConv2D), kinds.count(ActNorm)) == (21, norms)


def test_public_variant_pads_with_zeros():
    networks = InvertibleResNet(variant="public", **SMALL)
    backbone = networks.backbone((8, 8, 1))
    padded = keras.Model(backbone.input, backbone.layers[2].input)(images((8, 8, 1)))
    assert padded.shape == (4, 8, 8, 16)
    np.testing.assert_allclose(padded[..., :1], images((8, 8, 1)), rtol=1e-6)
    assert np.abs(padded[..., 1:]).max() == 0
    # The moving averages of batch norm take in nine tenths of a new batch.
    norm = backbone.get_layer("norm")
    assert norm.momentum == pytest.approx(0.1)
    with pytest.raises(
        ValueError, match=r"the layer 'features' of the backbone has no inverse; .* in the variant stric"
    ):
        networks.inverse(backbone, backbone(images((8, 8, 1))))


@pytest.mark.parametrize("variant", ["strict", "public"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [8, 28, 48])
def test_sizes_of_images(variant, channels, size):
    shape = (size, size, channels)
    networks = InvertibleResNet(variant=variant, **SMALL)
    partitioner, embedder = networks.partitioner(shape, 4), networks.embedder(shape)
    inputs = tf.constant(images(shape), tf.float32)
    assert partitioner(inputs).shape == (4, 4) and embedder(inputs).shape == (4, 128)
    features = partitioner.get_layer("backbone").output_shape
    assert features == (None, size * size * channels if variant == "strict" else 128)


@pytest.mark.parametrize(("shape", "stages", "blocks"), [((8, 8, 3), 3, 1), ((28, 28, 1), 2, 2)])
def test_inverse_of_the_whole(float64, shape, stages, blocks):
    keras.utils.set_random_seed(0)
    networks = InvertibleResNet(stages=stages, blocks=blocks, width_multiplier=0.25)
    backbone = networks.backbone(shape)
    for variable in backbone.trainable_variables:
        if variable.name == "kernel":
            variable.assign(5 * variable)
    converge(backbone)
    inputs = images(shape)
    features = backbone(inputs)
    assert features.dtype == tf.float64
    found = tf.function(lambda features: networks.inverse(backbone, features), autograph=False)(features)
    assert np.abs(features - tf.reshape(inputs, features.shape)).max() > 0.1
    np.testing.assert_allclose(found, inputs, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"variant": "loose"}, "variant is 'loose'; it must be one of strict, public"),
        ({"stages": 0}, "stages is 0; it must be in [1, 100]."),
        ({"blocks": 0}, "blocks is 0; it must be in [1, 100]."),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        InvertibleResNet(**options)


@pytest.mark.parametrize(("size", "stages", "most"), [(28, 4, 3), (8, 5, 4), (48, 6, 5)])
def test_images_that_cannot_be_halved(size, stages, most):
    message = (
        f"images have {size} pixels, which {stages} stages cannot halve {stages - 1} times; give stages of at most"
    )
    with pytest.raises(ValueError, match=f"{message} {most}, or resize"):
        InvertibleResNet(stages=stages, **SMALL).backbone((size, size, 1))
    InvertibleResNet(stages=most, **SMALL).backbone((size, size, 1))
