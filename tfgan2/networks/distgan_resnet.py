"""Dist-GAN's residual networks, which GN-GAN trains too (Tran, Bui and Cheung, ECCV 2018 and AAAI 2019)."""

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers
from tfgan2.networks.images import Augmentations, BatchNorm, ImageNetworks, OutputActivation


class DistGANResNet(ImageNetworks):
    """Dist-GAN's and GN-GAN's ResNets: SN-GAN's, with no norm and strided convolutions in the discriminator.

    The published networks are those for 32 and 48 pixels, in the authors' settings: 1x1 convolutions of stride 2 halve
    in the discriminator, average pooling in the encoder, epsilon 1e-5, Glorot's initial weights. The authors' code
    normalises by the statistics of the batch also when it samples; `batch_norm=batch` does so, the default departs from
    it.

    - Up to 32 pixels all blocks have 256 channels in generator and encoder and 128 in the discriminator, which halves
      the image until at most 8 pixels are left and has two blocks more.
    - Beyond it the widths double from 64 channels at full size to at most 1,024; the discriminator halves the image
      until at most 4 pixels are left and has one block more.

    Args:
      latent_dim: dimension of the latents.
      width_multiplier: every width is multiplied by it and rounded, to at least 8.
      output_activation: last activation of the generator; it sets the range that the data are scaled to: sigmoid
        [0, 1], as published, or tanh [-1, 1].
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch, as published.
      synchronized: take the statistics of batch norm over all devices; over several it does not compile with XLA.
      augmentation: differentiable augmentation of all that the discriminator sees in training, for small data sets.

    Raises:
      ValueError: a value is out of range.
    """

    def __init__(
        self,
        *,
        latent_dim: int = 128,
        width_multiplier: float = 1.0,
        output_activation: OutputActivation = "sigmoid",
        batch_norm: BatchNorm = "moving",
        synchronized: bool = False,
        augmentation: Augmentations = (),
    ):
        super().__init__(
            latent_dim=latent_dim,
            width_multiplier=width_multiplier,
            output_activation=output_activation,
            batch_norm=batch_norm,
            synchronized=synchronized,
            augmentation=augmentation,
        )

    def _images(self, latents, image):
        widths = resnet.generator_widths(self, image)
        return resnet.generator(self.layers(), latents, image, widths, self.output_activation)

    def _logits(self, images, image, heads):
        layers = Layers(halves_by_convolution=True)
        return resnet.discriminator(layers, images, *resnet.discriminator_plan(self, image), heads)

    def _latents(self, images, image):
        return resnet.encoder(self, images, resnet.generator_widths(self, image)[::-1])
