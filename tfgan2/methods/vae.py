"""The variational autoencoder (Kingma and Welling, ICLR 2014) and beta-VAE (Higgins et al., ICLR 2017)."""

import tensorflow as tf

from tfgan2.losses.variational import kl_from_standard_normal, normal_log_likelihood
from tfgan2.methods.base.variational_game import VariationalGame
from tfgan2.ranges import NonNegative, Positive, Seed


class VAE(VariationalGame):
    """An encoder and a decoder that maximise a lower bound of the data's log likelihood. It has no discriminator.

    The model draws latents z from N(0, I) and samples x from N(G(z), s^2 I). The encoder gives q(z | x) = N(m(x),
    diag(v(x))). Both networks maximise the evidence lower bound
      E_q[log p(x | z)] - beta KL(q(z | x) || N(0, I))
    with one z = m + sqrt(v) noise for each x. With beta = 1 it is at most log p(x). With another beta the method is
    beta-VAE. Its optimum is that of a VAE with the decoder variance beta s^2. Generated samples are the means G(z),
    without the decoder's noise.

    Args:
      generator: Network, the decoder: latents [n, latent_dim] -> samples.
      encoder: Network: samples -> [n, 2 latent_dim], the means and the log variances of latents.
      beta: Weight of the KL divergence; 1 is the VAE, and 0 an autoencoder.
      decoder_std: Standard deviation s of the decoder, in the range of the networks. It is the size of the details that
        count: with a large one, samples are blurred and modes have bridges between them.
      seed: Seed of the random numbers that training draws.
    """

    roles = ("generator", "encoder")

    def __init__(self, generator, encoder, *, beta: NonNegative = 1.0, decoder_std: Positive = 0.1, seed: Seed = 0):
        super().__init__({"generator": generator, "encoder": encoder}, seed=seed)
        self.beta = beta
        self.decoder_std = decoder_std

    @property
    def players(self):
        return {"autoencoder": ["encoder", "generator"]}

    def train_step(self, batch):
        real = batch["real"]
        noise, latents = (self.random_latents(name, real.shape[0]) for name in ("noise", "latents"))
        return self.minimize("autoencoder", self.autoencoder_loss, real, noise, latents)

    def autoencoder_loss(self, real, noise, latents):
        """The negative evidence lower bound, a mean in nats; with beta = 1 it bounds -log p(x) from above."""
        self.generator(latents, training=True)  # Batch norm keeps the statistics of prior latents, as at inference.
        means, log_variances = self.posterior(real)
        reconstructions = self.untracked(self.generator, self.codes(means, log_variances, noise))
        likelihood = tf.reduce_mean(normal_log_likelihood(real, reconstructions, self.decoder_std))
        divergence = tf.reduce_mean(kl_from_standard_normal(means, log_variances))
        error = tf.reduce_mean(tf.square(real - reconstructions))
        return self.beta * divergence - likelihood, {"reconstruction_error": error, "kl": divergence}

    def score(self, samples):
        """The evidence lower bound [n, 1] in nats, with the mean latents in place of random ones; inference mode."""
        samples = tf.convert_to_tensor(samples)
        means, log_variances = self.posterior(samples, training=False)
        likelihood = normal_log_likelihood(samples, self.generate(means), self.decoder_std)
        return (likelihood - kl_from_standard_normal(means, log_variances))[:, None]
