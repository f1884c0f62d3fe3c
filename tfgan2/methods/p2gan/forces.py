"""P2GAN's forces, the discriminator heads that they need, and the weights of the heads in the losses.

Two pulls, real:0:pull:ALPHA:kl and real:0:pull:BETA:reverse_kl, and `saturating=True` give the generator's loss of
D2GAN (Nguyen et al., 2017). Three things differ from D2GAN: its two discriminators share no layer; it makes their
outputs positive by softplus, here by exp(v - 1) and exp(-v) of the logits v; it weights their losses by ALPHA and BETA,
here by 1, which has the same optimum.
"""

import math
from typing import NamedTuple

from tfgan2.errors import ArgumentError
from tfgan2.losses.divergences import DIVERGENCES

SYMMETRIC = ("jensen_shannon", "gan", "squared_hellinger")
"""Divergences with D(P||Q) = D(Q||P). The negative logits of one direction are those of the other."""

PULL, PUSH = "pull", "push"


class Force(NamedTuple):
    """A divergence between a source and a generator. The generator minimises (pull) or maximises (push) it.

    Attributes:
      source: Name of the samples that it comes from: "real", "auxiliary_0", ..., or "generator_0", ...
      generator: Number of the generator that it moves.
      kind: "pull" or "push".
      weight: Weight alpha of the divergence in the generator's loss, at least 0.
      divergence: A key of DIVERGENCES.
    """

    source: str
    generator: int
    kind: str
    weight: float
    divergence: str

    @property
    def moves(self):
        """Name of the samples of the moved generator."""
        return generator_name(self.generator)


class Head(NamedTuple):
    """One output of a discriminator. It is trained to be high on samples of `first` and low on samples of `second`.

    Attributes:
      first: Name of samples.
      second: Name of a generator's samples.
      divergence: D(first || second), a key of DIVERGENCES.
    """

    first: str
    second: str
    divergence: str


def generator_name(number):
    """Name of the samples of a generator."""
    return f"generator_{number}"


def parse_force(text, divergences):
    """The `Force` of a text SOURCE:GENERATOR:KIND:WEIGHT[:DIVERGENCE].

    Args:
      text: For example "real:0:pull:1.0", "auxiliary_0:0:push:0.01" or "generator_1:0:push:0.01:kl".
      divergences: kind -> divergence of a text that names none.

    Raises:
      ArgumentError: the text is no force.
    """
    source, *rest = text.split(":")
    form = "SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE], such as generator_1:0:push:0.01"
    if len(rest) not in (3, 4):
        raise ArgumentError("forces", text, form)
    generator, kind, weight, *divergence = rest
    stem, _, number = source.rpartition("_")
    if source != "real" and not (stem in ("auxiliary", "generator") and number.isdecimal()):
        raise ArgumentError("forces", text, form, "The source is real, auxiliary_N or generator_N.")
    if not (generator.isdecimal() and len(generator) < 4) or kind not in (PULL, PUSH):
        raise ArgumentError("forces", text, form)
    if source == generator_name(generator):
        raise ArgumentError("forces", text, form, "No generator moves itself.")
    try:
        weight = float(weight)
    except ValueError:
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise ArgumentError("forces", text, form, "The weight is a finite number of at least 0.")
    name = divergence[0] if divergence else divergences[kind]
    if name not in DIVERGENCES:
        raise ArgumentError("forces", text, form, f"The divergence is one of {', '.join(DIVERGENCES)}.")
    return Force(source, int(generator), kind, weight, name)


def forces_among(generators, *, moving, push, push_weight, divergences):
    """The data pull the moving generators, and generators push each other (Section 2.4 of the paper).

    Args:
      generators: Number of generators.
      moving: Numbers of the generators that are trained.
      push: Which generators push a generator: "sequential", the earlier ones, or "mutual", all others.
      push_weight: Sum alpha of the weights of the pushes on one generator.
      divergences: kind -> divergence.
    """
    forces = [Force("real", number, PULL, 1.0, divergences[PULL]) for number in moving]
    for number in moving:
        others = [other for other in range(generators) if other < number or (push == "mutual" and other != number)]
        forces += [
            Force(generator_name(other), number, PUSH, push_weight / len(others), divergences[PUSH]) for other in others
        ]
    return forces


def heads_of(forces):
    """The heads that forces need, in their order. Two pushes between one pair share a head if D is symmetric."""
    return list(dict.fromkeys(map(_head, forces)))


def sources_of(heads):
    """The names of the samples that heads compare, each once."""
    return list(dict.fromkeys(name for head in heads for name in (head.first, head.second)))


def of_kind(forces, kind):
    """The pulls or the pushes among forces."""
    return [force for force in forces if force.kind == kind]


def discriminator_weights(heads, trained):
    """The weights of a discriminator's loss, the sum over heads of E_second[f*(g(v))] - E_first[g(v)].

    Args:
      heads: All heads of the discriminator.
      trained: The heads to train. The others have the weight 0.

    Returns:
      Weights for `weighted_means`.
    """
    weights = _Weights(heads)
    for head in trained:
        weights.add(head, head.first, activation=-1.0)
        weights.add(head, head.second, conjugate=1.0)
    return weights.lists


def generator_weights(heads, forces, *, saturating):
    """The weights of the generators' loss, the sum of the pulls' divergences or the negative sum of the pushes'.

    The bound on D(first || second) is E_first[g(v)] - E_second[f*(g(v))]. A generator that is second moves the second
    term, a generator that is first moves the first one. A pull that is not saturating minimises -E[g(v)] over its own
    samples instead, as the non-saturating generator of the standard GAN does.

    Args:
      heads: All heads of the discriminator.
      forces: The present forces, all pulls or all pushes.
      saturating: Whether pulls are the divergences themselves.

    Returns:
      Weights for `weighted_means`.
    """
    weights = _Weights(heads)
    for force in forces:
        head = _head(force)
        if force.kind == PULL:
            weights.add(head, force.moves, **{"conjugate" if saturating else "activation": -force.weight})
        elif head.second == force.moves:
            weights.add(head, force.moves, conjugate=force.weight)
        else:
            weights.add(head, force.moves, activation=-force.weight)
    return weights.lists


class _Weights:
    """(divergence, name of samples) -> the weights [heads] of E[g(v)] and of E[f*(g(v))]."""

    def __init__(self, heads):
        self._heads = heads
        self.lists = {}

    def add(self, head, samples, *, activation=0.0, conjugate=0.0):
        place, count = self._heads.index(head), len(self._heads)
        of_activation, of_conjugate = self.lists.setdefault((head.divergence, samples), ([0.0] * count, [0.0] * count))
        of_activation[place] += activation
        of_conjugate[place] += conjugate


def _head(force):
    between_generators = force.source.startswith("generator")
    if force.kind == PUSH and between_generators and force.divergence in SYMMETRIC:
        first, second = sorted((force.source, force.moves), key=lambda name: int(name.rpartition("_")[2]))
        return Head(first, second, force.divergence)
    return Head(force.source, force.moves, force.divergence)
