"""P2GAN's experiments: growth on the ring of its Figure 1, numbers of generators on digits, constrained generation."""

import numpy as np

from experiments.definition import Experiment, Row, of_images
from experiments.rumi_measures import counts_at_modes
from tfgan2.data.selection import numbers_of

_TUNED = "p2gan_ring8_tuned"
_CHANGES = {
    "weights of std 0.01": "--network.initializer=normal_0.01",
    "one hidden layer": "--network.discriminator_hidden_layers=1",
    "256 latents": "--network.latent_dim=256",
    "rate 0.0002": "--optimizer.learning_rate=0.0002",
    "gamma 0": "--p2gan.gamma=0",
    "joint": "--p2gan.auxiliary=joint",
}
"""Change of the tuned settings -> the flag that undoes it."""

_PUSH_WEIGHTS = ("0", "0.01", "0.05", "0.1", "0.3", "3")
"""The sweep on the ring, beside the tuned configuration's weight."""

_FORCES = {
    "the data's pull on 0": ("real:0:pull", 1),
    "the data's pull on 1": ("real:1:pull", 1),
    "the unwanted's pull on 1": ("auxiliary_0:1:pull", 0.1),
    "the unwanted's push on 0": ("auxiliary_0:0:push", 0.5),
    "the push of 1 on 0": ("generator_1:0:push", 0.5),
    "the push of 0 on 1": ("generator_0:1:push", 0.5),
}
"""The six forces of the configurations of constrained generation, and their weights."""

_PUBLISHED_PUSH = 0.01
_POINTS = 5_000


def _ring_rows():
    """The ring with the published and the tuned settings, each change undone, and the sweep of the push weight."""
    alone = ("--p2gan.num_generators=1", "--p2gan.grow_every=0")
    frozen = ("--p2gan.auxiliary=frozen",)
    yield Row("GAN, published settings", "p2gan_ring8", alone, "gan")
    yield Row("P2GAN, joint, published settings", "p2gan_ring8", (), "joint")
    yield Row("P2GAN, frozen, published settings", "p2gan_ring8", frozen, "frozen")
    yield Row("GAN, tuned settings", _TUNED, (*alone, "--p2gan.auxiliary=joint"), "tuned_gan")
    yield Row("P2GAN, tuned", _TUNED, (), "tuned")
    for name, flag in _CHANGES.items():
        yield Row(f"tuned, but {name}", _TUNED, (flag,), f"but_{name.replace(' ', '_').replace('.', '')}")
    for weight in _PUSH_WEIGHTS:
        folder = f"alpha_{weight.replace('.', '')}"
        yield Row(f"tuned, alpha {weight}", _TUNED, (f"--p2gan.push_weight={weight}",), folder)


def _numbers_of_generators():
    """Digits with 1, 3 and 5 generators, and the same number of steps."""
    measured = ("--evaluate_every=1000", "--evaluate_metrics=frechet")
    for count in (1, 3, 5):
        growth = () if count > 1 else ("--p2gan.grow_every=0",)
        name = f"{count} generators" if count > 1 else "1 generator, the standard GAN"
        yield Row(name, "p2gan_digits", (f"--p2gan.num_generators={count}", *growth, *measured), f"k{count}")


def _convolutional_rows():
    """The garments with convolutional networks."""
    config = "p2gan_garments_constrained_cnn"
    yield _alone(config)
    yield Row("P2GAN, pushes of 0.5", config, (), "pushed")
    yield Row("P2GAN, pushes of 0.5, no augmentation", config, ("--network.augmentation=",), "no_augmentation")


def _constrained_rows(config, *, each=False):
    """One generator alone, the published pushes, ours, and without each of the forces."""
    yield _alone(config)
    published = {name: _PUBLISHED_PUSH for name, (force, _) in _FORCES.items() if force.endswith("push")}
    yield Row("P2GAN, published pushes of 0.01", config, (_forces(published),), "published")
    yield Row("P2GAN, pushes of 0.5", config, (), "pushed")
    if each:
        rate = ("--optimizer.generator.learning_rate=0.0005",)
        yield Row("generators as fast as discriminators", config, rate, "same_rate")
        for number, name in enumerate(_FORCES):
            yield Row(f"without {name}", config, (_forces({name: 0}),), f"without_{number}")


