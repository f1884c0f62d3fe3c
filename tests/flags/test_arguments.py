"""Constructor arguments as flags: signatures, docstrings, and texts to values and back."""

import dataclasses
from pathlib import Path
from typing import Literal, Optional

import pytest

from tfgan2.errors import InputError
from tfgan2.flags.arguments import Argument, arguments_of, first_line, from_text, to_text, type_text


class Family:
    """Networks of a family.

    More about it.

    Args:
      role: not a flag, because it is not keyword-only.
      width: of each layer: the same
        for all.
      activation (str): relu or elu.

      widths: of single layers.
      rate: None is the default rate.
      seed: left out.

    Raises:
      ValueError: width: too small.
    """

    def __init__(
        self,
        role=None,
        *,
        width: int = 64,
        activation: Literal["relu", "elu"] = "relu",
        widths: tuple[int, ...] = (1, 2),
        rate: float | None = None,
        seed: int = 0,
    ):
        pass


def test_arguments_of_a_class():
    assert arguments_of(Family, leave_out=("seed",)) == [
        Argument("width", int, 64, "of each layer: the same for all.", "trajectory"),
        Argument("activation", Literal["relu", "elu"], "relu", "relu or elu.", "trajectory"),
        Argument("widths", tuple[int, ...], (1, 2), "of single layers.", "trajectory"),
        Argument("rate", float | None, None, "None is the default rate.", "trajectory"),
    ]


def test_arguments_of_a_base_class():
    @dataclasses.dataclass(kw_only=True)
    class Base:
        """A base.

        Args:
          width: of each layer.
          depth: number of
            layers.
        """

        width: int = 64
        depth: int = 2

    @dataclasses.dataclass(kw_only=True)
    class Derived(Base):
        """Deeper.

        Args:
          depth: number of layers,
            more than usual.
        """

        depth: int = 8
        rate: float = 0.5

    class Same(Derived):
        """Documents no argument."""

    assert arguments_of(Base) == [
        Argument("width", int, 64, "of each layer.", "trajectory"),
        Argument("depth", int, 2, "number of layers.", "trajectory"),
    ]
    for family in (Derived, Same):
        assert arguments_of(family) == [
            Argument("width", int, 64, "of each layer.", "trajectory"),
            Argument("depth", int, 8, "number of layers, more than usual.", "trajectory"),
            Argument("rate", float, 0.5, "", "trajectory"),
        ]


def test_arguments_of_a_function():
    def family(*, width: "int" = 3):
        """Only a first line."""

    assert arguments_of(family) == [Argument("width", int, 3, "", "trajectory")]
    assert first_line(family) == "Only a first line."
    assert first_line(lambda: None) == ""


def test_an_argument_without_default_is_refused():
    def family(*, width: int):
        pass

    with pytest.raises(InputError) as error:
        arguments_of(family)
    assert (
        str(error.value) == "argument 'width' of family has no default; give it one, so that a flag can be made of it"
    )


@pytest.mark.parametrize(
    "annotation", [dict, int | str, tuple[int, int], list[int], tuple[dict, ...], int | str | None]
)
def test_an_argument_that_no_flag_can_be_made_of_is_refused(annotation):
    def family(*, width=3):
        pass

    family.__annotations__["width"] = annotation
    with pytest.raises(InputError) as error:
        arguments_of(family)
    assert str(error.value) == (
        f"argument 'width' of family has the annotation {annotation}; flags are made of bool, int, float, str, Path, "
        "Literal[...], tuple[int, ...] and any of these | None"
    )


def test_an_argument_without_annotation_is_refused():
    def family(*, width=3):
        pass

    with pytest.raises(InputError, match="argument 'width' of family has the annotation None; flags are made of"):
        arguments_of(family)


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
    read = from_text(annotation, text)
    assert read == value and type(read) is type(value)
    assert from_text(annotation, to_text(value)) == value


def test_floats_keep_all_their_digits():
    for value in (0.1 + 0.2, 1e-300, 2e-4, 12345678.9):
        assert from_text(float, to_text(value)) == value


@pytest.mark.parametrize(
    ("annotation", "text", "message"),
    [
        (bool, "yes", "give true or false"),
        (bool | None, "yes", "give true or false, or None"),
        (int, "1.5", "give a whole number"),
        (int, "1e-3", "give a whole number"),
        (int, "1,000", "give a whole number"),
        (int, "inf", "give a whole number"),
        (int, "nan", "give a whole number"),
        (int, "2147483648", "give a whole number in [0, 2147483647]"),
        (int | None, "-1e400000000", "give a whole number in [0, 2147483647], or None"),
        (int, "9" * 5000, "give a whole number in [0, 2147483647]"),
        (int | None, "x", "give a whole number, or None"),
        (float, "x", "give a finite number"),
        (float, "nan", "give a finite number"),
        (float, "-inf", "give a finite number"),
        (Literal["log", "hinge"], "hing", "did you mean hinge? choose one of log, hinge"),
        (Literal["log", "hinge"], "x", "choose one of log, hinge"),
        (tuple[int, ...], "1,x", "give a whole number"),
        (tuple[Literal["first", "second"], ...], "first,secnd", "did you mean second? choose one of first, second"),
        (str, "--seed=3", "a value cannot begin with '--'; was the value left out?"),
        (Path, "", "give a path"),
        (Path, "a/" + "é" * 128, "a name is too long; a file or folder has one of at most 255 bytes"),
        (Path, "~nobody-/x", "the home folder ~nobody- is not known; for a folder of that name write ./~nobody-"),
        (Path | None, "a\nb", "give a text without blanks at its ends, line breaks and control characters"),
        (str, "a ", "give a text without blanks at its ends, line breaks and control characters"),
        (str, "a\udce4b", "it has bytes that are not UTF-8; rename what it names, or give it a link with another name"),
        (str, "a\nb", "give a text without blanks at its ends, line breaks and control characters"),
    ],
)
def test_texts_of_another_type_are_refused(annotation, text, message):
    with pytest.raises(ValueError) as error:
        from_text(annotation, text)
    assert str(error.value) == message


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
    }
    assert {annotation: type_text(annotation) for annotation in types} == types
