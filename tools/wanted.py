"""Rumi-GAN's comparisons: what is measured of wanted and unwanted classes, and the rows of its Table 1."""

import re

import numpy as np
from game_shares import distances_from_the_game

from tfgan2.data.sources import load

_SAMPLES = 200_000  # of the plane; the share of a mode is then known to a standard error of 0.001

_LSGAN = "--method=standard_gan", "--standard_gan.loss=least_squares"
_TWO_UPDATES, _BASELINE = "--standard_gan.discriminator_steps=2", "--network.variant=baseline"

SIBLINGS = {
    "LSGAN": (*_LSGAN, _TWO_UPDATES, _BASELINE),
    **{
        name: (f"--method={method}", f"--{method}.discriminator_steps=2", "--network=acgan_cnn")
        for name, method in (("ACGAN", "acgan"), ("TAC-GAN", "tacgan"), ("CGAN-PD", "cgan_pd"))
    },
    "Rumi-LSGAN": (),
}
"""Method -> the flags that turn a configuration of Rumi-LSGAN for images into it."""

MINORITIES = {
    "mnist": ("rumi_mnist_minority5", "mnist", 200, ()),
    "fashion_mnist": ("rumi_fashion_mnist_overlap", "fashion-mnist", 200, ("--train_steps=10000",)),
    "cifar10": ("rumi_cifar10_minority_horse", "cifar10", 250, ()),
}
"""Dataset -> configuration, name of its classifier's data, images of a class that stay, flags besides."""

ARMS = {
    "LSGAN": SIBLINGS["LSGAN"],
    "LSGAN, one update": (*_LSGAN, _BASELINE),
    "LSGAN, network of Rumi-GAN": (*_LSGAN, _TWO_UPDATES),
    "LSGAN, network of Rumi-GAN, one update": _LSGAN,
    "ACGAN": SIBLINGS["ACGAN"],
    "ACGAN, labels concatenated": (*SIBLINGS["ACGAN"], "--network.labels=concatenated"),
    "TAC-GAN": SIBLINGS["TAC-GAN"],
    "CGAN-PD": SIBLINGS["CGAN-PD"],
    "Rumi-LSGAN": (),
    "Rumi-LSGAN, two updates": ("--rumi.discriminator_update=alternate",),
    "Rumi-LSGAN, one batch of all kinds": ("--rumi.passes=together",),
    "Rumi-LSGAN, labels of the code": ("--rumi.preset=code",),
    "Rumi-LSGAN, weights 1 and 0.5": ("--rumi.positive_weight=1", "--rumi.negative_weight=0.5"),
    "Rumi-LSGAN, no negative weight": ("--rumi.negative_weight=0",),
}
"""Method, what differs in it -> the same flags; updates are the discriminator's for one of the generator."""

_CLASSES = 10
_TESTED = range(1000)


def shares_of_modes(run, record, *, seed, averaged):
    """What part of a run's points is nearest to the modes of each kind."""
    shares = counts_at_modes(run, _SAMPLES, seed=seed, averaged=averaged) / _SAMPLES
    positive, negative = _classes(run)
    values = {"unwanted": float(shares[sorted(negative - positive)].sum())}
    values["most_unwanted"] = float(shares[sorted(negative - positive)].max())
    for kind, modes in (("wanted", positive - negative), ("shared", positive & negative)):
        if modes:
            values[f"least_{kind}"] = float(shares[sorted(modes)].min())
            values[f"most_{kind}"] = float(shares[sorted(modes)].max())
    return values | {"shares": shares.tolist()}


def counts_at_modes(run, count, *, seed, averaged):
    """How many of a run's points are nearest to each mode."""
    points = run.sample(count, seed=seed, averaged=averaged)
    nearest = np.linalg.norm(points[:, None] - run.data.centers, axis=-1).argmin(axis=1)
    return np.bincount(nearest, minlength=len(run.data.centers))


def share_of_unwanted(run, record, *, seed, averaged):
    """What part of the generated images a classifier takes for each class, and for those that are to be left out.

    Where classes are wanted and unwanted, also for these.
    """
    positive, negative = _classes(run)
    counts = np.array(record["class_counts"])
    shares = counts / counts.sum()
    values = {"unwanted": float(shares[sorted(negative - positive)].sum()), "shares": shares.tolist()}
    if positive & negative:
        values["shared"] = float(shares[sorted(positive & negative)].sum())
    return values


def shares_and_distances(run, record, *, seed, averaged):
    """Beside `share_and_scores` the distances from real images in the shares that the game ends with."""
    samples = run.sample(record["protocol"]["generated"], seed=seed, averaged=averaged)
    distances = distances_from_the_game(run, samples, *_classes(run))
    return share_and_scores(run, record, seed=seed, averaged=averaged) | distances


