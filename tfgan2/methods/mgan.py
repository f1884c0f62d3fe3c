"""MGAN: a mixture of generators, and a classifier that says which one made a sample (Hoang et al., ICLR 2018)."""

from typing import Annotated, Literal

import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.losses.adversarial import logistic
from tfgan2.losses.classification import class_loss
from tfgan2.losses.verdicts import verdicts
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.ranges import In, NonNegative, Repeats, Seed, check_call


class MGAN(GenerativeGame):
    """K generators that share all layers but the first, against a discriminator that also classifies.

    A sample of the mixture is that of a generator k, drawn with the probability 1 / K. The discriminator D tells data
    from the mixture. The classifier C, a second head on its layers, says which generator made a sample. The generators
    minimise
      E[log(1 - D(G_k(z)))] - beta E[log C_k(G_k(z))].
    The best classifier is the posterior of k. With it the second term is beta (log K - JSD), for the Jensen-Shannon
    divergence of the K generators. So they move apart, and the mixture moves to the data.

    As in the authors' code, the generators' first term is the non-saturating loss, beta weighs the cross-entropy in
    their update alone, and both players see the same samples. Here each sample has latents of its own; in the code all
    generators take the same latents.

    Args:
      generator: Network: (latents [n, latent_dim], choices int32 [n]) -> samples.
      discriminator: Network: samples -> logits [n, 1 + K]: first that of D, then those of C.
      num_generators: Number K of generators, at least 2.
      beta: Weight beta of the classifier's cross-entropy for the generators. The code has 0.01 for CIFAR-10.
      discriminator_steps: Updates of the discriminator in one step. Each one has samples of its own.
      prior: Distribution of the latents: "uniform" U[-1, 1]^d or "normal" N(0, I).
      seed: Seed of the random numbers that training draws.

    Raises:
      ArgumentError: a value is out of range, or the discriminator has another number of logits.
    """

    choice = "generator"

    def __init__(
        self,
        generator,
        discriminator,
        *,
        num_generators: Annotated[int, In("[2, 4096]")] = 10,
        beta: NonNegative = 0.01,
        discriminator_steps: Repeats = 1,
        prior: Literal["uniform", "normal"] = "uniform",
        seed: Seed = 0,
    ):
        super().__init__({"generator": generator, "discriminator": discriminator}, prior=prior, seed=seed)
        heads = discriminator.output_shape[-1]
        if heads != 1 + num_generators:
            raise ArgumentError(
                "num_generators", num_generators, f"{heads - 1}, as the discriminator has {heads} logits"
            )
        self.num_generators = num_generators
        self.offered_choices = tuple(range(num_generators))
        self.beta = beta
        self.discriminator_steps = discriminator_steps

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        check_call(cls.__init__, arguments)
        generators = arguments["num_generators"]
        return [
            network_of(family, "generator", shape, generators=generators, output_shape=shape),
            network_of(family, "discriminator", shape, heads=1 + generators, output_shape=(1 + generators,)),
        ]

    @property
    def players(self):
        return {"discriminator": ["discriminator"], "generator": ["generator"]}

    def train_step(self, batch):
        draws = [
            (draw.real, draw.latents, self.random_choices(f"choices_{index}", draw.real.shape[0]))
            for index, draw in enumerate(self.draws(batch["real"]))
        ]
        report = self.update_discriminator(draws)
        _, latents, choices = draws[-1]
        return report | self.minimize("generator", self.generator_loss, latents, choices)

    def discriminator_loss(self, real, latents, choices):
        """The logistic loss of D, and the cross-entropy of C on generated samples."""
        fake = self.generator((latents, choices), training=True)
        (real_logits, _), (fake_logits, names) = self.judge(real), self.judge(fake)
        terms = verdicts(real_logits, fake_logits)
        terms["class_loss"] = class_loss(names, choices)
        right = tf.argmax(names, axis=1, output_type=tf.int32) == choices
        terms["class_accuracy"] = tf.reduce_mean(tf.cast(right, tf.float32))
        loss = logistic.discriminator(real_logits, fake_logits) + terms["class_loss"]
        return self.regularized(loss, terms, (self.logits, real), (self.logits, fake))

    def generator_loss(self, latents, choices):
        """The non-saturating loss, and beta times the cross-entropy of C."""
        logits, names = self.judge(self.generator((latents, choices), training=True))
        named = class_loss(names, choices)
        return logistic.generator(logits) + self.beta * named, {"class_loss": named}

    def judge(self, samples):
        """The logits [n, 1] of D and the logits [n, K] of C, in training mode."""
        return self._split(self.discriminator(samples, training=True))

    def logits(self, samples):
        """The logits [n, 1] of D, in training mode."""
        return self.judge(samples)[0]

    def score(self, samples):
        return self._split(super().score(samples))[0]

    def _split(self, logits):
        return tf.split(logits, [1, self.num_generators], axis=1)
