"""GN-GAN: neighbour embedding and gradient matching (Tran, Bui and Cheung, AAAI 2019)."""

from typing import Literal

import tensorflow as tf

from tfgan2.losses.adversarial import logistic
from tfgan2.losses.matching import MATCHING_STATISTICS, matching_terms
from tfgan2.losses.neighbor_embedding import neighbor_embedding
from tfgan2.losses.reconstruction import RECONSTRUCTION_LOSSES, discriminator_loss
from tfgan2.methods.base.families import networks_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.ranges import NonNegative, Repeats, Seed, UnitInterval


class GNGAN(GenerativeGame):
    """An autoencoder that preserves the neighbourhoods of latents, and a generator that matches gradients.

    One step is Algorithm 1 of the paper. It first trains the encoder and the generator to reconstruct (Eq. 1), then the
    discriminator (Eq. 7 or 8), then the generator (Eq. 13), all on the same samples and latents. Each part can be
    switched off. `autoencoder=False` is the paper's standard GAN with techniques (Figure 7). There the generator's loss
    contains the neighbour embedding of random latents.

    The paper leaves some choices open. Here the reconstruction error is a mean over all elements. The scale of the
    neighbour embedding is the variance of the distances. The penalty is on the L2 norm of the probability's gradient,
    as printed. The public code of Dist-GAN, the base of GN-GAN, has the root mean square of the logit's gradient
    instead (`gradient_penalty_on="logit"` and `gradient_norm="rms"`). With the hinge loss that code has the penalty
    with the wrong sign. Here the sign is right with both losses, as printed.

    Args:
      generator: Network: latents [n, latent_dim] -> samples.
      discriminator: Network: samples -> logits [n, 1].
      encoder: Network: samples -> latents [n, latent_dim]; None without the autoencoder.
      autoencoder: Whether each step trains the encoder and the generator as an autoencoder.
      loss: Discriminator's loss of probabilities: log (Eq. 7) or hinge (Eq. 8).
      generator_objective: Generator's loss: matching (Eq. 13) or standard, the non-saturating loss of the standard GAN.
      matching_form: Form of Eq. 13: norm matches the norms of gradients, which the paper uses; vector is the equation
        as printed.
      slope_weight: Weight lambda_m^1 of the matched gradients.
      slope_times_point_weight: Weight lambda_m^2 of the matched products of gradient and point.
      neighbor_weight: Weight lambda_r of the neighbour embedding; 0 switches it off.
      reconstruction_weight: Weight alpha of reconstructions among the discriminator's real samples.
      penalty_weight: Weight lambda_p of the gradient penalty.
      gradient_penalty_on: Output of the discriminator whose gradient norm must be 1: probability or logit.
      gradient_norm: Norm of that gradient: l2 or rms. For samples of d elements rms is l2 over sqrt(d).
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "uniform" U[-1, 1]^d or "normal" N(0, I).
      seed: Seed of the random numbers that training draws.
    """

    roles = ("generator", "discriminator", "encoder")
    coupled_players = ("generator",)

    def __init__(
        self,
        generator,
        discriminator,
        encoder=None,
        *,
        autoencoder: bool = True,
        loss: Literal["log", "hinge"] = "log",
        generator_objective: Literal["matching", "standard"] = "matching",
        matching_form: Literal["norm", "vector"] = "norm",
        slope_weight: NonNegative = 1.0,
        slope_times_point_weight: NonNegative = 1.0,
        neighbor_weight: NonNegative = 1.0,
        reconstruction_weight: UnitInterval = 0.05,
        penalty_weight: NonNegative = 1.0,
        gradient_penalty_on: Literal["probability", "logit"] = "probability",
        gradient_norm: Literal["l2", "rms"] = "l2",
        discriminator_steps: Repeats = 1,
        prior: Literal["uniform", "normal"] = "uniform",
        seed: Seed = 0,
    ):
        networks = {"generator": generator, "discriminator": discriminator}
        if autoencoder and encoder is None:
            raise ValueError("GN-GAN's autoencoder needs an encoder; pass one, or set autoencoder=False.")
        super().__init__(networks | ({"encoder": encoder} if autoencoder else {}), prior=prior, seed=seed)
        self.autoencoder = autoencoder
        self.discriminator_options = {
            "adversarial_loss": RECONSTRUCTION_LOSSES[loss],
            "reconstruction_weight": reconstruction_weight,
            "penalty_weight": penalty_weight,
            "gradient_penalty_on": gradient_penalty_on,
            "gradient_norm": gradient_norm,
        }
        self.generator_objective = generator_objective
        self.matching_statistics = MATCHING_STATISTICS[matching_form]
        self.slope_weight = slope_weight
        self.slope_times_point_weight = slope_times_point_weight
        self.neighbor_weight = neighbor_weight
        self.discriminator_steps = discriminator_steps

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        if arguments["autoencoder"]:
            return networks_of(family, shape, cls.roles)
        return [*networks_of(family, shape, ("generator", "discriminator")), None]

    @property
    def players(self):
        players = {"discriminator": ["discriminator"], "generator": ["generator"]}
        return players | ({"autoencoder": ["encoder", "generator"]} if self.autoencoder else {})

    def train_step(self, batch):
        draws = self.draws(batch["real"])
        first, last = draws[0], draws[-1]
        report = {}
        if self.autoencoder:
            report |= self.minimize("autoencoder", self.autoencoder_loss, first.real, first.latents)
        report |= self.update_discriminator(draws)
        return report | self.minimize("generator", self.generator_loss, last.real, last.latents)

    def autoencoder_loss(self, real, latents):
        """V_AE (Eq. 1): the reconstruction error, and the neighbour embedding of encoded and random latents."""
        codes = self.encoder(real, training=True)
        reconstructions = self.untracked(self.generator, codes)
        error = tf.reduce_mean(tf.square(real - reconstructions))
        if not self.neighbor_weight:
            return error, {"reconstruction_error": error}
        fake = self.generator(latents, training=True)
        embedding = neighbor_embedding(tf.concat([codes, latents], 0), tf.concat([reconstructions, fake], 0))
        return error + self.neighbor_weight * embedding, {
            "reconstruction_error": error,
            "neighbor_embedding": embedding,
        }

    def discriminator_loss(self, real, latents, mixing):
        """-V_D (Eq. 7 or 8)."""
        fake = self.generator(latents, training=True)
        reconstructions = None
        if self.autoencoder:
            reconstructions = self.untracked(self.generator, self.encoder(real, training=True))
        options = self.discriminator_options
        loss, terms = discriminator_loss(self.logits, real, reconstructions, fake, mixing, **options)
        return self.regularized(loss, terms, (self.logits, real), (self.logits, fake))

    def generator_loss(self, real, latents):
        """V_G (Eq. 13) or the standard GAN's loss. Without an autoencoder the neighbour embedding is added."""
        fake = self.generator(latents, training=True)
        if self.generator_objective == "matching":
            statistics = [self.matching_statistics(self.probability, samples) for samples in (real, fake)]
            terms = matching_terms(*self.global_mean(statistics))
            loss = (
                terms["score"]
                + self.slope_weight * terms["slope"]
                + self.slope_times_point_weight * terms["slope_times_point"]
            )
            terms = {f"{name}_match": value for name, value in terms.items()}
        else:
            loss, terms = logistic.generator(self.logits(fake)), {}
        if not self.autoencoder and self.neighbor_weight:
            terms["neighbor_embedding"] = neighbor_embedding(latents, fake)
            loss += self.neighbor_weight * terms["neighbor_embedding"]
        return loss, terms

    def logits(self, samples):
        """The discriminator's logits, [n, 1]."""
        return self.discriminator(samples, training=True)

    def probability(self, samples):
        """The discriminator's probability that samples are real, [n, 1]."""
        return tf.sigmoid(self.logits(samples))
