"""Scores of predicted classes: values computed by hand, exact samples, degenerate counts, errors."""

import math

import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.metrics.classes import class_counts, modes_covered, negative_share, reverse_kl


def test_class_counts():
    counts = class_counts([2, 0, 2, 2], 4)
    assert counts.tolist() == [1, 0, 3, 0] and counts.dtype == np.int64
    assert class_counts(np.array([1], np.uint8), 2).tolist() == [0, 1]


def test_modes_covered():
    assert modes_covered([20, 0, 1, 19]) == 3 and type(modes_covered([1])) is int
    # A class with exactly the minimum is covered.
    assert modes_covered([20, 0, 1, 19], minimum=20) == 1


def test_modes_covered_depends_on_the_number_of_samples():
    # Expected share of 1,000 modes: 1 - (1 - 1/1000)^2500 = .918. Standard deviation: at most
    # sqrt(1000 * .918 * .082) = 9.
    counts = class_counts(np.random.default_rng(0).integers(1000, size=2500), 1000)
    assert modes_covered(counts) == pytest.approx(918, abs=30)
    # The expected number of missed modes is 1,000 * exp(-26).
    assert modes_covered(class_counts(np.random.default_rng(0).integers(1000, size=26_000), 1000)) == 1000


def test_reverse_kl():
    assert reverse_kl([7] * 10) == pytest.approx(0, abs=1e-12)
    assert reverse_kl([0, 9, 0, 0]) == pytest.approx(math.log(4))
    # Shares .75 and .25: .75 ln 1.5 + .25 ln .5 = .304099 - .173287 = .130812.
    assert reverse_kl([3, 1]) == pytest.approx(0.130812, abs=1e-6)
    # Equal shares of half of the modes give ln 2 for every K. Counts and shares give the same value.
    assert reverse_kl([5, 5, 0, 0]) == pytest.approx(reverse_kl([0.5, 0.5, 0, 0])) == pytest.approx(math.log(2))
    assert reverse_kl([3]) == 0 and type(reverse_kl([3])) is float


def test_reverse_kl_depends_on_the_number_of_samples():
    # Samples of 1,000 equally likely modes: 2,500 samples give .22 nats, and 26,000 samples give K / (2 n) = .019. An
    # exact generator has this value.
    for count, expected in ((2500, 0.223), (26_000, 0.0192)):
        counts = np.bincount(np.random.default_rng(0).integers(1000, size=count), minlength=1000)
        assert reverse_kl(counts) == pytest.approx(expected, rel=0.05)


def test_the_printed_numbers_of_pgmgan_cannot_be_decimal():
    # Take five values of at most 3 with mean 2.97. Their standard deviation is largest if four of them are 3. It is
    # then .067, below the printed .216. In nats .216 is possible.
    assert np.std([3, 3, 3, 3, 5 * 2.97 - 12], ddof=1) == pytest.approx(0.067, abs=1e-3)
    assert reverse_kl(np.eye(1000)[0]) / math.log(10) == pytest.approx(3)
    assert reverse_kl(np.eye(1000)[0]) > 2.97 + 0.216 * 2


def test_one_mode():
    # All samples in one of 1,000 modes: reverse KL ln 1000 = 6.9.
    counts = class_counts([7] * 50, 1000)
    assert modes_covered(counts) == 1 and reverse_kl(counts) == pytest.approx(math.log(1000))


def test_invariant_to_the_order_of_classes_and_samples():
    labels = np.random.default_rng(0).integers(7, size=100)
    counts = class_counts(labels, 7)
    assert class_counts(np.random.default_rng(1).permutation(labels), 7).tolist() == counts.tolist()
    shuffled = np.random.default_rng(2).permutation(counts)
    assert modes_covered(shuffled) == modes_covered(counts)
    assert reverse_kl(shuffled) == pytest.approx(reverse_kl(counts)) == pytest.approx(reverse_kl(10 * counts))


def test_negative_share():
    # 3 of 5 are in class 1 or 2.
    assert negative_share([0, 1, 2, 1, 3], {1, 2}, 4) == 0.6
    assert negative_share([0, 0], [1], 2) == 0.0 and negative_share([1], (1,), 2) == 1.0
    assert type(negative_share([1], [1], 2)) is float


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([], "labels have shape (0,); they must be a list of at least one label."),
        (np.zeros((3, 1), int), "labels have shape (3, 1); they must be a list of at least one label."),
        ([0.0, math.nan], "labels have type float64; they must be integers. Try the argmax of the logits."),
        ([0, 3], "labels are in [0, 3]; with 3 classes they must be in [0, 2]."),
        ([-1, 1], "labels are in [-1, 1]; with 3 classes they must be in [0, 2]."),
    ],
)
def test_bad_labels(labels, message):
    for call in (lambda: class_counts(labels, 3), lambda: negative_share(labels, [1], 3)):
        with pytest.raises(InputError) as raised:
            call()
        assert str(raised.value) == message


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: class_counts([0], 0), "classes is 0; it must be at least 1."),
        (lambda: modes_covered([1], minimum=0), "minimum is 0; it must be at least 1."),
        (
            lambda: negative_share([0], [], 3),
            "negatives is []; it must have at least one of the classes 0 to 2, and not all.",
        ),
        (
            lambda: negative_share([0], [2, 0, 1], 3),
            "negatives is [0, 1, 2]; it must have at least one of the classes 0 to 2, and not all.",
        ),
        (
            lambda: negative_share([0], [3], 3),
            "negatives is [3]; it must have at least one of the classes 0 to 2, and not all.",
        ),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(InputError) as raised:
        call()
    assert str(raised.value) == message


@pytest.mark.parametrize("counts", [[], [0, 0], [1, -1], [math.nan, 1], [math.inf, 1], [[1, 2]], 3])
def test_bad_counts(counts):
    for measure in (reverse_kl, modes_covered):
        with pytest.raises(InputError) as raised:
            measure(counts)
        assert str(raised.value) == (
            f"counts have shape {np.shape(counts)}; they must be a list of finite numbers >= 0, at least one above 0."
        )
