"""P2GAN's phases: the number of generators in each, and the forces between them."""

from tfgan2.losses.divergences import DIVERGENCES
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
      ValueError: a value is out of range, no force pulls a generator, or two arguments contradict each other.
    """
    divergences = {PULL: pull_divergence, PUSH: push_divergence}
    for kind, divergence in divergences.items():
        if divergence not in DIVERGENCES:
            raise ValueError(f"{kind}_divergence is {divergence!r}; it must be one of {', '.join(DIVERGENCES)}.")
    if forces:
        if num_generators != 1 or grow_every or auxiliary != "joint":
            raise ValueError(
                "forces is a list, which says how many generators there are; leave out num_generators, grow_every and "
                "auxiliary, or the list."
            )
        return _listed([parse_force(text, divergences) for text in forces])
    for name, value, least in (("num_generators", num_generators, 1), ("grow_every", grow_every, 0)):
        if value < least:
            raise ValueError(f"{name} is {value}; it must be at least {least}.")
    if not 0 <= push_weight < float("inf"):
        raise ValueError(f"push_weight is {push_weight}; it must be at least 0 and finite.")
    for name, value, accepted in (
        ("push", push, ("mutual", "sequential")),
        ("auxiliary", auxiliary, ("joint", "frozen")),
    ):
        if value not in accepted:
            raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(accepted)}.")
    how = {"push": push, "push_weight": push_weight, "divergences": divergences}
    if auxiliary == "frozen":
        if not grow_every:
            raise ValueError("auxiliary is 'frozen', which needs grow_every: steps after which a generator is frozen.")
        how["push"] = "sequential"  # frozen generators cannot be pushed
        return {k: forces_among(k, moving=[k - 1], **how) for k in range(1, num_generators + 1)}
    first = 1 if grow_every else num_generators
    return {k: forces_among(k, moving=range(k), **how) for k in range(first, num_generators + 1)}


def schedule_of(phases, grow_every, train_steps):
    """The pairs (phase, last step) of all phases.

    Raises:
      ValueError: the run ends before all generators have started.
    """
    *growing, last = phases
    if len(growing) * grow_every >= train_steps:
        raise ValueError(
            f"grow_every is {grow_every}: the last of {last} generators would begin at step "
            f"{len(growing) * grow_every}, but the run ends at step {train_steps}; train longer, or grow earlier."
        )
    return [(phase, phase * grow_every) for phase in growing] + [(last, train_steps)]


def _listed(forces):
    """The one phase of a list of forces. Every generator needs a pull."""
    numbers = {force.generator for force in forces}
    sources = {force.source for force in forces}
    generators = 1 + max(numbers)
    for number in range(generators):
        if not any(force.kind == PULL and force.generator == number for force in forces):
            raise ValueError(f"forces has no pull on generator {number}; each generator needs one, such as "
                             f"real:{number}:pull:1.0.")  # fmt: skip
    known = {"real", *map(generator_name, range(generators)), *auxiliary_names(forces)}
    for source in sorted(sources - known):
        raise ValueError(f"forces has the source {source}, but only {', '.join(sorted(known))}; count from 0.")
    return {generators: forces}


def auxiliary_names(forces):
    """The names of the auxiliary data sets that are sources of forces, counted from 0."""
    named = {force.source for force in forces if force.source.startswith("auxiliary")}
    return [f"auxiliary_{number}" for number in range(len(named))]
