"""Plain convolutional networks: generator and discriminator of SN-GAN's standard CNN, and Dist-GAN's encoders."""

import keras


def generator(layers, latents, image, widths, activation, *, normalizes_dense):
    """A dense layer to image.bottom pixels, one deconvolution 4/2 for each level, a conv 3/1 to the image.

    Args:
      layers: A `Layers` with batch norm.
      latents: [n, latent_dim], or a `Mixture`.
      image: The `Image` of the output.
      widths: Channels of the dense layer and of each deconvolution, image.levels + 1 numbers.
      activation: Activation of the output.
      normalizes_dense: Whether batch norm follows the dense layer, unit by unit.

    Returns:
      Images [n, size, size, channels].
    """
    outputs = layers.dense(
        latents, image.bottom**2 * widths[0], "dense", use_bias=layers.bias_before_norm or not normalizes_dense
    )
    if normalizes_dense:
        outputs = layers.norm(outputs, "norm_0")
    outputs = layers.activation(outputs, "relu_0")
    outputs = keras.layers.Reshape((image.bottom, image.bottom, widths[0]), name="reshape")(outputs)
    for level, width in enumerate(widths[1:], 1):
        outputs = layers.deconvolution(outputs, width, 4, f"deconv_{level}", use_bias=layers.bias_before_norm)
        outputs = layers.norm(outputs, f"norm_{level}")
        outputs = layers.activation(outputs, f"relu_{level}")
    return layers.convolution(outputs, image.channels, 3, "output", activation=activation, dtype="float32")


def discriminator(layers, images, widths, heads):
    """A conv 3/1 and a conv 4/2 for each level, then a conv 3/1 and a dense layer.

    Args:
      layers: A `Layers` without batch norm.
      images: [n, size, size, channels].
      widths: Channels of each level and of the last convolution, image.levels + 1 numbers.
      heads: Number of logits.

    Returns:
      Logits [n, heads].
    """
    outputs = images
    for level, width in enumerate(widths[:-1], 1):
        outputs = layers.convolution(outputs, width, 3, f"conv_{level}_1")
        outputs = layers.activation(outputs, f"relu_{level}_1")
        outputs = layers.convolution(outputs, width, 4, f"conv_{level}_2", strides=2)
        outputs = layers.activation(outputs, f"relu_{level}_2")
    outputs = layers.convolution(outputs, widths[-1], 3, f"conv_{len(widths)}")
    features = layers.activation(outputs, "features", dtype="float32")
    return layers.dense(
        keras.layers.Flatten(name="flatten", dtype="float32")(features), heads, "output", dtype="float32"
    )


def encoder(family, images, image):
    """Dist-GAN's encoder, with the widths and the batch norm of a family.

    Up to 32 pixels it is that for CIFAR-10: one conv 5/2 for each level, LReLU(0.2), with 128 channels, which double.
    Above it is that for STL-10: conv 3/1/128 with ReLU, then one conv 4/2 for each level, LReLU(0.1), with channels
    that double up to 1,024. Batch norm follows all convolutions but the first.

    Args:
      family: An `ImageNetworks`.
      images: [n, size, size, channels].
      image: The `Image` of the input.

    Returns:
      Latents [n, latent_dim].
    """
    if image.is_small:
        layers, kernel = family.layers(negative_slope=0.2), 5
        first, *widths = family.widths(128, 1024, image.levels)
        outputs = layers.convolution(images, first, kernel, "conv_1", strides=2)
        outputs = layers.activation(outputs, "relu_1")
    else:
        layers, kernel = family.layers(negative_slope=0.1), 4
        first, *widths = family.widths(128, 1024, image.levels + 1)
        outputs = layers.convolution(images, first, 3, "conv_1")
        outputs = keras.layers.ReLU(name="relu_1")(outputs)
    for index, width in enumerate(widths, 2):
        outputs = layers.convolution(outputs, width, kernel, f"conv_{index}", strides=2, use_bias=False)
        outputs = layers.norm(outputs, f"norm_{index}")
        outputs = layers.activation(outputs, f"relu_{index}")
    outputs = keras.layers.Flatten(name="flatten")(outputs)
    return layers.dense(outputs, family.latent_dim, "output", dtype="float32")
