"""Changes of colour around the axis of grey, differentiable to any order."""

import tensorflow as tf


def color_shifted(images, *, brightness, contrast, luma, hue, saturation):
    """Images with other brightness, contrast, hue and saturation.

    The mean g of a pixel's channels becomes luma * contrast * (g + brightness). The rest of its colour is rotated by
    the hue around the axis of grey and scaled by contrast * saturation. Images with one channel have no hue and no
    saturation. A fourth channel, the opacity, is unchanged.

    Args:
      images: Images [n, height, width, channels] in [-1, 1].
      brightness: Added to all channels, [n].
      contrast: Factor, [n].
      luma: 1, or -1 to exchange dark and light, [n].
      hue: Angle, [n].
      saturation: Factor, [n].

    Returns:
      [n, height, width, channels]; values may leave [-1, 1].
    """
    brightness, contrast, luma, hue, saturation = (
        tf.cast(each, images.dtype)[:, None, None, None] for each in (brightness, contrast, luma, hue, saturation)
    )
    opacity = images[..., 3:] if images.shape[-1] == 4 else None
    colors = images[..., :3] if opacity is not None else images
    grey = tf.reduce_mean(colors, axis=-1, keepdims=True)
    outputs = luma * contrast * (grey + brightness)
    if colors.shape[-1] > 1:
        chroma = colors - grey
        if colors.shape[-1] == 3:
            # The cross product of the unit vector along grey with the chroma.
            across = (tf.roll(chroma, 1, axis=-1) - tf.roll(chroma, -1, axis=-1)) / 3.0**0.5
            chroma = tf.cos(hue) * chroma + tf.sin(hue) * across
        outputs += contrast * saturation * chroma
    return outputs if opacity is None else tf.concat([outputs, opacity], axis=-1)
