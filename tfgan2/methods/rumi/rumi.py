"""Rumi-GAN: learns the positives by seeing the negatives (Asokan and Seelamantula, NeurIPS 2020)."""

from typing import Literal

import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.layers.negative_images import NOISE, check_shape, negatives_of
from tfgan2.losses.penalties import GRADIENT_PENALTIES, interpolate
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.judging import judge
from tfgan2.methods.rumi.solutions import LABELS, PRESETS, boundary_of, check_solution, loss_of
from tfgan2.ranges import NonNegative, Positive, Seed


class Rumi(GenerativeGame):
    """A discriminator that distinguishes positive samples from generated and from negative ones.

    The default loss gives Rumi-LSGAN (Eq. 3 and 4), `loss="logistic"` Rumi-SGAN (Eq. 1), `loss="wasserstein"` with
    `gradient_penalty="two_sided"` Rumi-WGAN-GP. The f-divergences follow the rule of Rumi-SGAN. The generator makes
    fewer of the samples that positives and negatives share. A negative weight of 0 ignores the negatives.

    One update of the discriminator has all three kinds of samples, as in the authors' code, or two updates have two
    kinds each, as the paper says. Generated samples have half of their weight in each of the two updates, so both ways
    have the same solution. The authors' Rumi-SGAN counts negatives as real and so learns a mixture. Here they count as
    fake, as printed.

    The default combines the paper's labels with the weights of the authors' code, as the paper prints no weights.
    Nobody has published this pair. Its margin is small: for disjoint classes the discriminator's output on positives is
    1.429 at the solution, and the generator's label 1.5 is 0.071 above it. The margin is 0.714 with `preset="code"` and
    0.5 with the paper's labels and the weights 1 and 0.5, as for LSGAN.

    Args:
      generator: Network: latents [n, latent_dim] -> samples.
      discriminator: Network: samples -> outputs [n, 1], without an activation.
      loss: Loss of both players, by name or by its f-divergence.
      preset: Labels of positive, negative and generated samples and of the generator, where they are not given: "paper"
        2, -1, 0, 1.5; "code" 2, -2, -0.5, 2. Both have the weights 2.5 and 0.5.
      positive_weight: Weight alpha+ or beta+ of positive samples, above 0; None takes the preset's.
      negative_weight: Weight alpha- or beta- of negative samples; None takes the preset's.
      positive_label: Discriminator's target b+ of positive samples; None takes the preset's.
      negative_label: Discriminator's target b- of negative samples; None takes the preset's.
      fake_label: Discriminator's target a of generated samples; None takes the preset's.
      generator_label: Generator's target c of generated samples; None takes the preset's.
      discriminator_update: Updates of the discriminator in one step: "joint", one with all samples; "alternate", one
        with positive and generated samples, then one with negative and other generated samples.
      passes: Passes through a discriminator with batch norm: "apart", each kind of samples as a batch of its own, as in
        the authors' code; "together", all kinds as one batch. The docstring of tfgan2.methods.rumi compares both.
      gradient_penalty: Penalty on the norm of the output's gradient between real and generated samples, once for
        positive and once for negative samples: none, two_sided (the norm must be 1), one_sided (at most 1) or
        zero_centered (0).
      penalty_weight: Weight of the gradient penalties.
      negatives: Kinds of negative images made from the real ones of the batch, in place of negative data (NDA, ICLR
        2021): jigsaw moves the quarters of an image; stitch joins halves of two images; mixup is a mean of two; cutout
        fills a rectangle with the mean colour, and cutmix with another image. Each image draws one of several kinds.
        The paper weighs generated samples by 0.25 and negatives by 0.75, with the logistic loss. Here generated samples
        have the weight 1. So the paper's weights are positive_weight=4 and negative_weight=3.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.

    Raises:
      ArgumentError: a value is out of range, or nothing can be learnt with it.
    """

    batch_keys = ("positive", "negative")

    def __init__(
        self,
        generator,
        discriminator,
        *,
        loss: Literal[
            "least_squares",
            "logistic",
            "wasserstein",
            "kl",
            "reverse_kl",
            "pearson",
            "squared_hellinger",
            "jensen_shannon",
        ] = "least_squares",
        preset: Literal["paper", "code"] = "paper",
        positive_weight: Positive | None = None,
        negative_weight: float | None = None,
        positive_label: float | None = None,
        negative_label: float | None = None,
        fake_label: float | None = None,
        generator_label: float | None = None,
        discriminator_update: Literal["joint", "alternate"] = "joint",
        passes: Literal["apart", "together"] = "apart",
        gradient_penalty: Literal["none", "two_sided", "one_sided", "zero_centered"] = "none",
        penalty_weight: NonNegative = 10.0,
        negatives: tuple[Literal["jigsaw", "stitch", "mixup", "cutout", "cutmix"], ...] = (),
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        super().__init__({"generator": generator, "discriminator": discriminator}, prior=prior, seed=seed)
        given = {"positive_weight": positive_weight, "negative_weight": negative_weight}
        given |= dict(zip(LABELS, (positive_label, negative_label, fake_label, generator_label), strict=True))
        given = {name: value for name, value in given.items() if value is not None}
        values = PRESETS[preset]._replace(**given)
        check_solution(loss, values, given)
        self.real_weights = {"positive_weight": values.positive_weight, "negative_weight": values.negative_weight}
        self.three_way_loss = loss_of(loss, values)
        self.boundary = boundary_of(loss, values)
        self.updates_jointly = discriminator_update == "joint"
        self.passes_together = passes == "together"
        if self.passes_together and not self.updates_jointly:
            accepted = "apart with discriminator_update='alternate', where no update has samples of all kinds"
            raise ArgumentError("passes", passes, accepted, "Try discriminator_update='joint'.")
        self.gradient_penalty = GRADIENT_PENALTIES.get(gradient_penalty)
        self.penalty_weight = penalty_weight
        self.made_negatives = negatives
        if negatives:
            check_shape(discriminator.input_shape[1:], negatives)
            self.batch_keys = ("real",)

    @property
    def players(self):
        return {"discriminator": ["discriminator"], "generator": ["generator"]}

    def updates_per_step(self, role):
        return 2 if role == "discriminator" and not self.updates_jointly else 1

    def train_step(self, batch):
        if self.made_negatives:
            positive = batch["real"]
            noise = self.random("negatives", [positive.shape[0], NOISE], "unit")
            negative = negatives_of(positive, noise, self.made_negatives)
        else:
            positive, negative = batch["positive"], batch["negative"]
        real = {"positive": positive, "negative": negative}
        latents, mixing = self._draws("latents", "mixing", positive.shape[0])
        if self.updates_jointly:
            report = self.minimize("discriminator", self.discriminator_loss, positive, negative, latents, mixing)
        else:
            others = self._draws("latents_of_negatives", "mixing_of_negatives", positive.shape[0])
            report = self.minimize("discriminator", self.positive_loss, positive, latents, mixing)
            report |= self.minimize("discriminator", self.negative_loss, negative, *others)
        return report | self.minimize("generator", self.generator_loss, latents, real)

    def discriminator_loss(self, positive, negative, latents, mixing):
        """L_D (Eq. 1 or 3) of positive, negative and generated samples, with its gradient penalties."""
        return self._discriminator_loss({"positive": positive, "negative": negative}, latents, mixing)

    def positive_loss(self, positive, latents, mixing):
        """The terms of L_D of positive samples and, with half of their weight, of generated samples."""
        return self._discriminator_loss({"positive": positive}, latents, mixing)

    def negative_loss(self, negative, latents, mixing):
        """The terms of L_D of negative samples and, with half of their weight, of generated samples."""
        return self._discriminator_loss({"negative": negative}, latents, mixing)

    def generator_loss(self, latents, real):
        """L_G (Eq. 4) without its terms of real samples, which are constant for the generator."""
        samples = real | {"fake": self.generator(latents, training=True)}
        return self.three_way_loss.generator(self._judge(samples, ["fake"])["fake"], **self.real_weights), {}

    def _discriminator_loss(self, real, latents, mixing):
        fake = self.generator(latents, training=True)
        samples = real | {"fake": fake}
        outputs = self._judge(samples, samples)
        loss = self.three_way_loss.discriminator(
            outputs.get("positive"), outputs.get("negative"), outputs["fake"], **self.real_weights
        )
        terms = {f"{name}_output": tf.reduce_mean(output) for name, output in outputs.items()}
        if "positive" in outputs:
            terms |= verdicts(outputs["positive"], outputs["fake"], self.boundary)
        if self.gradient_penalty is not None:
            for name in real:
                between = interpolate(samples[name], fake, mixing)
                outputs_of = lambda points: self._judge(samples | {"between": points}, ["between"])["between"]  # noqa: E731
                penalty = self.gradient_penalty(outputs_of, between)
                loss += self.penalty_weight * penalty
                terms[f"{name}_gradient_penalty"] = penalty
        # To the discriminator negative samples are no better than generated samples.
        unwanted = tf.concat([samples[name] for name in ("negative", "fake") if name in samples], 0)
        wanted = (self.outputs, samples["positive"]) if "positive" in samples else None
        return self.regularized(loss, terms, wanted, (self.outputs, unwanted), boundary=self.boundary)

    def outputs(self, samples):
        """The discriminator's outputs [n, 1], in training mode."""
        return self.discriminator(samples, training=True)

    def _judge(self, samples, names):
        """Name -> the discriminator's outputs in training mode."""
        if self.passes_together:
            return judge(self.discriminator, samples, names)
        return {name: self.discriminator(samples[name], training=True) for name in names}

    def _draws(self, latents_stream, mixing_stream, count):
        return (
            self.random_latents(latents_stream, count),
            self.random(mixing_stream, [count], "unit"),
        )