def share_and_scores(run, record, *, seed, averaged):
    """Beside `share_of_unwanted` how often the discriminator puts a test image of a kind below a generated one.

    An unwanted and a generated image are a pair, as are a wanted and a generated one; equal scores count half. Batch
    norm takes the statistics of batches of one kind, as in training. Discriminators with class outputs are left out.
    """
    positive, negative = _classes(run)
    values = share_of_unwanted(run, record, seed=seed, averaged=averaged)
    if len(run.model.discriminator.outputs) > 1:
        return values
    test = load(run.settings.dataset, split="test")
    fakes = _scores(run, run.sample(len(_TESTED), seed=seed, averaged=averaged))
    for kind, classes in (("wanted", positive), ("unwanted", negative - positive)):
        rows = np.flatnonzero(np.isin(test.labels, sorted(classes)))[_TESTED]
        scores = _scores(run, test.samples[rows].astype(np.float32) / 255)
        below = np.mean(scores[:, None] < fakes) + np.mean(scores[:, None] == fakes) / 2
        values[f"{kind}_below_fakes"] = float(below)
    return values


def _scores(run, images):
    """The discriminator's scores [n] of images in [0, 1]."""
    blocks = np.split(run.scaling.to_network(images), len(images) // run.settings.batch_size)
    return np.concatenate([run.model.discriminator(block, training=True).numpy()[:, 0] for block in blocks])


def _classes(run):
    return tuple(set(run.settings.values[f"data.{kind}_classes"]) for kind in ("positive", "negative"))


_SIZE = (
    *("--network.width_multiplier=0.25", "--batch_size=50", "--train_steps=3000"),
    "--optimizer.learning_rate=0.0006",
)
_EVEN = "--data.positive_classes=0,2,4,6,8", "--data.negative_classes=1,3,5,7,9"
_NO_WEIGHT = "Rumi-LSGAN, no negative weight"
_OVERLAPPING = "LSGAN", "Rumi-LSGAN", "Rumi-LSGAN, one batch of all kinds"


def reduced_rows():
    """Two experiments of Fashion-MNIST at a width and length that a CPU does in minutes.

    Yields:
      (table, name, configuration, flags, folder), for even against odd classes, also at equal network and updates, and
      for class 5, cut to 200 images, against all others.
    """
    for name in (*SIBLINGS, "LSGAN, network of Rumi-GAN, one update", _NO_WEIGHT):
        yield "Even classes", *_reduced("even", name, _EVEN)
    for name in (*SIBLINGS, _NO_WEIGHT):
        minority = *_against_all(5), "--data.minority=5:200"
        yield "A minority of 200 sandals", *_reduced("minority", name, minority)


def digits_rows():
    """Digits of 8 x 8 pixels at a width and length that a CPU does in a minute.

    Yields:
      (table, name, configuration, flags, folder), for even against odd digits with every one of `ARMS`, and for the
      overlapping classes of Fashion-MNIST's configuration.
    """
    size = "--network.width_multiplier=0.25", "--train_steps=4000"
    for name, flags in ARMS.items():
        yield "Even digits", name, "rumi_digits", (*size, *flags), _folder(name)
    overlap = "--data.positive_classes=1,2,4,5,7,9", "--data.negative_classes=0,2,3,6,8,9"
    for name in _OVERLAPPING:
        yield "Overlapping digits", name, "rumi_digits", (*size, *overlap, *ARMS[name]), f"overlap_{_folder(name)}"


def reduced_overlap_rows():
    """The same size with the overlapping classes of the configuration: (name, configuration, flags, folder)."""
    for name in _OVERLAPPING:
        yield _reduced("overlap", name, ())


def _reduced(experiment, name, classes):
    return name, "rumi_fashion_mnist_overlap", (*classes, *_SIZE, *ARMS[name]), f"{experiment}_{_folder(name)}"


def _folder(name):
    return "_".join(re.findall("[a-z0-9]+", name.lower().replace(".", "")))


def overlap_rows():
    """The runs behind the curves of Figure 3, at the paper's size.

    The two were measured by classifiers of two trainings, so each has a table of its own.

    Yields:
      (table, name, configuration, flags, folder).
    """
    length = "--train_steps=10000", "--checkpoint_every=500", "--evaluate_every=500", "--evaluate_metrics=frechet"
    for name in ("LSGAN", "Rumi-LSGAN"):
        folder = name.lower().replace("-", "_")
        yield (
            f"{name}, by a classifier of its own",
            name,
            "rumi_fashion_mnist_overlap",
            (*length, *SIBLINGS[name]),
            folder,
        )


def table1_rows(dataset, classes):
    """The runs of Table 1 on a data set, as (method, configuration, flags, folder).

    Args:
      dataset: a key of MINORITIES.
      classes: which are run as the minority, numbers separated by commas, or "all".
    """
    config, _, kept, besides = MINORITIES[dataset]
    for label in range(_CLASSES) if classes == "all" else map(int, classes.split(",")):
        for name, sibling in SIBLINGS.items():
            flags = (*_against_all(label), f"--data.minority={label}:{kept}", *besides, *sibling)
            yield name, config, flags, f"{name.lower().replace('-', '_')}_{label}"


def _against_all(label):
    others = ",".join(str(other) for other in range(_CLASSES) if other != label)
    return f"--data.positive_classes={label}", f"--data.negative_classes={others}"
