"""The forces of P2GAN: which distribution pulls or pushes which generator, and what players minimise for it."""

import math
from typing import NamedTuple

from tfgan2.losses.divergences import DIVERGENCES

SYMMETRIC = ("jensen_shannon", "gan", "squared_hellinger")
"""Divergences with D(P||Q) = D(Q||P): the discriminator of one is with the opposite sign that of the other."""

PULL, PUSH = "pull", "push"


class Force(NamedTuple):
    """A divergence between a source and a generator, which the generator makes small (pull) or large (push).

    Attributes:
      source: name of the samples it comes from: "real", "auxiliary_0", ..., or a generator's, "generator_0", ...
      generator: number of the generator that it moves.
      kind: "pull" or "push".
      weight: of the divergence in the generator's loss.
      divergence: a key of DIVERGENCES.
    """

    source: str
    generator: int
    kind: str
    weight: float
    divergence: str

    @property
    def moves(self):
        """Name of the samples of the generator that it moves."""
        return generator_name(self.generator)


class Head(NamedTuple):
    """One output of a discriminator, high on samples of `first` and low on samples of `second`.

    Attributes:
      first: name of samples.
      second: name of samples, those of a generator.
      divergence: D(first || second), a key of DIVERGENCES.
    """

    first: str
    second: str
    divergence: str


def generator_name(number):
    """What the samples of a generator are called."""
    return f"generator_{number}"


def parse_force(text, divergences):
    """The `Force` of a text, "SOURCE:GENERATOR:KIND:WEIGHT" or with ":DIVERGENCE" behind.

    Args:
      text: such as "real:0:pull:1.0", "auxiliary_0:0:push:0.01" or "generator_1:0:push:0.01:kl".
      divergences: kind -> divergence where the text names none.

    Raises:
      ValueError: it is no force.
    """
    source, *rest = text.split(":")
    form = "give SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE], such as generator_1:0:push:0.01"
    if len(rest) not in (3, 4):
        raise ValueError(f"forces has {text!r}; {form}.")
    generator, kind, weight, *divergence = rest
    stem, _, number = source.rpartition("_")
    if source != "real" and not (stem in ("auxiliary", "generator") and number.isdecimal()):
        raise ValueError(f"forces has {text!r}; the source is real, auxiliary_N or generator_N: {form}.")
    if not (generator.isdecimal() and len(generator) < 4) or kind not in (PULL, PUSH):
        raise ValueError(f"forces has {text!r}; {form}.")
    if source == generator_name(generator):
        raise ValueError(f"forces has {text!r}; no generator moves itself.")
    try:
        weight = float(weight)
    except ValueError:
        raise ValueError(f"forces has {text!r}, whose weight is no number.") from None
    if not 0 <= weight < math.inf:
        raise ValueError(f"forces has {text!r}; a weight is at least 0 and finite.")
    name = divergence[0] if divergence else divergences[kind]
    if name not in DIVERGENCES:
        raise ValueError(f"forces has {text!r}; a divergence is one of {', '.join(DIVERGENCES)}.")
    return Force(source, int(generator), kind, weight, name)


def forces_among(generators, *, moving, push, push_weight, divergences):
    """The data pull the moving generators, and generators push each other (P2GAN, Section 2.4 of the paper).

    Args:
      generators: how many there are.
      moving: numbers of those that move.
      push: who pushes a generator: "sequential", those that were there before it, or "mutual", all others.
      push_weight: the sum alpha of the weights with which a generator is pushed.
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
    """The heads that forces need, in their order; two symmetric pushes of one pair share a head."""
    return list(dict.fromkeys(map(_head, forces)))


def sources_of(heads):
    """The names of the samples that heads compare, each once."""
    return list(dict.fromkeys(name for head in heads for name in (head.first, head.second)))


def of_kind(forces, kind):
    """The pulls or the pushes among forces."""
    return [force for force in forces if force.kind == kind]


def discriminator_weights(heads, trained):
    """What a discriminator minimises: at each head the negative of its bound E[g(v)] - E[f*(g(v))].

    Args:
      heads: all heads of the discriminator.
      trained: those that are trained; the others rest.

    Returns:
      Weights as `weighted_means` takes them.
    """
    weights = _Weights(heads)
    for head in trained:
        weights.add(head, head.first, activation=-1.0)
        weights.add(head, head.second, conjugate=1.0)
    return weights.lists


def generator_weights(heads, forces, *, saturating):
    """What the generators minimise: a pull's divergence, and the negative of a push's.

    Of the bound on D(first || second) a generator that is second moves -E[f*(g(v))], one that is first E[g(v)]. A pull
    that is not saturating takes -E[g(v)] instead of the former, as the generator of the standard GAN does.

    Args:
      heads: all heads of the discriminator.
      forces: those that hold, all pulls or all pushes.
      saturating: whether pulls are exact.

    Returns:
      Weights as `weighted_means` takes them.
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
