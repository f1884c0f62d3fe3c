"""The grammar of --stop_when."""

import math

import pytest

from tfgan2.errors import ArgumentError
from tfgan2.flags.stopping import Condition, condition_of


@pytest.mark.parametrize("text", ["never", "flat"])
def test_words_are_no_condition(text):
    assert condition_of(text) is None


@pytest.mark.parametrize(
    ("text", "condition", "met", "missed"),
    [
        ("registered_modes>=25", ("registered_modes", ">=", 25.0), (25.0, 26.0), (24.0, -math.inf)),
        ("fd-classifier-mine < 1.5e1", ("fd-classifier-mine", "<", 15.0), (14.9, -1.0), (15.0, 16.0)),
        (" recall>.5 ", ("recall", ">", 0.5), (0.51,), (0.5, 0.49)),
        ("total_variation<=-0.125", ("total_variation", "<=", -0.125), (-0.125, -1.0), (-0.1249,)),
    ],
)
def test_conditions(text, condition, met, missed):
    found = condition_of(text)
    assert found == Condition(*condition)
    assert all(map(found.holds, met)) and not any(map(found.holds, (*missed, math.nan)))
    assert condition_of(str(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        *("registered_modes", "recall>", ">=25", "recall=0.5", "recall==0.5", "recall>>0.5", "recall>=>0.5"),
        *("recall>half", "recall>nan", "recall<inf", "recall<-inf", "recall>1e999", "recall>0.5,fd<3", "0<recall<1"),
        *("two names>1", "Never", "flat>", "recall>=", "recall>50%", " "),
    ],
)
def test_other_texts(text):
    with pytest.raises(ArgumentError) as error:
        condition_of(text)
    assert str(error.value) == (
        f"stop_when is {text!r}; it must be never, flat, or a score, one of >= <= > < and a finite number. "
        "Try --stop_when='registered_modes>=25', in quotes, because > and < are signs of the shell."
    )
