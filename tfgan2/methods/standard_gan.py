"""The standard GAN and its common variations: other losses, gradient penalties, several discriminator updates."""

from typing import Literal

from tfgan2.layers.packing import packed
from tfgan2.losses import relativistic
from tfgan2.losses.adversarial import ADVERSARIAL_LOSSES
from tfgan2.losses.penalties import GRADIENT_PENALTIES, interpolate
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.ranges import NonNegative, Repeats, Seed


class StandardGAN(GenerativeGame):
    """One generator against one discriminator (Goodfellow et al., 2014).

    `loss="wasserstein"`, `gradient_penalty="two_sided"` and five discriminator updates make it WGAN-GP (Gulrajani et
    al., 2017). `loss="hinge"` and a spectrally normalised discriminator make it SN-GAN (Miyato et al., 2018).
    `loss="relativistic"` and the regularisers R1 and R2 make it R3GAN (Huang et al., 2024).

    Real and generated samples pass through the discriminator in separate batches, as in the public code of DCGAN. A
    discriminator with batch norm can then recognise a batch by its statistics, but not at the solution of the game,
    where both batches have the same distribution. In a probe with such batches and `p2gan_cnn` all logits were within
    0.03 of 0 after 100 to 400 updates. The same holds for all methods that compare only data with generated samples.

    Args:
      generator: Network: latents [n, latent_dim] -> samples.
      discriminator: Network: samples -> logits [n, 1]; with packing, packs of samples [n, ..., packing c] -> logits.
      loss: Loss of both players. relativistic is the loss of pairs; it needs `--regularizer.r1_weight` and
        `--regularizer.r2_weight`.
      gradient_penalty: Penalty on the norm of the logit's gradient between real and generated samples: none, two_sided
        (the norm must be 1), one_sided (at most 1) or zero_centered (0).
      penalty_weight: Weight of the gradient penalty.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      packing: Number of samples, all real or all generated, that the discriminator sees at once, joined along their
        channels (PacGAN). Packs of a collapsed generator are more alike than those of the data. It divides the batch.
        Penalties and logits are those of packs.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        loss: Literal["logistic", "hinge", "least_squares", "wasserstein", "relativistic"] = "logistic",
        gradient_penalty: Literal["none", "two_sided", "one_sided", "zero_centered"] = "none",
        penalty_weight: NonNegative = 10.0,
        discriminator_steps: Repeats = 1,
        packing: Repeats = 1,
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        super().__init__({"generator": generator, "discriminator": discriminator}, prior=prior, seed=seed)
        self.is_relativistic = loss == "relativistic"
        self.adversarial_loss = relativistic if self.is_relativistic else ADVERSARIAL_LOSSES[loss]
        self.boundary = None if self.is_relativistic else self.adversarial_loss.boundary
        self.gradient_penalty = GRADIENT_PENALTIES.get(gradient_penalty)
        self.penalty_weight = penalty_weight
        self.discriminator_steps = discriminator_steps
        self.packing = packing

    @property
    def players(self):
        return {"discriminator": ["discriminator"], "generator": ["generator"]}

    def train_step(self, batch):
        draws = self.draws(batch["real"])
        report = self.update_discriminator(draws)
        real = draws[-1].real
        latents = self.random_latents("latents", real.shape[0])
        return report | self.minimize("generator", self.generator_loss, latents, real)

    def discriminator_loss(self, real, latents, mixing):
        """The adversarial loss and the gradient penalty."""
        real, fake = (packed(each, self.packing) for each in (real, self.generator(latents, training=True)))
        real_logits, fake_logits = self.logits(real), self.logits(fake)
        loss = self.adversarial_loss.discriminator(real_logits, fake_logits)
        terms = verdicts(real_logits, fake_logits, self.boundary)
        if self.gradient_penalty is not None:
            between = interpolate(real, fake, mixing[:: self.packing])
            terms["gradient_penalty"] = self.gradient_penalty(self.logits, between)
            loss += self.penalty_weight * terms["gradient_penalty"]
        return self.regularized(loss, terms, (self.logits, real), (self.logits, fake), boundary=self.boundary)

    def generator_loss(self, latents, real):
        """The adversarial loss of the generator. Only the relativistic loss depends on real samples."""
        fake_logits = self.logits(packed(self.generator(latents, training=True), self.packing))
        if self.is_relativistic:
            return relativistic.generator(self.logits(packed(real, self.packing)), fake_logits), {}
        return self.adversarial_loss.generator(fake_logits), {}

    def logits(self, samples):
        """The discriminator's logits [n, 1] of samples or packs of them, in training mode."""
        return self.discriminator(samples, training=True)
