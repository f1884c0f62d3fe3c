"""P2GAN's comparisons: on the ring of its Figure 1, and of numbers of generators on digits."""

import numpy as np

_TUNED = "p2gan_ring8_tuned"
_CHANGES = {
    "weights of std 0.01": "--network.initializer=normal_0.01",
    "one hidden layer": "--network.discriminator_hidden_layers=1",
    "256 latents": "--network.latent_dim=256",
    "rate 0.0002": "--optimizer.learning_rate=0.0002",
    "gamma 0": "--p2gan.gamma=0",
    "joint": "--p2gan.auxiliary=joint",
}
"""What the tuned settings change -> the flag that undoes it."""

_PUSH_WEIGHTS = ("0", "0.01", "0.05", "0.1", "0.3", "3")
"""Those of the sweep on the ring, beside that of the tuned configuration."""


def owners(run, record, *, seed, averaged):
    """How many modes are the one that some generator makes most of."""
    counts = [row for row in np.array([*record.get("occupancy", {}).values()]) if row.any()]
    return {"owned_modes": len({int(row.argmax()) for row in counts})} if counts else {}


def ring_rows():
    """(name, configuration, flags, folder) of the runs on the ring: as published, tuned, each change, and the sweep."""
    alone = ("--p2gan.num_generators=1", "--p2gan.grow_every=0")
    frozen = ("--p2gan.auxiliary=frozen",)
    yield "GAN, published settings", "p2gan_ring8", alone, "gan"
    yield "P2GAN, joint, published settings", "p2gan_ring8", (), "joint"
    yield "P2GAN, frozen, published settings", "p2gan_ring8", frozen, "frozen"
    yield "GAN, tuned settings", _TUNED, (*alone, "--p2gan.auxiliary=joint"), "tuned_gan"
    yield "P2GAN, tuned", _TUNED, (), "tuned"
    for name, flag in _CHANGES.items():
        yield f"tuned, but {name}", _TUNED, (flag,), f"but_{name.replace(' ', '_').replace('.', '')}"
    for weight in _PUSH_WEIGHTS:
        yield f"tuned, alpha {weight}", _TUNED, (f"--p2gan.push_weight={weight}",), f"alpha_{weight.replace('.', '')}"


def numbers_of_generators():
    """(name, configuration, flags, folder) of the runs on digits with 1, 3 and 5 generators, of equally many steps."""
    measured = ("--evaluate_every=1000", "--evaluate_metrics=frechet")
    for count in (1, 3, 5):
        growth = () if count > 1 else ("--p2gan.grow_every=0",)
        name = f"{count} generators" if count > 1 else "1 generator, the standard GAN"
        yield name, "p2gan_digits", (f"--p2gan.num_generators={count}", *growth, *measured), f"k{count}"


def classes_of_the_first(run, record, *, seed, averaged):
    """How many classes make up 1 in 100 or more of the first generator's samples."""
    counts = np.array(record.get("occupancy", {}).get("generator_0", record["class_counts"]))
    return {"classes_of_the_first": int(np.count_nonzero(counts >= max(1, counts.sum() / 100)))}
