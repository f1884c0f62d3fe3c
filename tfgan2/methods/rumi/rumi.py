"""Rumi-GAN: learns the positives by seeing the negatives (Asokan and Seelamantula, NeurIPS 2020)."""

import warnings
from typing import Literal

import tensorflow as tf

from tfgan2.checks import check_at_least, check_choices
from tfgan2.errors import SettingWarning
from tfgan2.losses.divergences import DIVERGENCES
from tfgan2.losses.penalties import GRADIENT_PENALTIES, interpolate
from tfgan2.losses.three_way import least_squares, variational, wasserstein
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.judging import judge
from tfgan2.methods.rumi.equilibrium import LeastSquaresGame, equilibrium, share_of_disjoint_negatives

PRESETS = {
    "paper": LeastSquaresGame(2.0, -1.0, 0.0, 1.5, positive_weight=2.5, negative_weight=0.5),
    "code": LeastSquaresGame(2.0, -2.0, -0.5, 2.0, positive_weight=2.5, negative_weight=0.5),
}
"""Labels of the paper and of the authors' code, with the weights of the code, as the paper prints none."""

_LABELS = ("positive_label", "negative_label", "fake_label", "generator_label")


class Rumi(GenerativeGame):
    """A discriminator that tells positives from generated samples and from negatives, against one generator.

    With the default loss it is Rumi-LSGAN (Eq. 3 and 4), with `loss="logistic"` Rumi-SGAN (Eq. 1), with
    `loss="wasserstein"` and `gradient_penalty="two_sided"` Rumi-WGAN-GP; the names of f-divergences follow the rule of
    Rumi-SGAN. Where positives and negatives overlap, the generator makes less of what they share; with a negative
    weight of 0 it does not mind the negatives at all.

    The discriminator is updated once for all three kinds of samples, as in the authors' code, or twice as the paper
    words it. Generated samples have half of their weight in each of the two updates, so both ways have the same
    solution. The authors' Rumi-SGAN calls negatives real, and so learns a mixture; here they count as fake, as printed.

    The default of Rumi-LSGAN joins the paper's labels with the weights of the authors' code, as the paper prints no
    weights; nobody has published this pair. Its margin is small: on disjoint classes the discriminator's output on
    right samples is 1.429 at the solution, and the generator's label 1.5 is 0.071 above it. With `preset="code"` the
    margin is 0.714, with the paper's labels and the weights 1 and 0.5 it is 0.5, as it is for LSGAN.

    Where positives and negatives overlap and the discriminator has batch norm, `passes="together"` plays the game, and
    `passes="apart"` another one: the discriminator recognises the batch of negatives by its statistics and does not
    lower its output on what they share with the positives. In a probe with `rumi_cnn`, half of the images shared and
    generated images that are distributed as the positives, the outputs on shared and on other positives among
    generated images were 1.26 and 1.32 (apart) and 1.02 and 1.44 (together) after 800 updates; 1.125 and 1.429 are
    exact. In training on the digits 0 to 3 against 2 to 5 (one run each of 800 steps, the width of
    configs/rumi_digits.cfg halved) the shared digits have a share of 0.45 (apart) and 0.04 (together), where they have
    0.50 in the data and 0.28 at the solution of the game: apart hardly avoids them, together does so too much.

    Args:
      generator: latents [n, latent_dim] -> samples.
      discriminator: samples -> outputs [n, 1] without an activation.
      loss: least_squares, logistic, wasserstein or an f-divergence.
      preset: labels and weights where they are not given: "paper" 2, -1, 0, 1.5 for positive, negative, fake and
        generator, "code" 2, -2, -0.5, 2; both with the weights 2.5 and 0.5.
      positive_weight: weight of positive samples, alpha+ or beta+, above 0; None is the preset's.
      negative_weight: weight of negative samples, alpha- or beta-; None is the preset's.
      positive_label: b+, what the discriminator is to say of positive samples; None is the preset's.
      negative_label: b-, what it is to say of negative samples; None is the preset's.
      fake_label: a, what it is to say of generated samples; None is the preset's.
      generator_label: c, what the generator wants it to say of its samples; None is the preset's.
      discriminator_update: "joint" for one update with all samples of a step, "alternate" for one with positive and
        generated samples, then one with negative and other generated samples.
      passes: how the kinds of samples pass through a discriminator with batch norm: apart, each as a batch of its own,
        as in the authors' code, or together, as one batch, so that an image has one output whichever kind it came with.
      gradient_penalty: on the output between real and generated samples, once for each kind of real ones: none,
        two_sided (norm drawn to 1), one_sided (norm held below 1) or zero_centered (norm drawn to 0).
      penalty_weight: weight of the gradient penalties.
      prior: distribution of the latents, "normal" or "uniform" U[-1, 1]^d.
      seed: of the random numbers drawn in training.

    Raises:
      ValueError: a value is out of range, or nothing can be learnt with it.
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
        positive_weight: float | None = None,
        negative_weight: float | None = None,
        positive_label: float | None = None,
        negative_label: float | None = None,
        fake_label: float | None = None,
        generator_label: float | None = None,
        discriminator_update: Literal["joint", "alternate"] = "joint",
        passes: Literal["apart", "together"] = "apart",
        gradient_penalty: Literal["none", "two_sided", "one_sided", "zero_centered"] = "none",
        penalty_weight: float = 10.0,
        prior: Literal["normal", "uniform"] = "normal",
        seed: int = 0,
    ):
        super().__init__({"generator": generator, "discriminator": discriminator}, prior=prior, seed=seed)
        check_choices(Rumi.__init__, loss=loss, preset=preset, discriminator_update=discriminator_update)
        check_choices(Rumi.__init__, passes=passes, gradient_penalty=gradient_penalty, prior=prior)
        check_at_least(0.0, penalty_weight=penalty_weight)
        given = {"positive_weight": positive_weight, "negative_weight": negative_weight}
        given |= dict(zip(_LABELS, (positive_label, negative_label, fake_label, generator_label), strict=True))
        given = {name: value for name, value in given.items() if value is not None}
        values = PRESETS[preset]._replace(**given)
        _check(loss, values, given)
        self.real_weights = {"positive_weight": values.positive_weight, "negative_weight": values.negative_weight}
        self.three_way_loss = _loss(loss, values)
        self.updates_jointly = discriminator_update == "joint"
        self.passes_together = passes == "together"
        if self.passes_together and not self.updates_jointly:
            raise ValueError(
                "passes is 'together'; it must be 'apart' with discriminator_update='alternate', where no update has "
                "samples of all kinds. Try discriminator_update='joint'."
            )
        self.gradient_penalty = GRADIENT_PENALTIES.get(gradient_penalty)
        self.penalty_weight = penalty_weight

    @property
    def players(self):
        return {"discriminator": ["discriminator"], "generator": ["generator"]}

    def updates_per_step(self, role):
        return 2 if role == "discriminator" and not self.updates_jointly else 1

    def train_step(self, batch):
        positive, negative = batch["positive"], batch["negative"]
        latents, mixing = self._draws("latents", "mixing", positive.shape[0])
        if self.updates_jointly:
            report = self.minimize("discriminator", self.discriminator_loss, positive, negative, latents, mixing)
        else:
            others = self._draws("latents_of_negatives", "mixing_of_negatives", positive.shape[0])
            report = self.minimize("discriminator", self.positive_loss, positive, latents, mixing)
            report |= self.minimize("discriminator", self.negative_loss, negative, *others)
        return report | self.minimize("generator", self.generator_loss, latents, batch)

    def discriminator_loss(self, positive, negative, latents, mixing):
        """L_D of Eq. 1 or 3 with its gradient penalties, on positive, negative and generated samples."""
        return self._discriminator_loss({"positive": positive, "negative": negative}, latents, mixing)

    def positive_loss(self, positive, latents, mixing):
        """The part of L_D with positive samples, and half of the weight of generated ones."""
        return self._discriminator_loss({"positive": positive}, latents, mixing)

    def negative_loss(self, negative, latents, mixing):
        """The part of L_D with negative samples, and the other half of the weight of generated ones."""
        return self._discriminator_loss({"negative": negative}, latents, mixing)

    def generator_loss(self, latents, real):
        """L_G of Eq. 4 without its terms of real samples, which do not depend on the generator."""
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
        if self.gradient_penalty is not None:
            for name in real:
                between = interpolate(samples[name], fake, mixing)
                outputs_of = lambda points: self._judge(samples | {"between": points}, ["between"])["between"]  # noqa: E731
                penalty = self.gradient_penalty(outputs_of, between)
                loss += self.penalty_weight * penalty
                terms[f"{name}_gradient_penalty"] = penalty
        return loss, terms

    def _judge(self, samples, names):
        """Name -> the discriminator's outputs in training."""
        if self.passes_together:
            return judge(self.discriminator, samples, names)
        return {name: self.discriminator(samples[name], training=True) for name in names}

    def _draws(self, latents_stream, mixing_stream, count):
        return (
            self.random_latents(latents_stream, count),
            self.random(mixing_stream, [count], "unit"),
        )


