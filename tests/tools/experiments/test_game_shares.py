"""Overlapping classes: real images in the shares of the game as a reference."""

import types

import numpy as np
import pytest

from tfgan2.evaluation.features import Features

POSITIVE, NEGATIVE = {1, 2, 4, 5, 7, 9}, {0, 2, 3, 6, 8, 9}
# The game of the default labels and weights: 25 parts of 116 for 1, 4, 5, 7 and 8 for 2 and 9.
SHARES = np.array([0, 25, 8, 0, 25, 25, 0, 25, 0, 8]) / 116


def test_the_shares_of_the_game(tool):
    shares = tool("experiments.game_shares").game_shares(10, POSITIVE, NEGATIVE)
    np.testing.assert_allclose(shares, SHARES, atol=1e-9)


def test_rows_have_the_shares(tool):
    rows_in_shares = tool("experiments.game_shares").rows_in_shares
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(10), 50))
    # 50 of a class are 25 parts, so 232 rows are all that there are.
    rows = rows_in_shares(labels, SHARES)
    assert len(rows) == len(set(rows.tolist())) == 232
    np.testing.assert_array_equal(np.bincount(labels[rows], minlength=10), 232 * SHARES)
    np.testing.assert_array_equal(
        np.bincount(labels[rows_in_shares(labels, SHARES, most=116)], minlength=10), 116 * SHARES
    )
    np.testing.assert_array_equal(rows, rows_in_shares(labels, SHARES))


class Run:
    """A run on images of one pixel. Its grey level is ten times the class, with noise of one level."""

    settings = types.SimpleNamespace(dataset="greys", values={})

    def __init__(self, seed):
        random = np.random.default_rng(seed)
        labels = np.repeat(np.arange(10), 1160)
        levels = 10 * labels + 20 + random.integers(-1, 2, len(labels))
        self.samples, self.labels = levels.astype(np.uint8).reshape(-1, 1, 1, 1), labels

    @property
    def data(self):
        return self


class Levels:
    """An extractor with the feature of a grey level and one that is constant."""

    @staticmethod
    def extract(images):
        levels = images.reshape(-1, 1).astype(float)
        return Features(np.concatenate([levels, np.ones_like(levels)], axis=1), None)


def test_distances(tool, monkeypatch):
    module = tool("experiments.game_shares")
    monkeypatch.setattr(module, "classifier_of", lambda data, cache_dir: Levels)
    monkeypatch.setattr(module, "load", lambda dataset, split: Run(1))
    run = Run(0)

    def distances(shares):
        rows = module.rows_in_shares(run.labels, shares, most=1160)
        return module.distances_from_the_game(run, run.samples[rows] / 255, POSITIVE, NEGATIVE)

    equal = np.isin(np.arange(10), sorted(POSITIVE)) / 6
    in_game, in_equal = distances(SHARES), distances(equal)

    # Of one feature it is the squared distance of the means and that of the standard deviations, 5.98 and 9.98; the
    # noise has a variance of 2/3.
    def moments(shares):
        levels = 10 * np.arange(10)
        mean = shares @ levels
        return mean, np.sqrt(shares @ (levels - mean) ** 2 + 2 / 3)

    apart = sum((first - second) ** 2 for first, second in zip(moments(SHARES), moments(equal), strict=True))
    assert apart == pytest.approx(5.98 + 9.98, abs=0.02)
    assert in_game["distance_from_game"] < 0.02 and in_game["real_game_from_game"] < 0.02
    assert in_equal["distance_from_game"] == pytest.approx(apart, rel=0.05)
    assert in_equal["real_equal_from_game"] == pytest.approx(apart, rel=0.05)