def _alone(config):
    return Row("GAN", config, ("--p2gan.forces=real:0:pull:1",), "gan")


def _forces(weights):
    """The flag of all forces, some of them with other weights."""
    texts = (f"{force}:{weights.get(name, weight)}" for name, (force, weight) in _FORCES.items())
    return f"--p2gan.forces={','.join(texts)}"


def _owners(run, record, *, seed, averaged):
    """The number of modes that are the most frequent mode of some generator."""
    counts = [row for row in np.array([*record.get("occupancy", {}).values()]) if row.any()]
    return {"owned_modes": len({int(row.argmax()) for row in counts})} if counts else {}


def _classes_of_the_first(run, record, *, seed, averaged):
    """The number of classes with at least 1 in 100 of the first generator's samples."""
    counts = np.array(record.get("occupancy", {}).get("generator_0", record["class_counts"]))
    return {"classes_of_the_first": int(np.count_nonzero(counts >= max(1, counts.sum() / 100)))}


def _share_of_auxiliary(run, record, *, seed, averaged):
    """The share of samples in the auxiliary classes: of images by a classifier, of points by the nearest mode."""
    named = run.settings.values["data.auxiliary_classes"]
    auxiliary = list(numbers_of("auxiliary_classes", named, run.data))
    if "class_counts" in record:
        counts = np.array(record["class_counts"])
    else:
        counts = counts_at_modes(run, _POINTS, seed=seed, averaged=averaged)
    return {"unwanted": float(counts[auxiliary].sum() / counts.sum())}


def _constrained(about, rows, data):
    distance = {f"fd-classifier-{data}": "Fréchet distance", "prd_f8": "PRD F8", "prd_f1_8": "PRD F1/8"}
    measures = {"unwanted": "unwanted", **distance}
    return of_images(about, rows, "rumi-classifier-1k", measures, measure=_share_of_auxiliary, beside=1)


EXPERIMENTS = {
    "p2gan_ring8": Experiment(
        about="P2GAN's growth on a ring of eight Gaussians",
        rows=tuple(_ring_rows()),
        protocol="ring8-2k",
        measures={
            "registered_modes": "modes",
            "registered_points": "points",
            "specialization": "specialization",
            "owned_modes": "modes owned",
        },
        title="2,000 generated points over the ring, seed 0",
        grown="tuned",
        measure=_owners,
    ),
    "p2gan_digits": of_images(
        "one, three and five generators of P2GAN on 8 x 8 digits",
        _numbers_of_generators(),
        "classifier-digits",
        {
            "modes_covered": "classes",
            "classes_of_the_first": "classes of the first",
            "fd-classifier-digits": "Fréchet distance",
            "precision": "precision",
            "recall": "recall",
            "specialization": "specialization",
        },
        noun="digits",
        curves=("coverage/fd-classifier-digits", "generator/loss"),
        measure=_classes_of_the_first,
    ),
    "p2gan_constrained": _constrained(
        "P2GAN's constrained generation: trousers without dresses, and without each force",
        _constrained_rows("p2gan_garments_constrained", each=True),
        "fashion-mnist",
    ),
    "p2gan_constrained_cnn": _constrained(
        "P2GAN's constrained generation with convolutional networks", _convolutional_rows(), "fashion-mnist"
    ),
    "p2gan_constrained_digits": _constrained(
        "P2GAN's constrained generation: threes without eights",
        _constrained_rows("p2gan_digits_constrained"),
        "digits",
    ),
    "p2gan_constrained_blobs": Experiment(
        about="P2GAN's constrained generation on points",
        rows=tuple(_constrained_rows("p2gan_blobs_constrained")),
        protocol="modes-2k",
        measures={"unwanted": "unwanted", "good_fraction": "near a mode"},
        title="2,000 generated points over the data, seed 0",
        decimals=3,
        measure=_share_of_auxiliary,
        source="blobs",
        beside=1,
    ),
}
