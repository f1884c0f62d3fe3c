"""Encoders that give a normal distribution of latents, made from those that give latents."""

import abc
import copy


class GaussianEncoders(abc.ABC):
    """Adds an encoder of distributions to a family with `latent_dim` and `encoder`."""

    @abc.abstractmethod
    def encoder(self, sample_shape):
        """Makes the network: samples [n, *sample_shape] -> latents [n, latent_dim]."""

    def gaussian_encoder(self, sample_shape):
        """Makes the network: samples [n, *sample_shape] -> [n, 2 latent_dim], means and log variances of latents.

        It is the family's encoder for latents of twice the dimension.
        """
        wider = copy.copy(self)
        wider.latent_dim = 2 * self.latent_dim
        return wider.encoder(sample_shape)
