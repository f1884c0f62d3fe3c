"""Games that make samples: what users ask a trained generator, and what goes with it, for."""

import numbers

import tensorflow as tf

from tfgan2.methods.base.game import Game
from tfgan2.methods.base.latents import check_latents, draw, draw_choices, outside_the_prior


class GenerativeGame(Game):
    """A game of which one network is a generator.

    Args:
      networks: role -> network, each built, the generator among them; it takes latents [n, latent_dim], or with them
        the choices, int32 [n].
      prior: distribution of the latents, "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: of all random numbers drawn during training, in [0, 2^31).
    """

    choice = None
    """What a sample can be asked for, "label", "generator" or "partition"; None if there is nothing to choose."""

    offered_choices = ()
    """The numbers of the classes, generators or partitions that there are."""

    @property
    def sampled_choices(self):
        """The numbers of those that are drawn where none is asked for."""
        return self.offered_choices

    @property
    def wanted_keys(self):
        """Those of `batch_keys` that hold what is to be made."""
        return self.batch_keys[:1]

    density_ratios = {}  # noqa: RUF012
    """Name -> what the columns of `log_density_ratios` compare, where discriminators are such estimates."""

    def __init__(self, networks, *, prior="normal", seed=0):
        super().__init__(networks, seed=seed)
        self.prior = prior

    @property
    def latent_dim(self):
        """Dimension of the generator's latents."""
        shape = getattr(self.generator, "input_shape", None) or self.generator.get_build_config()["input_shape"]
        return (shape if isinstance(shape, tuple) else shape[0])[-1]

    def generate(self, latents):
        """Samples in the network's output range, in inference mode.

        Args:
          latents: [n, latent_dim]; where samples can be chosen, (latents, choices), the choices int32 [n].
        """
        return self.generator(latents, training=False)

    def encode(self, samples):
        """Latents [n, latent_dim] of samples in the network's range, in inference mode.

        Raises:
          ValueError: the game has no encoder, or samples have another shape.
        """
        if "encoder" not in self.networks:
            raise ValueError(f"{type(self).__name__} was built without an encoder; it cannot encode samples.")
        given, taken = list(samples.shape[1:]), list(self.encoder.input_shape[1:])
        if given != taken:
            raise ValueError(f"samples have the shape {given}; the encoder takes {taken}.")
        return self.encoder(samples, training=False)

    def reconstruct(self, samples):
        """What the generator makes of the samples' latents: samples in the network's range, in inference mode."""
        return self.generate(self.encode(samples))

    def interpolate(self, first, second, count):
        """Samples on straight lines between latents of samples, whose reconstructions are the ends, in inference mode.

        Args:
          first, second: samples [n, ...] in the network's range.
          count: samples in a row, at least 2; an integer or a tensor.

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
        """Name -> the estimates [n, columns] of what `density_ratios` names, in inference mode."""
        return {}

    def latents(self, seed, count, choice=()):
        """What `generate` makes `count` samples of; row i depends on (seed, i) and its choice only.

        Args:
          seed: integer >= 0.
          count: number of samples.
          choice: classes, generators or partitions that the samples take in turn, or one of all; of none each sample's
            is drawn.

        Raises:
          ValueError: there is no such choice.
        """
        choice = (choice,) if isinstance(choice, numbers.Integral) else choice
        self.check_choice(choice)
        if not choice:
            return self.drawn(seed, count)
        return self.drawn(seed, count, tf.gather(tf.constant(choice, tf.int32), tf.range(count) % len(choice)))

    def drawn(self, seed, count, choice=-1):
        """As `latents`, in graphs, too: `seed` and `count` may be tensors.

        Args:
          seed: integer >= 0.
          count: number of samples.
          choice: that of all samples or, int32 [count], of each; -1 draws it.
        """
        latents = draw(self.prior, seed, count, self.latent_dim)
        return (latents, self.choices(seed, count, choice)) if self.choice else latents

    def choices(self, seed, count, choice=-1):
        """[count] int32: the choice of all or of each and, where it is -1, one drawn evenly by (seed, row)."""
        choice = tf.cast(choice, tf.int32)
        return tf.where(choice < 0, draw_choices(seed, count, self.sampled_choices), choice)

    def check_latents(self, latents):
        """Raises ValueError if latents are not finite numbers [n, latent_dim]; see `check_latents`."""
        check_latents(self.latent_dim, latents)

    def outside_the_prior(self, latents):
        """How many numbers of latents the prior cannot draw, a sentence; None if it can draw all."""
        return outside_the_prior(self.prior, latents)

    def check_choice(self, choice):
        """Raises ValueError for the first of some choices that is not offered."""
        for number in choice:
            if number not in self.offered_choices:
                offered = f"offers the {self.choice}s {', '.join(map(str, self.offered_choices))}"
                raise ValueError(
                    f"choice has {number}; {type(self).__name__} {offered if self.choice else 'has nothing to choose'}."
                )
