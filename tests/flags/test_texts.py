"""The values of flags as texts, and back."""

from pathlib import Path
from typing import Literal, Optional

import pytest

from tfgan2.errors import ArgumentError
from tfgan2.flags.texts import from_text, to_text, type_text
from tfgan2.ranges import BelowOne, Count, Seed, Width


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (bool, "true", True),
        (bool, "False", False),
        (bool, "1", True),
        (bool | None, "none", None),
        (int, "-3", -3),
        (int | None, "None", None),
        (int | None, "4", 4),
        (int, "1e3", 1000),
        (int, "1_000", 1000),
        (int, "1000.0", 1000),
        (int, "2.5e1", 25),
        (int, "+7", 7),
        (int, "2147483647", 2**31 - 1),
        (tuple[int, ...], "1e2,2", (100, 2)),
        (float, "1e-4", 1e-4),
        (float, "2", 2.0),
        (str, "a b=c", "a b=c"),
        (str, "", ""),
        (str | None, "None", None),
        (str, "None", "None"),
        (Literal["log", "hinge"], "hinge", "hinge"),
        (Literal[8, 16], "16", 16),
        (Optional[Literal["log", "hinge"]], "None", None),  # noqa: UP045
        (tuple[int, ...], "1, 2,3", (1, 2, 3)),
        (tuple[int, ...], "", ()),
        (tuple[Literal["a", "b"], ...], "b,a", ("b", "a")),
        (tuple[float, ...] | None, "1.5", (1.5,)),
        (tuple[str, ...], r"folder:a\,b, c", ("folder:a,b", "c")),
        (tuple[str, ...], r"a\\,b\c", ("a\\", "b\\c")),
        (tuple[int, ...] | None, "None", None),
    ],
)
def test_from_text_and_back(annotation, text, value):
    read = from_text("x", annotation, text)
    assert read == value and type(read) is type(value)
    assert from_text("x", annotation, to_text(value)) == value


def test_floats_keep_all_their_digits():
    for value in (0.1 + 0.2, 1e-300, 2e-4, 12345678.9):
        assert from_text("x", float, to_text(value)) == value


@pytest.mark.parametrize(
    ("annotation", "text", "accepted"),
    [
        (bool, "yes", "true or false."),
        (bool | None, "yes", "true or false, or None."),
        (int, "1.5", "a whole number."),
        (int, "1e-3", "a whole number."),
        (int, "1,000", "a whole number."),
        (int, "inf", "a whole number."),
        (int, "nan", "a whole number."),
        (int, "2147483648", "at most 2147483647."),
        (int | None, "-1e400000000", "at least -2147483647, or None."),
        (int, "9" * 5000, "at most 2147483647."),
        (int | None, "x", "a whole number, or None."),
        (float, "x", "a finite number."),
        (float, "nan", "a finite number."),
        (float, "-inf", "a finite number."),
        (Literal["log", "hinge"], "hing", "one of log, hinge. Did you mean hinge?"),
        (Literal["log", "hinge"], "x", "one of log, hinge."),
        (tuple[int, ...], "1,x", "a list, each item a whole number."),
        (tuple[Literal["first", "second"], ...], "first,secnd", "made of first, second. Did you mean second?"),
        (str, "--seed=3", "a text that does not begin with '--'. Was the value left out?"),
        (Path, "", "a path."),
        (Path, "a/" + "é" * 128, "a path. A name is too long; a file or folder has one of at most 255 bytes."),
        (
            Path,
            "~nobody-/x",
            "a path. The home folder ~nobody- is not known; for a folder of that name write ./~nobody-.",
        ),
        (Path | None, "a\nb", "a text without blanks at its ends, line breaks and control characters."),
        (str, "a ", "a text without blanks at its ends, line breaks and control characters."),
        (str, "a\udce4b", "a text in UTF-8. Rename what it names, or give it a link with another name."),
        (str, "a\nb", "a text without blanks at its ends, line breaks and control characters."),
        (Width, "0", "in [1, 16384]."),
        (Width | None, "20000", "in [1, 16384], or None."),
        (Count, "-1", "at least 1."),
        (Seed, "2147483648", "in [0, 2147483647]."),
        (BelowOne, "1", "in [0, 1)."),
        (tuple[Width, ...], "3,0", "a list, each item in [1, 16384]."),
    ],
)
def test_texts_that_are_refused(annotation, text, accepted):
    with pytest.raises(ArgumentError) as error:
        from_text("rate", annotation, text)
    assert str(error.value) == f"rate is {text!r}; it must be {accepted}"


def test_type_text():
    types = {
        bool: "true|false",
        int | None: "INT",
        float: "FLOAT",
        str: "TEXT",
        Path: "PATH",
        Literal["a", "b"]: "a|b",
        tuple[int, ...] | None: "INT,...",
        tuple[Literal["a", "b"], ...]: "a|b,...",
        Width | None: "INT",
        tuple[BelowOne, ...]: "FLOAT,...",
    }
    assert {annotation: type_text(annotation) for annotation in types} == types
