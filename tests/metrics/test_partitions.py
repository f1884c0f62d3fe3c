"""Agreement of partitions with labels: answers by hand, ends, names that do not matter, errors."""

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.partitions import normalized_mutual_information, purity


def test_by_hand():
    # Joint shares (0, 0): .5, (1, 0): .25, (1, 1): .25. H(C) = ln 2 = .693147, H(Y) = .562335, joint 1.039721, so
    # I = .215761 and 2 I / 1.255482 = .343711. Purity (2 + 1) / 4.
    partition, labels = [0, 0, 1, 1], [0, 0, 0, 1]
    assert normalized_mutual_information(partition, labels) == pytest.approx(0.343711, abs=1e-6)
    assert purity(partition, labels) == 0.75
    assert type(normalized_mutual_information(partition, labels)) is type(purity(partition, labels)) is float
    # The other way round: (2 + 1 of) parts {0, 1, 2} and {3}.
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


def test_ends():
    labels = np.repeat([3, 7, 9], 10)
    for measure in (normalized_mutual_information, purity):
        assert measure(labels, labels) == 1
        assert measure([0], [5]) == 1
    # One part; parts of one sample each; independent ones.
    assert normalized_mutual_information(np.zeros(30, int), labels) == 0
    assert purity(np.zeros(30, int), labels) == pytest.approx(1 / 3)
    assert purity(np.arange(30), labels) == 1 and normalized_mutual_information(np.arange(30), labels) < 0.6
    assert normalized_mutual_information(np.tile([0, 1], 15), labels) == pytest.approx(0, abs=1e-12)


def test_names_and_order_do_not_matter():
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
        ([], [], "labels have shape (0,) and partition (0,); give two lists of one length"),
        ([0, 1], [0, 1, 2], "labels have shape (3,) and partition (2,); give two lists of one length"),
        ([[0]], [[0]], "labels have shape (1, 1) and partition (1, 1); give two lists of one length"),
        ([0.5, 1], [0, 1], "labels are int64 and partition is float64; give integers"),
    ],
)
def test_refused(measure, partition, labels, message):
    with pytest.raises(InputError) as raised:
        measure(partition, labels)
    assert str(raised.value) == message
