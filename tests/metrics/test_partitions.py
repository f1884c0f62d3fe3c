"""Agreement of partitions with labels: values by hand, smallest and largest values, renumbering, errors."""

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.partitions import normalized_mutual_information, purity


def test_by_hand():
    # The joint shares are .5 for (0, 0), .25 for (1, 0) and .25 for (1, 1). H(C) = ln 2 = .693147, H(Y) = .562335, and
    # the joint entropy is 1.039721. So I = .215761, and the score is 2 I / 1.255482 = .343711. Purity is (2 + 1) / 4.
    partition, labels = [0, 0, 1, 1], [0, 0, 0, 1]
    assert normalized_mutual_information(partition, labels) == pytest.approx(0.343711, abs=1e-6)
    assert purity(partition, labels) == 0.75
    assert type(normalized_mutual_information(partition, labels)) is type(purity(partition, labels)) is float
    # With both exchanged the parts are {0, 1, 2} and {3}, and purity is (2 + 1) / 4.
    assert normalized_mutual_information(labels, partition) == pytest.approx(0.343711, abs=1e-6)
    assert purity([0, 1, 1, 1, 1, 1], [5, 5, 6, 7, 7, 8]) == 0.5


def test_against_entropies():
    random = np.random.default_rng(0)
    labels = random.integers(5, size=400)
    partition = np.where(random.random(400) < 0.6, labels, random.integers(7, size=400))

    def entropy(values):
        shares = np.unique(values, return_counts=True)[1] / 400
        return -np.sum(shares * np.log(shares))

    parts, classes = entropy(partition), entropy(labels)
    expected = 2 * (parts + classes - entropy(10 * partition + labels)) / (parts + classes)
    assert normalized_mutual_information(partition, labels) == pytest.approx(expected, rel=1e-9)
    assert purity(partition, labels) == pytest.approx(
        sum(np.bincount(labels[partition == part]).max() for part in range(7)) / 400
    )


def test_smallest_and_largest_value():
    labels = np.repeat([3, 7, 9], 10)
    for measure in (normalized_mutual_information, purity):
        assert measure(labels, labels) == 1
        assert measure([0], [5]) == 1
    # One part, one part per sample, and a partition that is independent of the labels.
    assert normalized_mutual_information(np.zeros(30, int), labels) == 0
    assert purity(np.zeros(30, int), labels) == pytest.approx(1 / 3)
    assert purity(np.arange(30), labels) == 1 and normalized_mutual_information(np.arange(30), labels) < 0.6
    assert normalized_mutual_information(np.tile([0, 1], 15), labels) == pytest.approx(0, abs=1e-12)


def test_renumbering_and_reordering_change_nothing():
    random = np.random.default_rng(0)
    partition, labels = random.integers(4, size=(2, 100))
    order = random.permutation(100)
    for measure in (normalized_mutual_information, purity):
        expected = measure(partition, labels)
        assert measure(partition[order], labels[order]) == pytest.approx(expected)
        assert measure(np.array([9, -3, 0, 5])[partition], np.array([1, 0, 3, 2])[labels]) == pytest.approx(expected)


@pytest.mark.parametrize("measure", [normalized_mutual_information, purity])
@pytest.mark.parametrize(
    ("partition", "labels", "message"),
    [
        ([], [], "labels and parts have shapes (0,) and (0,); they must be lists of equal length."),
        ([0, 1], [0, 1, 2], "labels and parts have shapes (3,) and (2,); they must be lists of equal length."),
        ([[0]], [[0]], "labels and parts have shapes (1, 1) and (1, 1); they must be lists of equal length."),
        ([0.5, 1], [0, 1], "labels and parts have types int64 and float64; they must be integers."),
    ],
)
def test_errors(measure, partition, labels, message):
    with pytest.raises(InputError) as raised:
        measure(partition, labels)
    assert str(raised.value) == message
