"""The base class of network families for images: their hyperparameters, sizes and checks."""

import abc
import dataclasses
from typing import Literal, NamedTuple

import keras

from tfgan2.layers.adaptive_augmentation import TRANSFORMS, AdaptiveAugmentation
from tfgan2.layers.augmentation import Augmentation
from tfgan2.layers.batch_statistics import BatchStatisticsNormalization
from tfgan2.networks.blocks import Layers, mixture_inputs
from tfgan2.networks.conditional_networks import ConditionalNetworks
from tfgan2.networks.gaussian_encoders import GaussianEncoders
from tfgan2.ranges import Positive, Width, check_fields

OutputActivation = Literal["sigmoid", "tanh"]
BatchNorm = Literal["moving", "batch"]
DiscriminatorAugmentation = tuple[Literal["color", "translation", "cutout", "ada"], ...]
Transforms = tuple[Literal[*TRANSFORMS], ...]

LEVELS = {8: 1, 16: 2, 28: 2, 32: 3, 48: 3, 64: 4, 128: 5, 256: 6}
"""Size of an image in pixels -> number of doublings in the generator, from 4 pixels; 28 from 7, 48 from 6."""

LARGEST_SMALL = 32
"""Up to this size the networks follow those published for 32 pixels, above it those for 48."""

_SMALLEST_WIDTH = 8
MOMENTUM = 0.9
"""Momentum of the moving averages of batch norm."""


class Image(NamedTuple):
    """Shape of an image.

    Attributes:
      size: Height and width in pixels, a key of LEVELS.
      channels: 1, 3, or 4 with the opacity as the last.
    """

    size: int
    channels: int

    @property
    def levels(self):
        """Number of times that the generator doubles the size."""
        return LEVELS[self.size]

    @property
    def bottom(self):
        """Size of the generator's first feature map, in pixels."""
        return self.size >> self.levels

    @property
    def is_small(self):
        """Whether the networks follow those for 32 pixels instead of those for 48."""
        return self.size <= LARGEST_SMALL


