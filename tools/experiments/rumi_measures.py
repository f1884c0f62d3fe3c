"""What Rumi-GAN's experiments measure of wanted and unwanted classes."""

import numpy as np

from experiments.game_shares import distances_from_the_game
from tfgan2.data.sources import load

_SAMPLES = 200_000  # of the plane; the share of a mode is then known to a standard error of 0.001
_TESTED = range(1000)


def shares_of_modes(run, record, *, seed, averaged):
    """The shares of a run's points that are nearest to the modes of each kind."""
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
    """The shares of generated images that a classifier puts into each class, and into unwanted ones.

    Where classes are both wanted and unwanted, also the share of these.
    """
    positive, negative = _classes(run)
    counts = np.array(record["class_counts"])
    shares = counts / counts.sum()
    values = {"unwanted": float(shares[sorted(negative - positive)].sum()), "shares": shares.tolist()}
    if positive & negative:
        values["shared"] = float(shares[sorted(positive & negative)].sum())
    return values


def shares_and_distances(run, record, *, seed, averaged):
    """`share_and_scores`, and the distances from real images in the shares at the solution of the game."""
    samples = run.sample(record["protocol"]["generated"], seed=seed, averaged=averaged)
    distances = distances_from_the_game(run, samples, *_classes(run))
    return share_and_scores(run, record, seed=seed, averaged=averaged) | distances


def share_and_scores(run, record, *, seed, averaged):
    """`share_of_unwanted`, and how often the discriminator scores a test image of a kind below a generated one.

    Each unwanted image makes a pair with each generated one, and so does each wanted image. Equal scores count half.
    Batch norm takes the statistics of batches of one kind, as in training. Discriminators with class outputs have no
    such value.
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
