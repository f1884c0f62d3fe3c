"""GN-GAN: neighbour embedding and gradient matching (Tran, Bui and Cheung, AAAI 2019)."""

from typing import Literal

import tensorflow as tf

from tfgan2.checks import check_at_least, check_choices, check_range
from tfgan2.losses.adversarial import logistic
from tfgan2.losses.matching import MATCHING_STATISTICS, matching_terms
from tfgan2.losses.neighbor_embedding import neighbor_embedding
from tfgan2.losses.reconstruction import RECONSTRUCTION_LOSSES, discriminator_loss
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.generative_game import GenerativeGame


class GNGAN(GenerativeGame):
    """An autoencoder that keeps the neighbourhoods of its latents, and a generator that matches gradients.

    Algorithm 1 of the paper: each step first trains encoder and generator to reconstruct (Eq. 1), then the
    discriminator (Eq. 7 or 8), then the generator (Eq. 13), all three on the same samples and latents. Every part can
    be switched off, so that both ablations of the paper run: `autoencoder=False` is its standard GAN with techniques
    (Figure 7), where the neighbour embedding acts on random latents within the generator's loss.

    Where the paper leaves a choice: the reconstruction error is a mean over all elements; the scale of the neighbour
    embedding is the variance of the distances; the penalty is on the L2 norm of the probability's gradient, as printed.
    In the public code of its base method Dist-GAN it is on the root mean square of the logit's gradient
    (`gradient_penalty_on="logit"` and `gradient_norm="rms"`). That code rewards violations of the penalty in hinge mode
    by a slip of sign; here it is a penalty in both modes, as printed.

    Args:
      generator: latents [n, latent_dim] -> samples.
      discriminator: samples -> logits [n, 1].
      encoder: samples -> latents [n, latent_dim]; None without the autoencoder.
      autoencoder: train encoder and generator as an autoencoder in each step.
      loss: the discriminator's loss on probabilities, "log" (Eq. 7) or "hinge" (Eq. 8).
      generator_objective: "matching" is Eq. 13, "standard" the non-saturating loss of the standard GAN.
      matching_form: "norm" matches the norms of gradients, which the paper uses, "vector" is Eq. 13 as printed.
      slope_weight: weight of the match of gradients, lambda_m^1.
      slope_times_point_weight: weight of the match of gradient times point, lambda_m^2.
      neighbor_weight: weight lambda_r of the neighbour embedding; 0 leaves it out.
      reconstruction_weight: weight alpha of reconstructions among the discriminator's real samples.
      penalty_weight: weight lambda_p of the gradient penalty.
      gradient_penalty_on: the discriminator's output whose gradient norm is drawn to 1, "probability" or "logit".
      gradient_norm: norm of that gradient, l2 or rms; rms is l2 over sqrt(d) for samples of d elements.
      discriminator_steps: discriminator updates in each step, each on samples of its own.
      prior: distribution of the latents, "uniform" U[-1, 1]^d or "normal".
      seed: of the random numbers drawn in training.
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
        slope_weight: float = 1.0,
        slope_times_point_weight: float = 1.0,
        neighbor_weight: float = 1.0,
        reconstruction_weight: float = 0.05,
        penalty_weight: float = 1.0,
        gradient_penalty_on: Literal["probability", "logit"] = "probability",
        gradient_norm: Literal["l2", "rms"] = "l2",
        discriminator_steps: int = 1,
        prior: Literal["uniform", "normal"] = "uniform",
        seed: int = 0,
    ):
        networks = {"generator": generator, "discriminator": discriminator}
        if autoencoder and encoder is None:
            raise ValueError("GN-GAN's autoencoder needs an encoder; pass one, or set autoencoder=False.")
        super().__init__(networks | ({"encoder": encoder} if autoencoder else {}), prior=prior, seed=seed)
        check_choices(GNGAN.__init__, loss=loss, generator_objective=generator_objective, matching_form=matching_form)
        check_choices(GNGAN.__init__, gradient_penalty_on=gradient_penalty_on, gradient_norm=gradient_norm)
        check_choices(GNGAN.__init__, prior=prior)
        check_at_least(0.0, slope_weight=slope_weight, slope_times_point_weight=slope_times_point_weight)
        check_at_least(0.0, neighbor_weight=neighbor_weight, penalty_weight=penalty_weight)
        check_at_least(1, discriminator_steps=discriminator_steps)
        check_range(0.0, 1.0, reconstruction_weight=reconstruction_weight)
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
        networks = [network_of(family, "generator", shape, output_shape=shape)]
        networks.append(network_of(family, "discriminator", shape))
        return [*networks, network_of(family, "encoder", shape) if arguments["autoencoder"] else None]

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
        """V_AE, Eq. 1: the neighbour embedding sees encoded latents merged with random ones."""
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
        """The negative of V_D, Eq. 7 or Eq. 8."""
        fake = self.generator(latents, training=True)
        reconstructions = None
        if self.autoencoder:
            reconstructions = self.untracked(self.generator, self.encoder(real, training=True))
        return discriminator_loss(self.logits, real, reconstructions, fake, mixing, **self.discriminator_options)

    def generator_loss(self, real, latents):
        """V_G, Eq. 13, or the standard GAN's loss; without an autoencoder the neighbour embedding joins here."""
        fake = self.generator(latents, training=True)
        if self.generator_objective == "matching":
            real_means = self._matched_means(real)
            fake_means = self._matched_means(fake)
            terms = matching_terms(real_means, fake_means)
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

    def _matched_means(self, samples):
        statistics = self.matching_statistics(self.probability, samples)
        return {name: self.global_mean(values) for name, values in statistics.items()}
