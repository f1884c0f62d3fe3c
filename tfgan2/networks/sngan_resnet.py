"""SN-GAN's residual networks (Miyato et al., ICLR 2018)."""

from tfgan2.networks import resnet
from tfgan2.networks.blocks import Layers, doubled_glorot
from tfgan2.networks.image_networks import ImageNetworks


class SNGANResNet(ImageNetworks):
    """SN-GAN's ResNets: residual blocks with batch norm and nearest upsampling against blocks with spectral norm.

    The published networks are those for 32 and 48 pixels, in Chainer's settings of batch norm (epsilon 2e-5).

    - Up to 32 pixels all blocks have 256 channels in the generator and 128 in the discriminator, which halves the image
      until at most 8 pixels are left and has two blocks more.
    - Beyond it the widths double from 64 channels at full size to at most 1,024; the discriminator halves the image
      until at most 4 pixels are left and has one block more.

    SN-GAN has no encoder; this one is Dist-GAN's for the same kind of networks.

    Arguments and errors are those of `ImageNetworks`.
    """

    def _images(self, latents, image):
        layers = self.layers(epsilon=2e-5, residual_initializer=doubled_glorot)
        widths = resnet.generator_widths(self, image)
        return resnet.generator(layers, latents, image, widths, self.output_activation)

    def _logits(self, images, image, heads):
        layers = Layers(residual_initializer=doubled_glorot, spectral_norm=True, widens_first=False)
        return resnet.discriminator(layers, images, *resnet.discriminator_plan(self, image), heads)

    def _latents(self, images, image):
        return resnet.encoder(self, images, resnet.generator_widths(self, image)[::-1])
