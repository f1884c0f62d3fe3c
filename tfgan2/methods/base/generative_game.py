"""The base class of all methods with a generator: what users request from it after training."""

import numbers
from typing import NamedTuple

import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.methods.base.game import Game
from tfgan2.methods.base.latents import Prior, check_latents, draw, draw_choices, outside_the_prior
from tfgan2.ranges import Seed, Truncation, check


class Draw(NamedTuple):
    """The samples and random numbers of one update of a discriminator.

    Attributes:
      real: Real samples x, [n, ...].
      latents: Latents z of the generated samples, [n, latent_dim].
      mixing: Numbers mu in [0, 1), [n]. A gradient penalty takes the points mu x + (1 - mu) G(z).
    """

    real: tf.Tensor
    latents: tf.Tensor
    mixing: tf.Tensor


class GenerativeGame(Game):
    """A method with a network of the role "generator".

    Args:
      networks: role -> built network. The generator maps latents [n, latent_dim], or the pair of latents and choices,
        int32 [n], to samples.
      prior: Distribution of the latents: "normal" N(0, I), "uniform" U[-1, 1]^d or "bimodal"; see `draw`.
      seed: Seed of all random numbers that training draws, in [0, 2^31).
    """

    choice = None
    """What users can request of a sample: "label", "generator" or "partition"; None without a choice."""

    offered_choices = ()
    """Numbers of the labels, generators or partitions that users can request."""

    packing = 1
    """Number of samples that the discriminator sees at once. If it is above 1, single samples have no score."""

    @property
    def choices_are_classes(self):
        """Whether choices are numbers of the data's classes."""
        return self.choice == "label"

    @property
    def sampled_choices(self):
        """The numbers to draw from where users request none."""
        return self.offered_choices

    @property
    def wanted_keys(self):
        """Those of `batch_keys` that hold samples of the distribution to learn."""
        return self.batch_keys[:1]

    truncation = 1.0
    """Factor of the latents that `drawn` draws, in (0, 1]. Training draws latents of the whole prior."""

    rejects = False
    """Whether `drawn` redraws latents of unwanted samples. Then latents of the prior alone give other samples."""

    density_ratios = {}  # noqa: RUF012
    """Name -> the pair that each column of `log_density_ratios` compares; empty without such estimates."""

    def __init__(self, networks, *, prior: Prior = "normal", seed: Seed = 0):
        check("prior", Prior, prior)
        super().__init__(networks, seed=seed)
        self.prior = prior

    @property
    def latent_dim(self):
        """Dimension of the generator's latents."""
        shape = getattr(self.generator, "input_shape", None) or self.generator.get_build_config()["input_shape"]
        return (shape if isinstance(shape, tuple) else shape[0])[-1]

    # What a subclass calls in `train_step`.

    def random_latents(self, stream, count):
        """Latents of the prior, [count, latent_dim]; see `random`."""
        return self.random(stream, [count, self.latent_dim], self.prior)

    def random_choices(self, stream, count):
        """Numbers of `offered_choices`, int32 [count], with equal probabilities; see `random`."""
        places = tf.cast(self.random(stream, [count], "unit") * len(self.offered_choices), tf.int32)
        return tf.gather(tf.constant(self.offered_choices, tf.int32), places)

    def draws(self, real):
        """A `Draw` for each update of the discriminator in one step, from the real samples of the whole step."""
        return [
            Draw(
                samples,
                self.random_latents(f"latents_{index}", samples.shape[0]),
                self.random(f"mixing_{index}", [samples.shape[0]], "unit"),
            )
            for index, (samples,) in enumerate(self.discriminator_batches(real))
        ]

    # What users call.

    def generate(self, latents):
        """Samples in the network's output range, in inference mode.

        Args:
          latents: [n, latent_dim]; for a method with a choice the pair (latents, choices), choices int32 [n].
        """
        return self.generator(latents, training=False)

    def encode(self, samples):
        """Latents [n, latent_dim] of samples in the network's range, in inference mode.

        Raises:
          ValueError: the game has no encoder, or the samples have another shape.
        """
        if "encoder" not in self.networks:
            raise ValueError(f"{type(self).__name__} was built without an encoder; it cannot encode samples.")
        given, taken = list(samples.shape[1:]), list(self.encoder.input_shape[1:])
        if given != taken:
            raise ValueError(f"samples have the shape {given}; the encoder takes {taken}.")
        return self.encoder(samples, training=False)

    def reconstruct(self, samples):
        """G(E(x)) of samples x in the network's range, in inference mode."""
        return self.generate(self.encode(samples))

    def interpolate(self, first, second, count):
        """Samples on straight lines in latent space, in inference mode. The ends are reconstructions.

        Args:
          first, second: Samples [n, ...] in the network's range.
          count: Number of samples on each line with its ends, at least 2; an integer or a tensor.

        Returns:
          [n, count, ...].
        """
        starts, ends = self.encode(first)[:, None], self.encode(second)[:, None]
        places = tf.linspace(0.0, 1.0, count)[:, None]
        samples = self.generate(tf.reshape(starts + places * (ends - starts), [-1, self.latent_dim]))
        return tf.reshape(samples, [-1, count, *samples.shape[1:]])

    def score(self, samples):
        """The discriminator's logits [n, 1], in inference mode."""
        return self.discriminator(samples, training=False)

    def log_density_ratios(self, samples):
        """Name -> estimates [n, columns] of log p/q, in inference mode; `density_ratios` names p and q."""
        return {}

    def latents(self, seed, count, choice=()):
        """The argument of `generate` for `count` samples. Row i depends only on (seed, i) and on its choice.

        Args:
          seed: Integer >= 0.
          count: Number of samples.
          choice: One number for all samples, or several, which the samples take in turn. Without a number each sample
            draws its choice.

        Raises:
          ValueError: a choice is not offered.
        """
        choice = (choice,) if isinstance(choice, numbers.Integral) else choice
        self.check_choice(choice)
        if not choice:
            return self.drawn(seed, count)
        return self.drawn(seed, count, tf.gather(tf.constant(choice, tf.int32), tf.range(count) % len(choice)))

    def drawn(self, seed, count, choice=-1):
        """As `latents`, but usable in graphs: `seed` and `count` may be tensors.

        Args:
          seed: Integer >= 0.
          count: Number of samples.
          choice: One number for all samples, or int32 [count]; -1 draws the choice.
        """
        latents = self.truncated_latents(seed, count)
        return (latents, self.choices(seed, count, choice)) if self.choice else latents

    def truncate(self, factor):
        """Sets `truncation`.

        Raises:
          ArgumentError: The factor is not in (0, 1], or the prior has two modes, which a factor would move.
        """
        check("truncation", Truncation, factor)
        if factor != 1.0 and self.prior == "bimodal":
            raise ArgumentError("truncation", factor, "1 for latents with two modes")
        self.truncation = factor

    def truncated_latents(self, seed, count):
        """Latents [count, latent_dim] of the prior, times `truncation`. `seed` and `count` may be tensors."""
        return self.truncation * draw(self.prior, seed, count, self.latent_dim)

    def choices(self, seed, count, choice=-1):
        """The choices, int32 [count]. -1 is replaced by one of `sampled_choices`, with equal probabilities."""
        choice = tf.cast(choice, tf.int32)
        return tf.where(choice < 0, draw_choices(seed, count, self.sampled_choices), choice)

    def check_latents(self, latents):
        """Raises ValueError if latents are not finite numbers [n, latent_dim]; see `check_latents`."""
        check_latents(self.latent_dim, latents)

    def outside_the_prior(self, latents):
        """A sentence on the latent numbers outside the prior's range; None if there are none."""
        return outside_the_prior(self.prior, latents)

    def check_choice(self, choice):
        """Raises ArgumentError for the first of some choices that is not offered."""
        for number in choice:
            if number not in self.offered_choices:
                raise self.refused_choice(number, ", ".join(map(str, self.offered_choices)))

    def refused_choice(self, one, offered):
        """The ArgumentError for a choice that is none of those that are offered, a text."""
        name = type(self).__name__
        kind = "classes" if self.choices_are_classes else f"{self.choice}s"
        accepted = f"one of the {kind} of the run, {offered}"
        return ArgumentError("choice", one, accepted if self.choice else f"left out: {name} has nothing to choose")
