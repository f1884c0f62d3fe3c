"""PGMGAN's residual networks (CVPR 2021), after SN-GAN's."""

import dataclasses
from typing import Literal

import keras

from tfgan2.layers.conditional_scale import ConditionalScale, UnitEmbedding
from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers, Mixture, normal
from tfgan2.networks.image_networks import ImageNetworks
from tfgan2.ranges import Width


@dataclasses.dataclass(kw_only=True)
class PGMGANResNet(ImageNetworks):
    """PGMGAN's ResNets: SN-GAN's with a spectral norm (SN) in both networks, conditioned on the partition.

    The paper says that the generators of all partitions share everything but their first layer. Its code conditions the
    batch norm of every block on the partition. This is the default here. The logit of a partition is the sum of a
    shared one and one of its own. Weights start as N(0, 0.02^2).

    - Up to 32 pixels all blocks have 256 channels. The discriminator halves the image down to 8 pixels or less and has
      two more blocks.
    - Above 32 pixels the widths double from 64 channels at full size in the discriminator and 128 in the generator, up
      to 1,024. Images of 48 pixels start from 3. The discriminator halves as often as the generator doubles and has one
      more block.

    Layers for samples of 32 x 32 x 3:

    | network       | layers                                        | output        |
    | ------------- | --------------------------------------------- | ------------- |
    | generator     | dense (SN)                                    | 4 x 4 x 256   |
    |               | residual block, doubles                       | 8 x 8 x 256   |
    |               | residual block, doubles                       | 16 x 16 x 256 |
    |               | residual block, doubles, batch norm, ReLU     | 32 x 32 x 256 |
    |               | conv 3/1 (SN), tanh                           | 32 x 32 x 3   |
    | discriminator | residual block, halves                        | 16 x 16 x 256 |
    |               | residual block, halves                        | 8 x 8 x 256   |
    |               | residual block                                | 8 x 8 x 256   |
    |               | residual block, ReLU                          | 8 x 8 x 256   |
    |               | sum pooling                                   | 256           |
    |               | dense (SN)                                    | 1             |
    | encoder       | conv 3/1                                      | 32 x 32 x 256 |
    |               | residual block, halves                        | 16 x 16 x 256 |
    |               | residual block, halves                        | 8 x 8 x 256   |
    |               | residual block, halves, batch norm, LReLU 0.2 | 4 x 4 x 256   |
    |               | dense                                         | 128           |

    All layers of generator and discriminator have a spectral norm.

    Args:
      conditioning: Input of the partition to the generator: batch_norm, gain and offset of the norms in every block; or
        input, a vector of length 1 beside the latents.
      embedding_dim: Dimension of that vector.

    Further arguments are those of `ImageNetworks`, with its errors.
    """

    conditioning: Literal["batch_norm", "input"] = "batch_norm"
    embedding_dim: Width = 256

    def _images(self, latents, image):
        layers = self.layers(**_STYLE)
        if isinstance(latents, Mixture):
            layers, latents = self._conditioned(layers, latents)
        widths = self._generator_widths(image)
        return resnet.generator(layers, latents, image, widths, self.output_activation)

    def _conditioned(self, layers, mixture):
        """The layers and the input of a generator that is conditioned on the partition."""
        if self.conditioning == "input":
            embedding = UnitEmbedding(mixture.generators, self.embedding_dim, name="embedding")(mixture.choices)
            return layers, keras.layers.Concatenate(name="with_partition")([mixture.latents, embedding])

        bare = self.layers(center=False, scale=False, **_STYLE)

        def batch_norm(name):
            if not name.startswith("block"):
                return layers.batch_norm(name)
            norm = bare.batch_norm(name)
            scale = ConditionalScale(mixture.generators, name=f"{name}_scale")
            return lambda inputs: scale([norm(inputs), mixture.choices])

        return layers.replace(batch_norm=batch_norm), mixture.latents

    def _logits(self, images, image, heads):
        layers = Layers(**_STYLE)
        features = resnet.pooled_features(layers, images, *self._discriminator_plan(image))
        shared = layers.dense(features, 1, "output", dtype="float32")
        if heads == 1:
            return shared
        own = layers.dense(features, heads, "partition_output", dtype="float32")
        return keras.layers.Add(name="logits", dtype="float32")([shared, own])

    def _latents(self, images, image):
        return resnet.encoder(self, images, self._generator_widths(image)[::-1])

    def _generator_widths(self, image):
        if image.is_small:
            return self.widths(256, 256, image.levels + 1)
        widths = self.widths(128, 1024, _levels(image))[::-1]
        return [widths[0], *widths]

    def _discriminator_plan(self, image):
        if image.is_small:
            halvings = resnet.halvings_to(image, 8)
            return self.widths(256, 256, halvings + 2), halvings
        return self.widths(64, 1024, _levels(image) + 1), _levels(image)


def _levels(image):
    """Number of times that a generator doubles images above 32 pixels, from 3 or 4."""
    return image.levels + (image.size == 48)


_STYLE = {"initializer": normal, "residual_initializer": normal, "spectral_norm": True}
