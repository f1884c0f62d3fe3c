"""Overlapping classes against the solution of Rumi-LSGAN's game. There the wanted classes have unequal shares."""

import numpy as np

from tfgan2.data.kinds import IMAGES
from tfgan2.data.sources import load
from tfgan2.evaluation.classifier import classifier_of
from tfgan2.methods.rumi.equilibrium import equilibrium
from tfgan2.methods.rumi.solutions import PRESETS
from tfgan2.metrics.frechet import frechet_distance_of_features

_LARGEST = 20_000  # images of a reference


def game_shares(classes, positive, negative):
    """The share of each class at the solution of the game with the default labels and weights.

    Args:
      classes: how many there are; each kind of data has equal shares of its own.
      positive: the classes that are wanted.
      negative: those that are unwanted.
    """
    kinds = [np.isin(np.arange(classes), sorted(kind)) / len(kind) for kind in (positive, negative)]
    return np.array(equilibrium(PRESETS["paper"], *kinds).distribution)


def rows_in_shares(labels, shares, *, most=_LARGEST):
    """Rows of samples in which each class has a given share: as many rows as possible, and at most `most`.

    Args:
      labels: [n] integers, of the samples.
      shares: [K], what part of the rows each class is to have.
      most: rows in all.

    Returns:
      Rows in random order, always the same ones.
    """
    order = np.random.default_rng(0).permutation(len(labels))
    available = np.bincount(labels, minlength=len(shares))[shares > 0]
    total = min(most, int(np.min(available / shares[shares > 0])))
    counts = np.floor(shares * total + 0.5).astype(int)
    chosen = [order[labels[order] == label][:count] for label, count in enumerate(counts) if count]
    return np.random.default_rng(1).permutation(np.concatenate(chosen))


def distances_from_the_game(run, samples, positive, negative):
    """Frechet distances from real images in the game's shares, on the features of the classifier of the data.

    Args:
      run: a trained run on images with labels and a test split.
      samples: what it has generated, images in [0, 1].
      positive: the classes that are wanted.
      negative: those that are unwanted.

    Returns:
      The distances of the samples, and of as many real images of the test split in the game's shares and in equal ones.
    """
    data, test = run.data, load(run.settings.dataset, split="test")
    shares = game_shares(int(data.labels.max()) + 1, positive, negative)
    equal = np.isin(np.arange(len(shares)), sorted(positive)) / len(positive)
    extract = classifier_of(data, cache_dir=run.settings.values.get("data.cache_dir")).extract
    reference = extract(data.samples[rows_in_shares(data.labels, shares)]).features

    def distance(images):
        return float(frechet_distance_of_features(reference, extract(images).features))

    return {
        "distance_from_game": distance(IMAGES.as_stored(samples)),
        **{
            f"real_{name}_from_game": distance(test.samples[rows_in_shares(test.labels, each, most=len(samples))])
            for name, each in (("game", shares), ("equal", equal))
        },
    }
