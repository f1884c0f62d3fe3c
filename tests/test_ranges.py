"""Declared ranges: what is accepted, and how what is not is named, in constructors of every form."""

import dataclasses
import math
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pytest

from tfgan2.errors import ArgumentError, InputError
from tfgan2.ranges import (
    BelowOne,
    Count,
    In,
    NonNegative,
    Positive,
    UnitInterval,
    Width,
    check_fields,
    checked,
    not_accepted,
    range_of,
)


@pytest.mark.parametrize(
    ("text", "inside", "outside", "words"),
    [
        ("[0, 1]", (0, 0.5, 1), (-0.1, 1.1), "in [0, 1]"),
        ("[0, 1)", (0, 0.999), (1, -1e-9), "in [0, 1)"),
        ("(0, 1)", (1e-9, 0.5), (0, 1), "in (0, 1)"),
        ("(-1, 1]", (-0.9, 1), (-1, 1.1), "in (-1, 1]"),
        ("[0, inf)", (0, 1e30), (-1e-9, math.inf, math.nan), "at least 0"),
        ("(0.5, inf)", (0.51,), (0.5,), "above 0.5"),
        ("[1, inf)", (1, 2**40), (0,), "at least 1"),
    ],
)
def test_intervals(text, inside, outside, words):
    interval = In(text)
    assert all(value in interval for value in inside)
    assert not any(value in interval for value in outside)
    assert str(interval) == words and interval == In(text)


@pytest.mark.parametrize(
    ("declared", "accepted", "refused"),
    [
        (NonNegative, (0, 0.0, 2, np.float32(1.5)), {-0.5: "at least 0", math.nan: "a finite number of at least 0"}),
        (Positive, (1e-9,), {0: "above 0", math.inf: "a finite number above 0", "1": "a finite number above 0"}),
        (UnitInterval, (0, 1), {1.5: "in [0, 1]"}),
        (BelowOne, (0, 0.99), {1: "in [0, 1)"}),
        (
            Count,
            (1, np.int64(3), 2.0),
            {0: "at least 1", 1.5: "a whole number of at least 1", None: "a whole number of at least 1"},
        ),
        (Width | None, (None, 8), {0: "in [1, 16384], or None", 2**15: "in [1, 16384], or None"}),
        (Literal["log", "hinge"], ("log",), {"lag": "one of log, hinge", None: "one of log, hinge"}),
        (Literal["log"] | None, (None, "log"), {"lag": "one of log, or None"}),
        (tuple[Literal["crop", "flip"], ...], ((), ("flip",), ["crop"]), {("flop",): "made of crop, flip"}),
        (tuple[Width, ...], ((1, 2),), {(1, 0): "a list, each item in [1, 16384]", 3: "a list", "12": "a list"}),
        (bool, (True, False, np.bool_(True)), {"false": "True or False", None: "True or False"}),
        (int, (-5,), {0.5: "a whole number", 2**31: "at most 2147483647", -(2**31): "at least -2147483647"}),
        (Count, (2**31 - 1,), {2**31: "at most 2147483647"}),
        (float, (-5,), {"x": "a finite number"}),
        (str, ("x",), {}),
        (Path | None, (None, "x"), {}),
    ],
)
def test_values(declared, accepted, refused):
    for value in accepted:
        assert not_accepted(declared, value) is None, value
    assert {value: not_accepted(declared, value) for value in refused} == refused


def test_ranges_of_declarations():
    assert range_of(BelowOne) == range_of(BelowOne | None) == range_of(tuple[BelowOne, ...]) == In("[0, 1)")
    assert range_of(float) is None and range_of(Literal["a"]) is None and range_of(Annotated[int, "other"]) is None


class Painter:
    @checked
    def __init__(self, canvas=None, *, brush: Literal["flat", "round"] = "flat", width: Width = 3, other=None):
        self.width = width


@dataclasses.dataclass(kw_only=True)
class Picture:
    share: UnitInterval = 0.5
    rows: Count = 1

    def __post_init__(self):
        check_fields(self)


@dataclasses.dataclass(kw_only=True)
class Larger(Picture):
    rows: Annotated[int, In("[5, 9]")] = 5


@checked
def paint(*, width: Width = 3, seed: "int" = 0):
    return width


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Painter(width=0), "width is 0; it must be in [1, 16384]."),
        (lambda: Painter(brush="thin"), "brush is 'thin'; it must be one of flat, round."),
        (lambda: Picture(share=-0.1), "share is -0.1; it must be in [0, 1]."),
        (lambda: Picture(rows=0), "rows is 0; it must be at least 1."),
        (lambda: Larger(rows=1), "rows is 1; it must be in [5, 9]."),
        (lambda: Larger(share=2), "share is 2; it must be in [0, 1]."),
        (lambda: paint(width=0), "width is 0; it must be in [1, 16384]."),
        (lambda: paint(seed="x"), "seed is 'x'; it must be a whole number."),
    ],
)
def test_calls_are_checked(make, message):
    with pytest.raises(ArgumentError) as error:
        make()
    assert str(error.value) == message and isinstance(error.value, InputError | ValueError)


def test_what_is_accepted_is_made():
    assert Painter(object(), width=4, other=print).width == 4
    assert Larger(share=1, rows=9).rows == 9 and paint() == 3
    with pytest.raises(TypeError, match="unexpected keyword"):
        paint(length=1)
