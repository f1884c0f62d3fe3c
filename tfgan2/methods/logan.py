"""LOGAN: a BiGAN with the logit loss and the pair-wise gradient penalty (AAAI 2018)."""

from typing import Literal

import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.losses.joint import JOINT_LOSSES
from tfgan2.losses.penalties import interpolate, pairwise, two_sided
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.families import network_of, networks_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.ranges import NonNegative, Repeats, Seed


class LOGAN(GenerativeGame):
    """A discriminator of pairs of samples and latents. Encoder and generator minimise the logit loss.

    The paper is "No Modes left behind: Capturing the data distribution effectively using GANs" (AAAI 2018), not a later
    method of this name. The discriminator distinguishes pairs (x, E(x)) from pairs (G(z), z). A generator without a
    mode reconstructs its points elsewhere. The pair-wise penalty makes the discriminator's gradient point from there
    back to the data.

    One step updates the discriminator, then the encoder, then the generator. The last two use new forward passes on the
    same samples and latents, and each minimises its own part of the paper's loss. With the Wasserstein loss the paper
    updates them in every fifth of its steps. That is one step with `discriminator_steps=5` here.

    The ordinary penalty of pairs is on the norm of the gradient by sample and latents together, on the segments between
    the pairs (x, E(x)) and (G(z), z). The paper does not state it. The authors' code has the pair-wise penalty for
    every loss of pairs, the Wasserstein loss included.

    Args:
      generator: Network: latents [n, latent_dim] -> samples.
      discriminator: Network: [samples, latents] -> logits [n, 1]; samples -> logits without an encoder.
      encoder: Network: samples -> latents [n, latent_dim]; None with `bidirectional=False`.
      bidirectional: Whether the discriminator sees pairs. False is the standard GAN without an encoder.
      loss: Losses of the players. lol1 is cross-entropy and lol2 is least squares on probabilities, both with the logit
        loss for encoder and generator. vanilla is cross-entropy for all. wasserstein is a difference of means.
        least_squares is on logits.
      gradient_penalty: Penalty on the logit's gradient: pairwise, which makes it the unit vector from reconstruction to
        sample; two_sided, which makes its norm 1 between real and generated samples; or none.
      penalty_weight: Weight lambda of the gradient penalties.
      penalize_latents: Whether the pair-wise penalty is added for latents, too. Uniform latents do not need it.
      squared_penalty: Whether the norms of the pair-wise penalty are squared, as the paper's supplement prints them.
      reconstruction_weight: Weight of mean |x - G(E(x))| for the generator and of mean |z - E(G(z))| for the encoder;
        10 in the authors' comparison with direct modelling.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own. With wasserstein 5
        is the published number.
      prior: Distribution of the latents: "uniform" U[-1, 1]^d, "normal" N(0, I), or "bimodal" with two modes in each
        dimension, U[-1, -0.8] and U[0.8, 1].
      seed: Seed of the random numbers that training draws.
    """

    roles = ("generator", "discriminator", "encoder")

    def __init__(
        self,
        generator,
        discriminator,
        encoder=None,
        *,
        bidirectional: bool = True,
        loss: Literal["lol1", "lol2", "vanilla", "wasserstein", "least_squares"] = "lol1",
        gradient_penalty: Literal["pairwise", "two_sided", "none"] = "pairwise",
        penalty_weight: NonNegative = 1.0,
        penalize_latents: bool = False,
        squared_penalty: bool = False,
        reconstruction_weight: NonNegative = 0.0,
        discriminator_steps: Repeats = 1,
        prior: Literal["uniform", "normal", "bimodal"] = "uniform",
        seed: Seed = 0,
    ):
        if bidirectional and encoder is None:
            raise ValueError("LOGAN's pairs need an encoder; pass one, or set bidirectional=False.")
        networks = {"generator": generator, "discriminator": discriminator}
        super().__init__(networks | ({"encoder": encoder} if bidirectional else {}), prior=prior, seed=seed)
        if not bidirectional and gradient_penalty == "pairwise":
            raise ArgumentError("gradient_penalty", gradient_penalty, "two_sided or none without an encoder")
        if not bidirectional and reconstruction_weight:
            raise ArgumentError("reconstruction_weight", reconstruction_weight, "0 without an encoder")
        if gradient_penalty != "pairwise" and (penalize_latents or squared_penalty):
            name = "penalize_latents" if penalize_latents else "squared_penalty"
            without = f"False with the gradient_penalty {gradient_penalty}"
            raise ArgumentError(name, True, without, "Try gradient_penalty=pairwise.")
        self.bidirectional = bidirectional
        self.joint_loss = JOINT_LOSSES[loss]
        self.gradient_penalty = gradient_penalty
        self.penalty_weight = penalty_weight
        self.penalize_latents = penalize_latents
        self.squared_penalty = squared_penalty
        self.reconstruction_weight = reconstruction_weight
        self.discriminator_steps = discriminator_steps

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        if not arguments["bidirectional"]:
            return [*networks_of(family, shape, ("generator", "discriminator")), None]
        # The order in which networks are made decides their initial weights.
        generator = network_of(family, "generator", shape, output_shape=shape)
        joint = network_of(family, "joint_discriminator", shape, output_shape=(1,))
        return [generator, joint, network_of(family, "encoder", shape, output_shape=generator.inputs[0].shape[1:])]

    @property
    def players(self):
        players = {"discriminator": ["discriminator"], "generator": ["generator"]}
        return players | ({"encoder": ["encoder"]} if self.bidirectional else {})

    def train_step(self, batch):
        draws = self.draws(batch["real"])
        last = draws[-1]
        report = self.update_discriminator(draws)
        if self.bidirectional:
            report |= self.minimize("encoder", self.encoder_loss, last.real, last.latents)
        return report | self.minimize("generator", self.generator_loss, last.real, last.latents)

    def discriminator_loss(self, real, latents, mixing):
        """The adversarial loss and the gradient penalties. The pairs are constants."""
        fake = tf.stop_gradient(self.generator(latents, training=True))
        codes = tf.stop_gradient(self.encoder(real, training=True)) if self.bidirectional else None
        real_logits, fake_logits = self.logits(real, codes), self.logits(fake, latents)
        terms = verdicts(real_logits, fake_logits, self.joint_loss.boundary)
        penalties = {}
        if self.gradient_penalty == "two_sided":
            penalties = {"gradient_penalty": self._two_sided_penalty(real, codes, fake, latents, mixing)}
        elif self.gradient_penalty == "pairwise":
            penalties = self._pairwise_penalties(real, codes, fake, latents, mixing)
        loss = self.joint_loss.discriminator(real_logits, fake_logits) + self.penalty_weight * sum(penalties.values())
        return self.regularized(
            loss,
            terms | penalties,
            (lambda samples: self.logits(samples, codes), real),
            (lambda samples: self.logits(samples, latents), fake),
        )

    def encoder_loss(self, real, latents):
        """The encoder's part of the loss: that of the pairs (x, E(x))."""
        loss, terms = self.joint_loss.encoder(self.logits(real, self.encoder(real, training=True))), {}
        if self.reconstruction_weight:
            fake = tf.stop_gradient(self.generator(latents, training=True))
            terms["latent_error"] = tf.reduce_mean(tf.abs(latents - self.untracked(self.encoder, fake)))
            loss += self.reconstruction_weight * terms["latent_error"]
        return loss, terms

    def generator_loss(self, real, latents):
        """The generator's part of the loss: that of the pairs (G(z), z)."""
        loss, terms = self.joint_loss.generator(self.logits(self.generator(latents, training=True), latents)), {}
        if self.reconstruction_weight:
            codes = tf.stop_gradient(self.encoder(real, training=True))
            terms["reconstruction_error"] = tf.reduce_mean(tf.abs(real - self.untracked(self.generator, codes)))
            loss += self.reconstruction_weight * terms["reconstruction_error"]
        return loss, terms

    def logits(self, samples, latents):
        """The discriminator's logits [n, 1] of pairs, or of samples without an encoder."""
        return self.discriminator([samples, latents] if self.bidirectional else samples, training=True)

    def score(self, samples):
        """The discriminator's logits [n, 1] of the pairs (x, E(x)), in inference mode."""
        if not self.bidirectional:
            return super().score(samples)
        return self.discriminator([tf.convert_to_tensor(samples), self.encode(samples)], training=False)

    def _pairwise_penalties(self, real, codes, fake, latents, mixing):
        """The penalty between reconstructions and samples, and with `penalize_latents` that between latents."""

        def of_samples(samples):
            return self.logits(samples, codes)

        def of_latents(latents):
            # (G(z), z) is the fake pair. Its logit must increase towards E(G(z)), so the sign is negative.
            return -self.logits(fake, latents)

        squared = self.squared_penalty
        reconstructions = self.untracked(self.generator, codes)
        penalties = {"gradient_penalty": pairwise(of_samples, real, reconstructions, mixing, squared=squared)}
        if self.penalize_latents:
            fake_codes = self.untracked(self.encoder, fake)
            penalties["latent_penalty"] = pairwise(of_latents, latents, fake_codes, mixing, squared=squared)
        return penalties

    def _two_sided_penalty(self, real, codes, fake, latents, mixing):
        if not self.bidirectional:
            return two_sided(lambda samples: self.logits(samples, None), interpolate(real, fake, mixing))

        def joined(samples, latents):
            return tf.concat([tf.reshape(samples, [samples.shape[0], -1]), latents], axis=1)

        def of_joined(pairs):
            samples, latents = tf.split(pairs, [-1, self.latent_dim], axis=1)
            return self.logits(tf.reshape(samples, real.shape), latents)

        return two_sided(of_joined, interpolate(joined(real, codes), joined(fake, latents), mixing))
