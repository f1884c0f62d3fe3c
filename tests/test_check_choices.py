"""Hyperparameters that are one of several names."""

from typing import Literal

import pytest

from tfgan2.checks import check_choices


class Painter:
    def __init__(self, *, brush: Literal["flat", "round"] = "flat", paint: Literal["oil", "none"] = "oil"):
        check_choices(Painter.__init__, brush=brush, paint=paint)


def test_listed_names_pass():
    for brush in ("flat", "round"):
        Painter(brush=brush, paint="none")


def test_the_first_unlisted_name_is_named_with_what_is_listed():
    with pytest.raises(ValueError, match=r"^paint is 'acrylic'; it must be one of oil, none\.$"):
        Painter(brush="round", paint="acrylic")
