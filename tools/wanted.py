"""Rumi-GAN's comparisons: what is measured of wanted and unwanted classes, and the rows of its Table 1."""

import numpy as np

_SAMPLES = 20_000  # of the plane; the share of a mode is then known to a standard error of 0.003

SIBLINGS = {
    "LSGAN": (
        *("--method=standard_gan", "--standard_gan.loss=least_squares", "--standard_gan.discriminator_steps=2"),
        "--network.variant=baseline",
    ),
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

_CLASSES = 10


def shares_of_modes(run, seed, averaged):
    """What part of a run's points is nearest to the modes of each kind."""
    points = run.sample(_SAMPLES, seed=seed, averaged=averaged)
    nearest = np.linalg.norm(points[:, None] - run.data.centers, axis=-1).argmin(axis=1)
    shares = np.bincount(nearest, minlength=len(run.data.centers)) / _SAMPLES
    positive, negative = _classes(run)
    values = {"unwanted": float(shares[sorted(negative - positive)].sum())}
    values["most_unwanted"] = float(shares[sorted(negative - positive)].max())
    for kind, modes in (("wanted", positive - negative), ("shared", positive & negative)):
        if modes:
            values[f"least_{kind}"] = float(shares[sorted(modes)].min())
            values[f"most_{kind}"] = float(shares[sorted(modes)].max())
    return values | {"shares": shares.tolist()}


def share_of_unwanted(run, class_counts):
    """What part of the generated images a classifier takes for classes that are to be left out."""
    positive, negative = _classes(run)
    counts = np.array(class_counts)
    return {"unwanted": float(counts[sorted(negative - positive)].sum() / counts.sum())}


def _classes(run):
    return tuple(set(run.settings.values[f"data.{kind}_classes"]) for kind in ("positive", "negative"))


def table1_rows(dataset, classes):
    """The runs of Table 1 on a data set, as (method, configuration, flags, folder).

    Args:
      dataset: a key of MINORITIES.
      classes: which are run as the minority, numbers separated by commas, or "all".
    """
    config, _, kept, besides = MINORITIES[dataset]
    for label in range(_CLASSES) if classes == "all" else map(int, classes.split(",")):
        others = ",".join(str(other) for other in range(_CLASSES) if other != label)
        chosen = (f"--data.positive_classes={label}", f"--data.negative_classes={others}")
        for name, sibling in SIBLINGS.items():
            flags = (*chosen, f"--data.minority={label}:{kept}", *besides, *sibling)
            yield name, config, flags, f"{name.lower().replace('-', '_')}_{label}"
