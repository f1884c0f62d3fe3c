"""Residual networks: generators and discriminators as SN-GAN's, encoders as Dist-GAN's."""

import keras

from tfgan2.layers.pooling import GlobalSumPooling2D
from tfgan2.networks.blocks import down_block, first_block, up_block


def generator(layers, latents, image, widths, activation):
    """Dense layer to the smallest size, blocks that double it, norm, ReLU, conv3 to the image.

    Args:
      layers: a `Layers` with batch norm.
      latents: [n, latent_dim], or a `Mixture`.
      image: the `Image` to make.
      widths: of the dense layer and each block.
      activation: of the output.
    """
    bottom = image.size >> len(widths) - 1
    outputs = layers.dense(latents, bottom**2 * widths[0], "dense")
    outputs = keras.layers.Reshape((bottom, bottom, widths[0]), name="reshape")(outputs)
    for level, width in enumerate(widths[1:], 1):
        outputs = up_block(layers, outputs, width, f"block_{level}")
    outputs = layers.activation(layers.norm(outputs, "norm"), "relu")
    return layers.convolution(outputs, image.channels, 3, "output", activation=activation, dtype="float32")


def discriminator(layers, images, widths, halvings, heads, *, pooling=GlobalSumPooling2D):
    """One block a width, of which the first `halvings` halve, ReLU, global pooling, dense layer: images -> logits.

    Args:
      layers: a `Layers` without batch norm.
      images: [n, size, size, channels].
      widths: of the blocks.
      halvings: how many blocks halve the size, at least 1.
      heads: number of logits.
      pooling: class of the global pooling layer.
    """
    pooled = pooled_features(layers, images, widths, halvings, pooling=pooling)
    return layers.dense(pooled, heads, "output", dtype="float32")


def pooled_features(layers, images, widths, halvings, *, pooling=GlobalSumPooling2D):
    """The discriminator without its last layer: images -> features [n, widths[-1]]."""
    outputs = first_block(layers, images, widths[0], "block_1")
    for index, width in enumerate(widths[1:], 2):
        outputs = down_block(layers, outputs, width, f"block_{index}", halves=index <= halvings)
    features = layers.activation(outputs, "features", dtype="float32")
    return pooling(name="pool", dtype="float32")(features)


def encoder(family, images, widths):
    """Dist-GAN's encoder with the batch norm of a family: images -> latents.

    A conv3, one block with batch norm, LReLU(0.2) and average pooling a width after the first, norm, LReLU(0.2), dense
    layer.
    """
    layers = family.layers(negative_slope=0.2)
    outputs = layers.convolution(images, widths[0], 3, "conv")
    for index, width in enumerate(widths[1:], 1):
        outputs = down_block(layers, outputs, width, f"block_{index}")
    outputs = layers.activation(layers.norm(outputs, "norm"), "relu")
    return layers.dense(keras.layers.Flatten(name="flatten")(outputs), family.latent_dim, "output", dtype="float32")


def generator_widths(family, image):
    """SN-GAN's and Dist-GAN's: 256 channels throughout up to 32 pixels, beyond it doubling from 64 to at most 1,024."""
    if image.is_small:
        return family.widths(256, 256, image.levels + 1)
    return family.widths(64, 1024, image.levels + 1)[::-1]


def discriminator_plan(family, image):
    """SN-GAN's and Dist-GAN's: the widths of the blocks and how many of them halve.

    Up to 32 pixels 128 channels, halved to at most 8 pixels and two blocks more; beyond it doubling from 64 channels to
    at most 1,024, halved to at most 4 pixels and one block more.
    """
    if image.is_small:
        halvings = halvings_to(image, 8)
        return family.widths(128, 128, halvings + 2), halvings
    halvings = halvings_to(image, 4)
    return family.widths(64, 1024, halvings + 1), halvings


def halvings_to(image, size):
    """How often an image is halved, at least once, until it has at most `size` pixels a side."""
    count = 1
    while image.size >> count > size:
        count += 1
    return count