@dataclasses.dataclass(kw_only=True)
class ImageNetworks(ConditionalNetworks, GaussianEncoders):
    """Generator, discriminator and encoder for images. A subclass, the network family, makes the layers.

    Every network computes its last layer in float32, and the discriminator its features, too. This keeps losses and
    samples exact under mixed precision. A family with other defaults or more arguments is a dataclass of those
    arguments alone. It documents an argument again if its meaning differs.

    Args:
      latent_dim: Dimension of the latents.
      width_multiplier: Factor of every width. Widths are rounded, and at least 8.
      output_activation: Last activation of the generator. It sets the range of the scaled data: tanh [-1, 1], as
        published, or sigmoid [0, 1].
      batch_norm: Statistics of batch norm outside of training: moving averages (momentum 0.9), so that a sample depends
        on its own latents alone, or those of the batch.
      synchronized: Whether batch norm takes the statistics over all devices. Over several devices XLA does not compile
        it.
      augmentation: Differentiable augmentation of all images that the discriminator sees in training, for small data
        sets: color, translation and cutout for each image (DiffAugment), or ada, eleven transformations with a
        probability that rises while the discriminator overfits, or by the schedule of --regularizer.ada_end.
      ada_transforms: Transformations of ada. Empty takes all. Leave out those that make other images, such as a flip of
        letters.

    Raises:
      ArgumentError: a value is out of range.
    """

    latent_dim: Width = 128
    width_multiplier: Positive = 1.0
    output_activation: OutputActivation = "tanh"
    batch_norm: BatchNorm = "moving"
    synchronized: bool = False
    augmentation: DiscriminatorAugmentation = ()
    ada_transforms: Transforms = ()

    def __post_init__(self):
        check_fields(self)

    def generator(self, sample_shape, *, generators=1):
        """Makes the network: latents [n, latent_dim] -> images [n, *sample_shape].

        Several generators take (latents, choices int32 [n]). They share all layers but the first dense layer.

        Raises:
          ValueError: `sample_shape` is not (size, size, channels) with a size of LEVELS and 1, 3 or 4 channels.
        """
        image = image_of(sample_shape)
        inputs, latents = mixture_inputs(self.latent_dim, generators)
        return keras.Model(inputs, self._images(latents, image), name="generator")

    def discriminator(self, sample_shape, *, heads=1):
        """Makes the network: images [n, *sample_shape] -> logits [n, heads].

        The layer "features" has the activations of the last convolution. Images may have any number of channels, as
        packs of images have several times those of one.

        Raises:
          ValueError: `sample_shape` is not (size, size, channels) with a size of LEVELS.
        """
        image = image_of(sample_shape, any_channels=True)
        images = keras.Input(sample_shape)
        return keras.Model(images, self._logits(self.seen(images), image, heads), name="discriminator")

    def encoder(self, sample_shape):
        """Makes the network: images [n, *sample_shape] -> latents [n, latent_dim].

        Raises:
          ValueError: as `generator`.
        """
        image = image_of(sample_shape)
        images = keras.Input(sample_shape)
        return keras.Model(images, self._latents(images, image), name="encoder")

    # What a family provides.

    @abc.abstractmethod
    def _images(self, latents, image):
        """The generator's layers: latents [n, latent_dim], or a `Mixture` for the first dense layer, -> images."""

    @abc.abstractmethod
    def _logits(self, images, image, heads):
        """The discriminator's layers: images -> logits [n, heads]."""

    @abc.abstractmethod
    def _latents(self, images, image):
        """The encoder's layers: images -> latents [n, latent_dim]."""

    # What a family calls.

    def seen(self, images):
        """The images as the discriminator sees them: augmented in training, with an `augmentation`."""
        if not self.augmentation:
            return images
        output_range = "unit" if self.output_activation == "sigmoid" else "symmetric"
        policy = tuple(name for name in self.augmentation if name != "ada")
        if policy:
            images = Augmentation(policy, output_range=output_range, name="augmentation")(images)
        if "ada" in self.augmentation:
            options = {"output_range": output_range, "name": "adaptive_augmentation", "dtype": "float32"}
            images = AdaptiveAugmentation(self.ada_transforms or TRANSFORMS, **options)(images)
        return images

    def layers(self, *, epsilon=1e-5, momentum=MOMENTUM, center=True, scale=True, **style):
        """A `Layers` with batch norm. `center` and `scale` add offset and gain; `style` are arguments of `Layers`."""

        def batch_norm(name):
            options = {"epsilon": epsilon, "center": center, "scale": scale}
            options |= {"synchronized": self.synchronized, "name": name}
            if self.batch_norm == "batch":
                return BatchStatisticsNormalization(**options)
            return keras.layers.BatchNormalization(momentum=momentum, **options)

        return Layers(batch_norm=batch_norm, **style)

    def widths(self, first, last, count):
        """`count` widths. The first is `first`, each next one is twice as large, up to `last`; then they are
        multiplied.
        """
        return [self.wide(min(first << index, last)) for index in range(count)]

    def wide(self, published):
        """A published width times the width multiplier."""
        return multiplied(published, self.width_multiplier)


@dataclasses.dataclass(kw_only=True)
class DeconvolvingNetworks(ImageNetworks):
    """The base class of network families with deconvolutions. Each one doubles the size in the generator.

    Args:
      blur: Whether a blur of 3 x 3 pixels follows each deconvolution that doubles the size. It keeps patterns of dots
        out of the images. The published networks have none.

    Further arguments are those of `ImageNetworks`, with its errors.
    """

    blur: bool = False

    def layers(self, **options):
        """As `ImageNetworks.layers`, with the blur."""
        return super().layers(**options).replace(blurs=self.blur)


def multiplied(published, width_multiplier):
    """A published width times the multiplier, rounded, at least 8."""
    return max(_SMALLEST_WIDTH, round(published * width_multiplier))


def image_of(sample_shape, *, any_channels=False):
    """The `Image` of a shape (height, width, channels).

    Args:
      sample_shape: The shape.
      any_channels: Whether images may have other numbers of channels than 1, 3 and 4.

    Raises:
      ValueError: the networks do not support the shape. The message names the supported ones.
    """
    sizes = ", ".join(map(str, LEVELS))
    if len(sample_shape) != 3:
        raise ValueError(
            f"samples have the shape {tuple(sample_shape)}; image networks take (size, size, channels): "
            "use the network mlp, or images."
        )
    height, width, channels = sample_shape
    if height != width or height not in LEVELS:
        raise ValueError(
            f"images have {height} x {width} pixels; image networks take squares of {sizes} pixels: "
            "resize or crop the images to one of these."
        )
    if not any_channels and channels not in (1, 3, 4):
        raise ValueError(
            f"images have {channels} channels; image networks take 1, 3 or 4: convert the images to grey, RGB or RGBA."
        )
    return Image(height, channels)
