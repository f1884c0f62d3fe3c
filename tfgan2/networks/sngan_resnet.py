"""SN-GAN's residual networks (Miyato et al., ICLR 2018)."""

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers, doubled_glorot
from tfgan2.networks.images import Augmentations, BatchNorm, ImageNetworks, OutputActivation


class SNGANResNet(ImageNetworks):
    """SN-GAN's ResNets: residual blocks with batch norm and nearest upsampling against blocks with spectral norm.

    The published networks are those for 32 and 48 pixels, in Chainer's settings of batch norm (epsilon 2e-5).

    - Up to 32 pixels all blocks have 256 channels in the generator and 128 in the discriminator, which halves the image
      until at most 8 pixels are left and has two blocks more.
    - Beyond it the widths double from 64 channels at full size to at most 1,024; the discriminator halves the image
      until at most 4 pixels are left and has one block more.

    SN-GAN has no encoder; this one is Dist-GAN's for the same kind of networks.

    Args:
      latent_dim: dimension of the latents.
      width_multiplier: every width is multiplied by it and rounded, to at least 8.
      output_activation: last activation of the generator; it sets the range that the data are scaled to: tanh [-1, 1],
        as published, or sigmoid [0, 1].
      batch_norm: what batch norm uses outside training: moving averages (momentum 0.9), so that a sample depends on its
        latents alone, or the statistics of the batch.
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
        output_activation: OutputActivation = "tanh",
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
        layers = self.layers(epsilon=2e-5, residual_initializer=doubled_glorot)
        widths = resnet.generator_widths(self, image)
        return resnet.generator(layers, latents, image, widths, self.output_activation)

    def _logits(self, images, image, heads):
        layers = Layers(residual_initializer=doubled_glorot, spectral_norm=True, widens_first=False)
        return resnet.discriminator(layers, images, *resnet.discriminator_plan(self, image), heads)

    def _latents(self, images, image):
        return resnet.encoder(self, images, resnet.generator_widths(self, image)[::-1])
