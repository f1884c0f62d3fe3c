"""P2GAN: generators pulled to the data, and pushed off each other and off data that must not be made."""

import math
from typing import Literal

import tensorflow as tf

from tfgan2.checks import check_at_least, check_choices
from tfgan2.losses.divergences import DIVERGENCES
from tfgan2.losses.weighted_means import weighted_means
from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.generative_game import GenerativeGame
from tfgan2.methods.base.judging import couples_samples, judge, regularizer
from tfgan2.methods.p2gan.forces import (
    PULL,
    PUSH,
    discriminator_weights,
    generator_name,
    generator_weights,
    heads_of,
    of_kind,
    sources_of,
)
from tfgan2.methods.p2gan.growth import PHASE_ARGUMENTS, auxiliary_names, phases_of, schedule_of

DivergenceName = Literal["kl", "reverse_kl", "pearson", "squared_hellinger", "jensen_shannon", "gan"]

_REGULARIZED = {"jensen_shannon", "gan"}


class P2GAN(GenerativeGame):
    """Push-and-Pull GAN: a list of forces, each a divergence that moves a generator.

    The generators maximise sum_i alpha_i D(P_i || Q) - D(P || Q) (P2GAN, Eq. 1), where the data P pull and auxiliary
    distributions P_i push, be they data or other generators. Each divergence is estimated by a head of one of two
    discriminators, one for pulls and one for pushes (Eq. 2). One run differs from another in its list of forces: a GAN
    is one pull.

    With `saturating=True` the generator of D2GAN (Nguyen et al., 2017) is that of two pulls, real:0:pull:ALPHA:kl and
    real:0:pull:BETA:reverse_kl. Three things differ from D2GAN: its discriminators are two networks, here they share
    all but their last layer; they give positive numbers by softplus, here exp(v - 1) and exp(-v) of the logits v; each
    head is trained with the weight 1 instead of ALPHA or BETA, which has the same optimum.

    Without a list there are `num_generators` generators, which share all but their input layers, each pulled by the
    data and pushed by the others; with `grow_every` they appear one after the other (Section 2.4 of the paper). Where
    the paper is silent, each generator gets latents of its own, the pull is the non-saturating one, all discriminators
    move together and then all generators, and all generators push each other, not only the earlier the later ones.

    A discriminator with batch norm sees all sources of its heads, data and generated samples, as one batch in every
    pass, also in the generators' update and in the regulariser. The paper does not say what one batch is. If each
    source passed alone, an image that the unwanted data and a generator share would not be recognised as shared: in a
    probe with half of the generated images unwanted the push on these has the weight 0.36 after 400 updates and falls;
    in one batch it has 0.66, where 2/3 is exact.

    Args:
      generator: latents, or (latents, choices) of several generators -> samples.
      pull_discriminator: samples -> logits [n, heads], a head for each pull.
      push_discriminator: the same for pushes; None if nothing pushes.
      frozen: with `auxiliary="frozen"` a generator of the same layers for each but the last, to hold its copy.
      forces: the list, each SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE], where SOURCE is real, auxiliary_N (a set of
        --auxiliary_dataset) or generator_N and all are numbered from 0; empty is growth.
      num_generators: number K of generators, without a list.
      grow_every: steps from one generator's start to that of the next; 0 starts all at once.
      auxiliary: what earlier generators do when the next one starts, joint: they go on, as published; frozen: they stay
        as they are.
      push: who pushes a generator, without a list: mutual, all others; sequential, the earlier ones.
      push_weight: sum alpha of the weights with which a generator is pushed, without a list.
      pull_divergence: of pulls: kl, reverse_kl, pearson, squared_hellinger, jensen_shannon or gan.
      push_divergence: of pushes, one of the same.
      saturating: pull by the divergence itself instead of the non-saturating loss.
      gamma: weight of Roth's regulariser of the discriminators, half of which is added to their losses.
      generator_batch: samples of each generator in an update, over all devices; 0 takes the batch size for up to five
        generators, and for K > 5 two batches shared among them, at least 12 for each.
      sampled_generators: numbers of those whose samples are the result, each as often; empty is all.
      prior: distribution of the latents, "normal" or "uniform" U[-1, 1]^d.
      seed: of the random numbers drawn in training.
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
        num_generators: int = 1,
        grow_every: int = 0,
        auxiliary: Literal["joint", "frozen"] = "joint",
        push: Literal["mutual", "sequential"] = "mutual",
        push_weight: float = 0.01,
        pull_divergence: DivergenceName = "jensen_shannon",
        push_divergence: DivergenceName = "jensen_shannon",
        saturating: bool = False,
        gamma: float = 0.0,
        generator_batch: int = 0,
        sampled_generators: tuple[int, ...] = (),
        prior: Literal["normal", "uniform"] = "normal",
        seed: int = 0,
    ):
        networks = {"generator": generator, "pull_discriminator": pull_discriminator}
        if push_discriminator is not None:
            networks["push_discriminator"] = push_discriminator
        networks |= {f"frozen_{number}": network for number, network in enumerate(frozen)}
        super().__init__(networks, prior=prior, seed=seed)
        check_choices(P2GAN.__init__, prior=prior)
        check_at_least(0.0, gamma=gamma)
        check_at_least(0, generator_batch=generator_batch)
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
            raise ValueError(f"gamma is {gamma}; Roth's regulariser is for the divergences jensen_shannon and gan.")
        for number in sampled_generators:
            if not 0 <= number < self.num_generators:
                raise ValueError(f"sampled_generators has {number}; there are {self.num_generators}, counted from 0.")
        self.heads = {kind: heads_of(of_kind(every_force, kind)) for kind in (PULL, PUSH)}
        self.batch_keys = ("real", *auxiliary_names(every_force))
        self.choice = "generator" if self.num_generators > 1 else None
        self.frozen_generators = list(frozen)
        self.phase = min(self.phases)
        self.grow_every = grow_every
        self.saturating = saturating
        self.gamma = gamma
        self.generator_batch = generator_batch
        self.sampled_generators = sampled_generators

    @classmethod
    def make_networks(cls, family, shape, *, classes, arguments):
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
        """Without pushes, as before the second generator begins, nobody moves the push discriminator."""
        discriminators = [f"{kind}_discriminator" for kind in (PULL, PUSH) if of_kind(self.phases[self.phase], kind)]
        return {"discriminator": discriminators, "generator": ["generator"]}

    @property
    def trained_roles(self):
        return tuple(role for role in self.roles if role in self.networks)

    def updates_per_step(self, role):
        return 1 if role in self.trained_roles else 0

    @property
    def offered_choices(self):
        """The generators that there are by now."""
        return tuple(range(self.phase))

    @property
    def sampled_choices(self):
        return tuple(number for number in self.sampled_generators if number < self.phase) or self.offered_choices

    @property
    def wanted_keys(self):
        """What pulls a generator whose samples are the result."""
        forces = of_kind(self.phases[self.num_generators], PULL)
        sampled = self.sampled_generators or range(self.num_generators)
        pulling = {force.source for force in forces if force.weight and force.generator in sampled}
        return tuple(key for key in self.batch_keys if key in pulling)

    def schedule(self, train_steps):
        """A phase for each number of generators."""
        return schedule_of(self.phases, self.grow_every, train_steps)

    def begin_phase(self, phase):
        """At the very start of a phase, the generator that was the last until now is frozen, if that is wanted."""
        if phase > 1 and self.frozen_generators and self.global_step == (phase - 1) * self.grow_every:
            self._freeze(phase - 2)
        super().begin_phase(phase)

    def train_step(self, batch):
        rows = self._rows(batch["real"].shape[0])
        latents = self._latents("discriminator", range(self.phase), rows)
        report = self.minimize("discriminator", self.discriminator_loss, batch, latents)
        latents = self._latents("generator", range(0 if self._coupled else self._frozen, self.phase), rows)
        return report | self.minimize("generator", self.generator_loss, batch, latents)

    def discriminator_loss(self, data, latents):
        """Each head's negative bound on its divergence, and Roth's regulariser."""
        samples = data | self._samples(latents)
        loss, terms = 0.0, {}
        for kind, discriminator, forces in self._discriminators():
            heads = heads_of(forces)
            names = sources_of(heads)
            logits = judge(discriminator, {name: samples[name] for name in names}, names)
            terms[f"{kind}_loss"] = weighted_means(logits, discriminator_weights(self.heads[kind], heads))
            loss += terms[f"{kind}_loss"]
            if kind == PULL:
                terms |= self._probabilities(heads, logits)
            if self.gamma:
                terms[f"{kind}_regularizer"] = regularizer(discriminator, self.heads[kind], heads, samples)
                loss += 0.5 * self.gamma * terms[f"{kind}_regularizer"]
        return loss, terms

    def generator_loss(self, data, latents):
        """The divergences of the pulls, and the negative of the pushes'.

        A discriminator with batch norm sees what it sees in its own update, the samples of all sources of its heads.
        """
        samples = data | self._samples(latents)
        loss, terms = 0.0, {}
        for kind, discriminator, forces in self._discriminators():
            weights = generator_weights(self.heads[kind], forces, saturating=self.saturating)
            sources = {name: samples[name] for name in sources_of(heads_of(forces)) if name in samples}
            logits = judge(discriminator, sources, [name for _, name in weights])
            terms[kind] = weighted_means(logits, weights)
            loss += terms[kind]
        return loss, terms

    def generate(self, latents):
        samples = self.generator(latents, training=False)
        if self._frozen:
            latents, choices = latents
            for number, network in enumerate(self.frozen_generators[: self._frozen]):
                rows = tf.where(choices == number)
                made = network(tf.gather_nd(latents, rows), training=False)
                samples = tf.tensor_scatter_nd_update(samples, rows, made)
        return samples

    def score(self, samples):
        """The pull discriminator's logits [n, 1], the mean over the heads that are in use, in inference mode."""
        heads = heads_of(of_kind(self.phases[self.phase], PULL))
        logits = self.pull_discriminator(samples, training=False)
        used = tf.gather(logits, [self.heads[PULL].index(head) for head in heads], axis=1)
        return tf.reduce_mean(used, axis=1, keepdims=True)

    @property
    def density_ratios(self):
        """ "pull" and "push" -> "real / generator_0" and so on, a text for each head."""
        return {
            kind: [f"{head.first} / {head.second}" for head in heads] for kind, heads in self.heads.items() if heads
        }

    def log_density_ratios(self, samples):
        """What Theorem 1 makes of the discriminators: [n, heads] each."""
        ratios = {}
        for kind in self.density_ratios:
            logits = self.networks[f"{kind}_discriminator"](samples, training=False)
            columns = tf.unstack(tf.cast(logits, tf.float32), axis=1)
            each = [
                DIVERGENCES[head.divergence].log_ratio(v) for head, v in zip(self.heads[kind], columns, strict=True)
            ]
            ratios[kind] = tf.stack(each, axis=1)
        return ratios

    @property
    def _frozen(self):
        """How many generators are frozen."""
        return self.phase - 1 if self.frozen_generators else 0

    @property
    def _coupled(self):
        """Whether the generators' update takes the samples of all sources."""
        return any(couples_samples(discriminator) for _, discriminator, _ in self._discriminators())

    def _freeze(self, number):
        """Copies what a generator is made of: the shared weights, and its own of those that each has."""
        copy = self.frozen_generators[number]
        for frozen, weight in zip(copy.weights, self.generator.weights, strict=True):
            value = tf.identity(weight.value)
            frozen.assign(value if frozen.shape == weight.shape else value[number])

    def _discriminators(self):
        """(kind, discriminator, forces) of the pulls and of the pushes, if there are any now."""
        for kind in (PULL, PUSH):
            if forces := of_kind(self.phases[self.phase], kind):
                yield kind, self.networks[f"{kind}_discriminator"], forces

    def _rows(self, batch):
        """How many samples each generator makes on this replica."""
        replicas = tf.distribute.get_replica_context().num_replicas_in_sync
        wanted = self.generator_batch
        if not wanted and self.num_generators <= 5:
            return batch
        return math.ceil((wanted or max(12, 2 * batch * replicas / self.num_generators)) / replicas)

    def _latents(self, stream, numbers, rows):
        return {generator_name(number): self.random_latents(f"{stream}_latents_{number}", rows) for number in numbers}

    def _samples(self, latents):
        """Name -> samples of each generator that latents are given for; frozen ones get no gradient."""
        frozen = {
            generator_name(number): network for number, network in enumerate(self.frozen_generators[: self._frozen])
        }
        samples = {name: network(latents[name], training=False) for name, network in frozen.items() if name in latents}
        names = [name for name in map(generator_name, range(self._frozen, self.phase)) if name in latents]
        together = tf.concat([latents[name] for name in names], 0)
        if self.choice:
            rows = together.shape[0] // len(names)
            choices = tf.repeat(tf.range(self._frozen, self.phase), rows)
            together = (together, choices)
        made = self.generator(together, training=True)
        return samples | dict(zip(names, tf.split(made, len(names)), strict=True))

    def _probabilities(self, heads, logits):
        """What the pull discriminator gives the sources and the generators, as probabilities."""
        places = [self.heads[PULL].index(head) for head in heads]
        of = {
            "real": [logits[head.first][:, place] for head, place in zip(heads, places, strict=True)],
            "fake": [logits[head.second][:, place] for head, place in zip(heads, places, strict=True)],
        }
        return {f"{name}_probability": tf.reduce_mean(tf.sigmoid(tf.concat(parts, 0))) for name, parts in of.items()}
