"""D2GAN: two discriminators, for the KL divergence and its reverse (Nguyen et al., NeurIPS 2017)."""

import math
from typing import Annotated, Literal

import tensorflow as tf

from tfgan2.losses.dual import divergence_of, dual_value, even_logit, log_softplus
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.families import networks_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.ranges import In, Repeats, Seed

Weight = Annotated[float, In("(0, 1]")]


class D2GAN(GenerativeGame):
    """Two discriminators: one rewards real samples, the other one generated samples.

    Both maximise, and the generator minimises, the objective J =
      alpha E[log D1(x)] - E[D1(G(z))] - E[D2(x)] + beta E[log D2(G(z))].
    The discriminators give positive numbers, D = softplus(logit). The best ones are D1 = alpha p / q and D2 = beta q /
    p, for the densities p of the data and q of the generator. With them the generator minimises alpha KL(p || q) + beta
    KL(q || p). The first divergence is large where a mode is missing, the second where
    generated samples lie off the data.

    As in the authors' code, one update moves both discriminators, and the generator's update has latents of its own.

    Args:
      generator: Network: latents [n, latent_dim] -> samples.
      discriminator: Network D1: samples -> logits [n, 1].
      reverse_discriminator: Network D2: samples -> logits [n, 1].
      alpha: Weight alpha of the KL divergence from the data to the generator.
      beta: Weight beta of the reverse divergence, from the generator to the data.
      discriminator_steps: Updates of the discriminators in one step. Each one has samples of its own.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.
    """

    roles = ("generator", "discriminator", "reverse_discriminator")
    density_ratios = {"discriminator": ["real / generator"], "reverse_discriminator": ["generator / real"]}  # noqa: RUF012

    def __init__(
        self,
        generator,
        discriminator,
        reverse_discriminator,
        *,
        alpha: Weight = 1.0,
        beta: Weight = 1.0,
        discriminator_steps: Repeats = 1,
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        judges = {"discriminator": discriminator, "reverse_discriminator": reverse_discriminator}
        super().__init__({"generator": generator} | judges, prior=prior, seed=seed)
        self.alpha = alpha
        self.beta = beta
        self.discriminator_steps = discriminator_steps

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        return networks_of(family, shape, ("generator", "discriminator", "discriminator"))

    @property
    def players(self):
        return {"discriminator": ["discriminator", "reverse_discriminator"], "generator": ["generator"]}

    def train_step(self, batch):
        report = self.update_discriminator((draw.real, draw.latents) for draw in self.draws(batch["real"]))
        rows = batch["real"].shape[0] // self.discriminator_steps
        return report | self.minimize("generator", self.generator_loss, self.random_latents("latents", rows))

    def discriminator_loss(self, real, latents):
        """The negative of J. Beside it stand lower bounds of both divergences, in nats."""
        fake = self.generator(latents, training=True)
        real_logits, fake_logits = self.logits(real), self.logits(fake)
        value = dual_value(real_logits, fake_logits, self.alpha)
        reverse_value = dual_value(self.reverse_logits(fake), self.reverse_logits(real), self.beta)
        boundary, reverse_boundary = even_logit(self.alpha), even_logit(self.beta)
        terms = verdicts(real_logits, fake_logits, boundary)
        terms["kl"] = divergence_of(value, self.alpha)
        terms["reverse_kl"] = divergence_of(reverse_value, self.beta)
        loss = -value - reverse_value
        loss, terms = self.regularized(loss, terms, (self.logits, real), (self.logits, fake), boundary=boundary)
        real_side = lambda samples: -self.reverse_logits(samples)  # noqa: E731
        sides = (real_side, real), (real_side, fake)
        return self.regularized(loss, terms, *sides, boundary=-reverse_boundary, role="reverse_discriminator")

    def generator_loss(self, latents):
        """The part of J that depends on the generator."""
        fake = self.generator(latents, training=True)
        real_score = tf.reduce_mean(tf.nn.softplus(self.logits(fake)))
        return self.beta * tf.reduce_mean(log_softplus(self.reverse_logits(fake))) - real_score, {}

    def logits(self, samples):
        """The logits [n, 1] of D1, in training mode."""
        return self.discriminator(samples, training=True)

    def reverse_logits(self, samples):
        """The logits [n, 1] of D2, in training mode."""
        return self.reverse_discriminator(samples, training=True)

    def log_density_ratios(self, samples):
        """log(D1 / alpha), an estimate of log p / q, and log(D2 / beta), one of log q / p."""
        weights = {"discriminator": self.alpha, "reverse_discriminator": self.beta}
        logits = {role: self.networks[role](samples, training=False) for role in weights}
        return {role: log_softplus(logits[role]) - math.log(weight) for role, weight in weights.items()}
