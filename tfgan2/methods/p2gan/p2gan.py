"""P2GAN: data pull the generators; other generators and unwanted data push them away (IJCAI 2019)."""

import math
from typing import Annotated, Literal

import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.judging import couples_samples
from tfgan2.methods.p2gan.density_ratios import log_density_ratios, names_of_ratios
from tfgan2.methods.p2gan.forces import PULL, PUSH, generator_name, heads_of, of_kind
from tfgan2.methods.p2gan.generators import Generators
from tfgan2.methods.p2gan.growth import PHASE_ARGUMENTS, auxiliary_names, phases_of, schedule_of
from tfgan2.methods.p2gan.objectives import compared, discriminator_objective, generator_objective
from tfgan2.ranges import In, NonNegative, Repeats, Seed, Steps, check_call

DivergenceName = Literal["kl", "reverse_kl", "pearson", "squared_hellinger", "jensen_shannon", "gan"]
_REGULARIZED = {"jensen_shannon", "gan"}


class P2GAN(GenerativeGame):
    """Push-and-Pull GAN: every divergence in a list of forces moves one generator.

    The generator's distribution Q maximises sum_i alpha_i D(P_i || Q) - D(P || Q) (Eq. 1). The data P pull Q. Auxiliary
    distributions P_i, which are other data or other generators, push it away. One head of a discriminator estimates
    each divergence (Eq. 2). The heads of all pulls share a discriminator, and so do the heads of all pushes. A GAN is
    one pull.

    `forces` lists the forces. Without a list, `num_generators` generators share all but their input layers. The data
    pull each of them, and they push each other (Section 2.4). With `grow_every` they start one after the other.

    The paper leaves some choices open. Here each generator draws its own latents, the pull is the non-saturating loss,
    one update moves all discriminators and the next one all generators, and every generator pushes all others.

    Args:
      generator: Network: latents, or (latents, choices) of several generators, -> samples.
      pull_discriminator: Network: samples -> logits [n, heads], one head for each pull.
      push_discriminator: Network: samples -> logits [n, heads], one head for each push; None without pushes.
      frozen: Networks for the frozen copies of all generators but the last, with `auxiliary="frozen"`.
      forces: List of forces, each SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE]. SOURCE is real, auxiliary_N (the data
        set N of --auxiliary_dataset) or generator_N. Numbers count from 0. An empty list gives growth.
      num_generators: Number K of generators, without a list of forces.
      grow_every: Steps between the starts of two generators; 0 starts all at once.
      auxiliary: Training of the earlier generators once the next one starts: joint continues it, as published; frozen
        ends it.
      push: Which generators push a generator, without a list: mutual, all others; sequential, the earlier ones.
      push_weight: Sum alpha of the weights of the pushes on one generator, without a list of forces.
      pull_divergence: Divergence of the pulls.
      push_divergence: Divergence of the pushes.
      saturating: Whether a pull is the divergence itself instead of the non-saturating loss.
      gamma: Weight of Roth's regulariser of the discriminators. Their losses contain half of it.
      generator_batch: Samples of each generator in one update, over all devices. 0 takes the batch size for up to five
        generators. More generators share two batches, with at least 12 samples each.
      sampled_generators: Numbers of the generators to sample from, with equal probabilities. An empty list takes all.
      prior: Distribution of the latents: "normal" N(0, I) or "uniform" U[-1, 1]^d.
      seed: Seed of the random numbers that training draws.
    """

    roles = ("generator", "pull_discriminator", "push_discriminator")

    def __init__(
        self,
        generator,
        pull_discriminator,
        push_discriminator=None,
        frozen=(),
        *,
        forces: tuple[str, ...] = (),
        num_generators: Repeats = 1,
        grow_every: Steps = 0,
        auxiliary: Literal["joint", "frozen"] = "joint",
        push: Literal["mutual", "sequential"] = "mutual",
        push_weight: NonNegative = 0.01,
        pull_divergence: DivergenceName = "jensen_shannon",
        push_divergence: DivergenceName = "jensen_shannon",
        saturating: bool = False,
        gamma: NonNegative = 0.0,
        generator_batch: Annotated[int, In("[0, 1048576]")] = 0,
        sampled_generators: tuple[int, ...] = (),
        prior: Literal["normal", "uniform"] = "normal",
        seed: Seed = 0,
    ):
        networks = {"generator": generator, "pull_discriminator": pull_discriminator}
        if push_discriminator is not None:
            networks["push_discriminator"] = push_discriminator
        networks |= {f"frozen_{number}": network for number, network in enumerate(frozen)}
        super().__init__(networks, prior=prior, seed=seed)
        self.phases = phases_of(
            forces=forces,
            num_generators=num_generators,
            grow_every=grow_every,
            auxiliary=auxiliary,
            push=push,
            push_weight=push_weight,
            pull_divergence=pull_divergence,
            push_divergence=push_divergence,
        )
        self.num_generators = max(self.phases)
        every_force = [force for forces in self.phases.values() for force in forces]
        if gamma and not {force.divergence for force in every_force} <= _REGULARIZED:
            raise ArgumentError("gamma", gamma, "0 with other divergences than jensen_shannon and gan")
        for number in sampled_generators:
            if not 0 <= number < self.num_generators:
                accepted = f"made of numbers of generators, 0 to {self.num_generators - 1}"
                raise ArgumentError("sampled_generators", sampled_generators, accepted)
        self.heads = {kind: heads_of(of_kind(every_force, kind)) for kind in (PULL, PUSH)}
        self.batch_keys = ("real", *auxiliary_names(every_force))
        self.choice = "generator" if self.num_generators > 1 else None
        self.frozen_generators = list(frozen)
        self._generators = Generators(generator, frozen, self.num_generators)
        self.phase = min(self.phases)
        self.grow_every = grow_every
        self.saturating = saturating
        self.gamma = gamma
        self.generator_batch = generator_batch
        self.sampled_generators = sampled_generators

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
        check_call(cls.__init__, arguments)
        phases = phases_of(**{name: arguments[name] for name in PHASE_ARGUMENTS})
        forces, generators = [force for forces in phases.values() for force in forces], max(phases)
        pulls, pushes = (len(heads_of(of_kind(forces, kind))) for kind in (PULL, PUSH))
        frozen = arguments["auxiliary"] == "frozen"
        return [
            network_of(family, "generator", shape, generators=generators, output_shape=shape),
            network_of(family, "discriminator", shape, heads=pulls),
            network_of(family, "discriminator", shape, heads=pushes) if pushes else None,
            [network_of(family, "generator", shape) for _ in range(generators - 1)] if frozen else [],
        ]

    @property
    def players(self):
        """The push discriminator is trained only while there are pushes, from the second generator on."""
        discriminators = [f"{kind}_discriminator" for kind in (PULL, PUSH) if of_kind(self.phases[self.phase], kind)]
        return {"discriminator": discriminators, "generator": ["generator"]}

    @property
    def trained_roles(self):
        return tuple(role for role in self.roles if role in self.networks)

    def updates_per_step(self, role):
        return 1 if role in self.trained_roles else 0

    @property
    def offered_choices(self):
        """The numbers of the generators that have started."""
        return tuple(range(self.phase))

    @property
    def sampled_choices(self):
        return tuple(number for number in self.sampled_generators if number < self.phase) or self.offered_choices

    @property
    def wanted_keys(self):
        """Keys of the data that pull one of the sampled generators."""
        forces = of_kind(self.phases[self.num_generators], PULL)
        sampled = self.sampled_generators or range(self.num_generators)
        pulling = {force.source for force in forces if force.weight and force.generator in sampled}
        return tuple(key for key in self.batch_keys if key in pulling)

    def schedule(self, train_steps):
        """A phase for each number of generators."""
        return schedule_of(self.phases, self.grow_every, train_steps)

    def begin_phase(self, phase):
        """Enters a phase. Its first step freezes the generator that was the last one, with `auxiliary="frozen"`."""
        if phase > 1 and self.frozen_generators and self.global_step == (phase - 1) * self.grow_every:
            self._generators.freeze(phase - 2)
        super().begin_phase(phase)

    def train_step(self, batch):
        generators, rows = range(self.phase), self._rows(batch["real"].shape[0])
        latents = self._latents("discriminator", generators, rows)
        report = self.minimize("discriminator", self.discriminator_loss, batch, latents)
        needed = generators if self._coupled else generators[self._generators.frozen(self.phase) :]
        latents = self._latents("generator", needed, rows)
        return report | self.minimize("generator", self.generator_loss, batch, latents)

    def discriminator_loss(self, data, latents):
        """The sum of the discriminators' losses (Eq. 2), with Roth's regulariser."""
        samples = data | self._samples(latents)
        loss, terms = 0.0, {}
        for kind, discriminator, forces in self._discriminators():
            objective, reported = discriminator_objective(
                kind, discriminator, self.heads[kind], forces, samples, gamma=self.gamma
            )
            sides = compared(discriminator, self.heads[kind], heads_of(forces), samples)
            objective, reported = self.regularized(objective, reported, *sides, role=f"{kind}_discriminator")
            loss += objective
            terms |= reported
        return loss, terms

    def generator_loss(self, data, latents):
        """The sum of the divergences of the pulls, minus that of the pushes (Eq. 1)."""
        samples = data | self._samples(latents)
        terms = {
            kind: generator_objective(discriminator, self.heads[kind], forces, samples, saturating=self.saturating)
            for kind, discriminator, forces in self._discriminators()
        }
        return sum(terms.values()), dict(terms)

    def generate(self, latents):
        return self._generators.generate(latents, self.phase)

    def score(self, samples):
        """The mean over the active heads of the pull discriminator's logits, [n, 1], in inference mode."""
        heads = heads_of(of_kind(self.phases[self.phase], PULL))
        logits = self.pull_discriminator(samples, training=False)
        used = tf.gather(logits, [self.heads[PULL].index(head) for head in heads], axis=1)
        return tf.reduce_mean(used, axis=1, keepdims=True)

    @property
    def density_ratios(self):
        return {kind: names_of_ratios(heads) for kind, heads in self.heads.items() if heads}

    def log_density_ratios(self, samples):
        discriminators = {kind: self.networks[f"{kind}_discriminator"] for kind in self.density_ratios}
        return {
            kind: log_density_ratios(self.heads[kind], discriminator(samples, training=False))
            for kind, discriminator in discriminators.items()
        }

    @property
    def _coupled(self):
        """Whether batch norm couples the sources, so that the generators' update needs samples of all of them."""
        return any(couples_samples(discriminator) for _, discriminator, _ in self._discriminators())

    def _discriminators(self):
        """(kind, discriminator, forces) of the pulls and of the pushes, as far as the phase has such forces."""
        for kind in (PULL, PUSH):
            if forces := of_kind(self.phases[self.phase], kind):
                yield kind, self.networks[f"{kind}_discriminator"], forces

    def _rows(self, batch):
        """Number of samples that each generator makes in one update on this replica."""
        replicas = tf.distribute.get_replica_context().num_replicas_in_sync
        wanted = self.generator_batch
        if not wanted and self.num_generators <= 5:
            return batch
        return math.ceil((wanted or max(12, 2 * batch * replicas / self.num_generators)) / replicas)

    def _latents(self, stream, numbers, rows):
        return {generator_name(number): self.random_latents(f"{stream}_latents_{number}", rows) for number in numbers}

    def _samples(self, latents):
        """Name -> samples of each generator that latents are given for."""
        return self._generators.samples(latents, self.phase)
