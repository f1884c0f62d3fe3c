"""VAE-GAN: a VAE that compares samples by the features of a discriminator (Larsen et al., ICML 2016)."""

import tensorflow as tf

from tfgan2.losses.adversarial import logistic
from tfgan2.losses.variational import kl_from_standard_normal, normal_log_likelihood
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.features import features_of
from tfgan2.methods.base.variational_game import VariationalGame
from tfgan2.ranges import NonNegative, Repeats, Seed


class VAEGAN(VariationalGame):
    """An encoder, a decoder and a discriminator. The decoder is also the generator of the GAN.

    One step is Algorithm 1 of the paper, with the encoder's q(z | x), a reconstruction x~ = G(z) of z from q, a sample
    x_p = G(z_p) of z_p from N(0, I), the output F of the discriminator's layer "features", and
      L_prior = KL(q(z | x) || N(0, I)),   L_feature = -log N(F(x); F(x~), I),
      L_GAN = log D(x) + log(1 - D(x~)) + log(1 - D(x_p)).
    The encoder minimises L_prior + L_feature, the discriminator -L_GAN, and the generator gamma L_feature - L_GAN.

    Here the three networks are updated in this order, each with the weights that the last update left; the paper
    updates all of them from one pass. The generator's part of L_GAN is the non-saturating loss.

    Args:
      generator: Network: latents [n, latent_dim] -> samples.
      discriminator: Network with a layer "features": samples -> logits [n, 1].
      encoder: Network: samples -> [n, 2 latent_dim], the means and the log variances of latents.
      gamma: Weight gamma of the features for the generator, which weighs reconstructions against the GAN.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      seed: Seed of the random numbers that training draws.

    Raises:
      ValueError: the discriminator has no layer "features", or the encoder has another number of outputs.
    """

    roles = ("generator", "discriminator", "encoder")

    def __init__(
        self,
        generator,
        discriminator,
        encoder,
        *,
        gamma: NonNegative = 0.01,
        discriminator_steps: Repeats = 1,
        seed: Seed = 0,
    ):
        super().__init__({"generator": generator, "discriminator": discriminator, "encoder": encoder}, seed=seed)
        self.features = features_of(discriminator)
        if self.features is None:
            raise ValueError(
                "VAE-GAN compares samples by a layer of the discriminator; name its last hidden one features."
            )
        self.gamma = gamma
        self.discriminator_steps = discriminator_steps

    @property
    def players(self):
        return {"encoder": ["encoder"], "discriminator": ["discriminator"], "generator": ["generator"]}

    def train_step(self, batch):
        draws = [
            (draw.real, draw.latents, self.random_latents(f"noise_{index}", draw.real.shape[0]))
            for index, draw in enumerate(self.draws(batch["real"]))
        ]
        last_real, last_latents, last_noise = draws[-1]
        report = self.minimize("encoder", self.encoder_loss, last_real, last_noise)
        report |= self.update_discriminator(draws)
        return report | self.minimize("generator", self.generator_loss, last_real, last_latents, last_noise)

    def encoder_loss(self, real, noise):
        """L_prior + L_feature, a mean in nats."""
        means, log_variances = self.posterior(real)
        reconstructions = self.untracked(self.generator, self.codes(means, log_variances, noise))
        terms = {
            "kl": tf.reduce_mean(kl_from_standard_normal(means, log_variances)),
            "feature_loss": self.feature_loss(real, reconstructions),
        }
        return sum(terms.values()), terms

    def discriminator_loss(self, real, latents, noise):
        """-L_GAN."""
        fake, reconstructions = self.generator(latents, training=True), self.reconstructions(real, noise)
        real_logits, fake_logits = self.logits(real), self.logits(fake)
        loss = logistic.discriminator(real_logits, fake_logits)
        loss += tf.reduce_mean(tf.nn.softplus(self.logits(reconstructions)))
        return self.regularized(loss, verdicts(real_logits, fake_logits), (self.logits, real), (self.logits, fake))

    def generator_loss(self, real, latents, noise):
        """gamma L_feature, and the non-saturating losses of samples and of reconstructions."""
        fake, reconstructions = self.generator(latents, training=True), self.reconstructions(real, noise)
        feature_loss = self.feature_loss(real, reconstructions)
        loss = logistic.generator(self.logits(fake)) + logistic.generator(self.logits(reconstructions))
        return loss + self.gamma * feature_loss, {"feature_loss": feature_loss}

    def reconstructions(self, real, noise):
        """Samples G(z) of latents z from q(z | x)."""
        return self.untracked(self.generator, self.codes(*self.posterior(real), noise))

    def feature_loss(self, real, reconstructions):
        """L_feature, a mean in nats over samples."""
        real, reconstructions = (self.features(samples, training=True) for samples in (real, reconstructions))
        return -tf.reduce_mean(normal_log_likelihood(real, reconstructions, 1.0))

    def logits(self, samples):
        """The discriminator's logits [n, 1], in training mode."""
        return self.discriminator(samples, training=True)
