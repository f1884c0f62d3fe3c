"""Checks of hyperparameters: bounds are accepted, what lies outside is named."""

import math

import pytest

from tfgan2.checks import check_at_least, check_range


def test_accepted():
    check_at_least(1, steps=1, others=5)
    check_at_least(0.0, weight=0.0)
    check_range(0.0, 1.0, low=0.0, high=1.0, middle=0.5)


@pytest.mark.parametrize(("value", "text"), [(-0.5, "-0.5"), (math.nan, "nan")])
def test_refused(value, text):
    with pytest.raises(ValueError, match=rf"^weight is {text}; it must be at least 0\.$"):
        check_at_least(0, other=1, weight=value)
    with pytest.raises(ValueError, match=rf"^share is {text}; it must be in \[0, 1\]\.$"):
        check_range(0, 1, other=1, share=value)


def test_above_a_range():
    with pytest.raises(ValueError, match=r"^share is 1.5; it must be in \[0.0, 1.0\]\.$"):
        check_range(0.0, 1.0, share=1.5)