def _loss(name, values):
    if name == "least_squares":
        return least_squares(**{label: getattr(values, label) for label in _LABELS})
    if name == "wasserstein":
        return wasserstein
    return variational(DIVERGENCES["gan" if name == "logistic" else name])


def _check(loss, values, given):
    """Raises ValueError where nothing can be learnt, and warns where it is something else than the positives."""
    positive_weight, negative_weight = values.positive_weight, values.negative_weight
    if not positive_weight > 0:
        raise ValueError(f"positive_weight is {positive_weight}; it must be above 0.")
    if loss == "least_squares":
        check_at_least(0.0, negative_weight=negative_weight)
        _check_labels(values)
        return
    for label in _LABELS:
        if label in given:
            raise ValueError(f"{label} is {given[label]}; only loss='least_squares' has labels, so leave it out.")
    if loss == "wasserstein" and not negative_weight < positive_weight:
        raise ValueError(
            f"negative_weight is {negative_weight}; with loss='wasserstein' it must be below the positive weight, "
            f"{positive_weight}, or the generator flees from the positives."
        )
    if loss != "wasserstein" and not negative_weight > -1:
        raise ValueError(f"negative_weight is {negative_weight}; with loss={loss!r} it must be above -1.")
    if negative_weight < 0:
        share = -negative_weight / (positive_weight - negative_weight if loss == "wasserstein" else 1.0)
        _warn(
            f"negative_weight is {negative_weight}, below 0: the generator learns a mixture, {share:.1%} negatives, "
            "and the discriminator's loss has no lower bound where it makes less of them."
        )


def _check_labels(values):
    if not values.positive_label > values.fake_label:
        raise ValueError(
            f"positive_label is {values.positive_label}; it must be above the fake label, {values.fake_label}."
        )
    share = share_of_disjoint_negatives(values)
    if share > 0:
        _warn(
            f"negative_label is {values.negative_label}, too far above the fake label, {values.fake_label}: of "
            f"negatives that are unlike all positives the generator makes {share:.1%} of its samples."
        )
    output = equilibrium(values, (1.0, 0.0), (0.0, 1.0)).output
    if not values.generator_label > output:
        _warn(
            f"generator_label is {values.generator_label}, not above {output:.4g}, what the discriminator says of "
            "samples that are right: the generator leaves them for a few others."
        )


def _warn(text):
    warnings.warn(text, SettingWarning, stacklevel=4)
