"""Dist-GAN: an autoencoder that preserves distances, and a generator that matches scores (Tran, Bui and Cheung, ECCV
2018).

Dist-GAN is the base of GN-GAN and one of its baselines.
"""

from typing import Literal

import keras
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.losses.reconstruction import RECONSTRUCTION_LOSSES, discriminator_loss
from tfgan2.methods.base.features import features_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.ranges import NonNegative, Repeats, Seed, UnitInterval


class DistGAN(GenerativeGame):
    """An autoencoder with a latent-data distance, and a generator that matches the mean scores of real samples.

    With `distance="features"`, the authors' choice for images, the autoencoder's update moves the encoder alone. It
    compares samples by the discriminator's features F, the output of the layer "features":
      mean ||F(x) - F(G(E(x)))||^2 + lambda_r (mean(F(G(E(x))) - F(G(z))) - lambda_w mean(E(x) - z))^2
    with lambda_w = sqrt(dim z / dim F). With `distance="samples"`, their choice for 2-D data, the update moves both
    networks. It compares samples in [0, 1] by cross-entropy, and lambda_w is 1.

    The gradient penalty is on the L2 norm of the probability's gradient, as in `GNGAN`. Reconstructions count as real
    with a small constant weight, as the paper says. The authors' 2-D code has reconstructions as fake samples with the
    weight 0.5, the penalty on the root mean square of the logit's gradient, lambda_r = 0.1, five discriminator updates
    and one Adam for each player (configs/distgan_grid25_code.cfg). Their image code has the same penalty, and a
    decaying weight of reconstructions.

    Args:
      generator: Network: latents [n, latent_dim] -> samples.
      discriminator: Network: samples -> logits [n, 1].
      encoder: Network: samples -> latents [n, latent_dim].
      loss: Discriminator's loss of probabilities: log or hinge.
      distance: Space of the reconstruction error and of the distances: features or samples.
      distance_weight: Weight lambda_r of the latent-data distance.
      reconstruction_weight: Weight alpha of reconstructions in the discriminator's loss; that of real samples is 1 -
        alpha.
      reconstructions_are: Side of reconstructions in the discriminator's loss: real or fake.
      penalty_weight: Weight lambda_p of the gradient penalty.
      gradient_penalty_on: Output of the discriminator whose gradient norm must be 1: probability or logit.
      gradient_norm: Norm of that gradient: l2 or rms. For samples of d elements rms is l2 over sqrt(d).
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "uniform" U[-1, 1]^d or "normal" N(0, I).
      seed: Seed of the random numbers that training draws.
    """

    roles = ("generator", "discriminator", "encoder")
    coupled_players = ("autoencoder", "generator")

    def __init__(
        self,
        generator,
        discriminator,
        encoder,
        *,
        loss: Literal["log", "hinge"] = "log",
        distance: Literal["features", "samples"] = "features",
        distance_weight: NonNegative = 1.0,
        reconstruction_weight: UnitInterval = 0.05,
        reconstructions_are: Literal["real", "fake"] = "real",
        penalty_weight: NonNegative = 1.0,
        gradient_penalty_on: Literal["probability", "logit"] = "probability",
        gradient_norm: Literal["l2", "rms"] = "l2",
        discriminator_steps: Repeats = 1,
        prior: Literal["uniform", "normal"] = "uniform",
        seed: Seed = 0,
    ):
        networks = {"generator": generator, "discriminator": discriminator, "encoder": encoder}
        super().__init__(networks, prior=prior, seed=seed)
        self.discriminator_options = {
            "adversarial_loss": RECONSTRUCTION_LOSSES[loss],
            "reconstruction_weight": reconstruction_weight,
            "penalty_weight": penalty_weight,
            "gradient_penalty_on": gradient_penalty_on,
            "gradient_norm": gradient_norm,
            "reconstructions_are": reconstructions_are,
        }
        self.compares_features = distance == "features"
        if self.compares_features:
            self.features = features_of(discriminator)
            if self.features is None:
                accepted = "samples for a discriminator without a layer named features"
                raise ArgumentError("distance", "features", accepted, "Name one, or try distance=samples.")
        self.distance_weight = distance_weight
        self.discriminator_steps = discriminator_steps

    @property
    def players(self):
        autoencoder = ["encoder"] if self.compares_features else ["encoder", "generator"]
        return {
            "autoencoder": autoencoder,
            "discriminator": ["discriminator"],
            "generator": ["generator"],
        }

    def train_step(self, batch):
        draws = self.draws(batch["real"])
        first, last = draws[0], draws[-1]
        report = self.minimize("autoencoder", self.autoencoder_loss, first.real, first.latents)
        report |= self.update_discriminator(draws)
        return report | self.minimize("generator", self.generator_loss, last.real, last.latents)

    def autoencoder_loss(self, real, latents):
        """The reconstruction error and the latent-data distance, in the space of features or of samples."""
        codes = self.encoder(real, training=True)
        reconstructions = self.untracked(self.generator, codes)
        fake = self.generator(latents, training=True)
        scale = 1.0
        if self.compares_features:
            real, reconstructions, fake = (
                self._flat(self.features(samples, training=True)) for samples in (real, reconstructions, fake)
            )
            error = tf.reduce_mean(tf.square(real - reconstructions))
            scale = (self.latent_dim / real.shape[-1]) ** 0.5
        else:
            error = tf.reduce_mean(keras.losses.binary_crossentropy(self._flat(real), self._flat(reconstructions)))
        differences = self._flat(reconstructions - fake), codes - latents
        moved, drawn = self.global_mean([tf.reduce_mean(each, axis=1) for each in differences])
        distance = tf.square(moved - scale * drawn)
        terms = {"reconstruction_error": error, "distance": distance}
        return error + self.distance_weight * distance, terms

    def discriminator_loss(self, real, latents, mixing):
        """The loss of real samples, reconstructions and generated samples, with the gradient penalty."""
        fake = self.generator(latents, training=True)
        reconstructions = self.untracked(self.generator, self.encoder(real, training=True))
        options = self.discriminator_options
        loss, terms = discriminator_loss(self.logits, real, reconstructions, fake, mixing, **options)
        return self.regularized(loss, terms, (self.logits, real), (self.logits, fake))

    def generator_loss(self, real, latents):
        """The distance of the mean scores, |mean D(x) - mean D(G(z))|."""
        fake = self.generator(latents, training=True)
        real_score, fake_score = self.global_mean([self.probability(samples) for samples in (real, fake)])
        return tf.abs(real_score - fake_score)[0], {}

    def logits(self, samples):
        """The discriminator's logits, [n, 1]."""
        return self.discriminator(samples, training=True)

    def probability(self, samples):
        """The discriminator's probability that samples are real, [n, 1]."""
        return tf.sigmoid(self.logits(samples))

    @staticmethod
    def _flat(samples):
        return tf.reshape(samples, [samples.shape[0], -1])
