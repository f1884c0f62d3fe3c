"""P2GAN's phases: the number of generators in each, and the forces between them."""

from tfgan2.errors import ArgumentError
from tfgan2.methods.p2gan.forces import PULL, PUSH, Force, forces_among, generator_name, parse_force

PHASE_ARGUMENTS = (
    *("forces", "num_generators", "grow_every", "auxiliary", "push", "push_weight", "pull_divergence"),
    "push_divergence",
)
"""The arguments of `phases_of`. P2GAN's constructor has arguments of the same names."""


def phases_of(
    *, forces, num_generators, grow_every, auxiliary, push, push_weight, pull_divergence, push_divergence
) -> dict[int, list[Force]]:
    """Number of generators -> the forces while that many exist, in the order of the phases.

    Raises:
      ArgumentError: no force pulls a generator, or two arguments contradict each other.
    """
    divergences = {PULL: pull_divergence, PUSH: push_divergence}
    if forces:
        if num_generators != 1 or grow_every or auxiliary != "joint":
            accepted = "empty with num_generators, grow_every or auxiliary"
            raise ArgumentError("forces", forces, accepted, "Leave these out, or the list.")
        return _listed([parse_force(text, divergences) for text in forces])
    how = {"push": push, "push_weight": push_weight, "divergences": divergences}
    if auxiliary == "frozen":
        if not grow_every:
            advice = "Try grow_every=5000: the steps after which a generator is frozen."
            raise ArgumentError("auxiliary", auxiliary, "joint without grow_every", advice)
        how["push"] = "sequential"  # frozen generators cannot be pushed
        return {k: forces_among(k, moving=[k - 1], **how) for k in range(1, num_generators + 1)}
    first = 1 if grow_every else num_generators
    return {k: forces_among(k, moving=range(k), **how) for k in range(first, num_generators + 1)}


def schedule_of(phases, grow_every, train_steps):
    """The pairs (phase, last step) of all phases.

    Raises:
      ArgumentError: the run ends before all generators have started.
    """
    *growing, last = phases
    if len(growing) * grow_every >= train_steps:
        most = (train_steps - 1) // len(growing)
        accepted = f"at most {most}, so that the last of {last} generators begins before the end, step {train_steps}"
        raise ArgumentError("grow_every", grow_every, accepted)
    return [(phase, phase * grow_every) for phase in growing] + [(last, train_steps)]


def _listed(forces):
    """The one phase of a list of forces. Every generator needs a pull."""
    numbers = {force.generator for force in forces}
    sources = {force.source for force in forces}
    generators = 1 + max(numbers)
    for number in range(generators):
        if not any(force.kind == PULL and force.generator == number for force in forces):
            advice = f"Add one of generator {number}, such as real:{number}:pull:1.0."
            raise ArgumentError("forces", _written(forces), "a list with a pull on each generator", advice)
    known = {"real", *map(generator_name, range(generators)), *auxiliary_names(forces)}
    for source in sorted(sources - known):
        accepted = f"a list with the sources {', '.join(sorted(known))}"
        advice = f"It has {source}; count from 0."
        if source.startswith("auxiliary"):
            advice += " Give a dataset of --auxiliary_dataset for each of auxiliary_0, auxiliary_1 and so on."
        raise ArgumentError("forces", _written(forces), accepted, advice)
    return {generators: forces}


def _written(forces):
    return tuple(f"{force.source}:{force.generator}:{force.kind}:{force.weight}" for force in forces)


def auxiliary_names(forces):
    """The names of the auxiliary data sets that are sources of forces, counted from 0."""
    named = {force.source for force in forces if force.source.startswith("auxiliary")}
    return [f"auxiliary_{number}" for number in range(len(named))]
