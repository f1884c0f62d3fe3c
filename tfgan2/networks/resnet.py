"""Residual networks: SN-GAN's generators and discriminators, and Dist-GAN's encoders."""

import keras

from tfgan2.layers.pooling import GlobalSumPooling2D
from tfgan2.networks.blocks import down_block, first_block, up_block


def generator(layers, latents, image, widths, activation):
    """A dense layer to the smallest size, blocks that double it, norm, ReLU, and a conv3 to the image.

    Args:
      layers: A `Layers` with batch norm.
      latents: [n, latent_dim], or a `Mixture`.
      image: The `Image` of the output.
      widths: Channels of the dense layer and of each block.
      activation: Activation of the output.

    Returns:
      Images [n, size, size, channels].
    """
    bottom = image.size >> len(widths) - 1
    outputs = layers.dense(latents, bottom**2 * widths[0], "dense")
    outputs = keras.layers.Reshape((bottom, bottom, widths[0]), name="reshape")(outputs)
    for level, width in enumerate(widths[1:], 1):
        outputs = up_block(layers, outputs, width, f"block_{level}")
    outputs = layers.activation(layers.norm(outputs, "norm"), "relu")
    return layers.convolution(outputs, image.channels, 3, "output", activation=activation, dtype="float32")


def discriminator(layers, images, widths, halvings, heads, *, pooling=GlobalSumPooling2D):
    """One block for each width, ReLU, global pooling, and a dense layer.

    Args:
      layers: A `Layers` without batch norm.
      images: [n, size, size, channels].
      widths: Channels of the blocks.
      halvings: Number of blocks that halve the size, the first ones; at least 1.
      heads: Number of logits.
      pooling: Class of the global pooling layer.

    Returns:
      Logits [n, heads].
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
    """Dist-GAN's encoder, with the batch norm of a family: images -> latents [n, latent_dim].

    A conv3, one halving block with batch norm, LReLU(0.2) and average pooling for each further width, norm, LReLU(0.2),
    and a dense layer.
    """
    layers = family.layers(negative_slope=0.2)
    outputs = layers.convolution(images, widths[0], 3, "conv")
    for index, width in enumerate(widths[1:], 1):
        outputs = down_block(layers, outputs, width, f"block_{index}")
    outputs = layers.activation(layers.norm(outputs, "norm"), "relu")
    return layers.dense(keras.layers.Flatten(name="flatten")(outputs), family.latent_dim, "output", dtype="float32")


def generator_widths(family, image):
    """The widths of SN-GAN's and Dist-GAN's generators.

    Up to 32 pixels all are 256. Above, they double from 64 at full size, up to 1,024.
    """
    if image.is_small:
        return family.widths(256, 256, image.levels + 1)
    return family.widths(64, 1024, image.levels + 1)[::-1]


def discriminator_plan(family, image):
    """The widths of the blocks of SN-GAN's and Dist-GAN's discriminators, and the number of halving blocks.

    Up to 32 pixels all widths are 128, and blocks halve the size to 8 pixels or less; two more follow. Above, widths
    double from 64, up to 1,024, and blocks halve the size to 4 pixels or less; one more follows.
    """
    if image.is_small:
        halvings = halvings_to(image, 8)
        return family.widths(128, 128, halvings + 2), halvings
    halvings = halvings_to(image, 4)
    return family.widths(64, 1024, halvings + 1), halvings


def halvings_to(image, size):
    """Number of times, at least 1, that an image is halved until its sides have at most `size` pixels."""
    count = 1
    while image.size >> count > size:
        count += 1
    return count
