"""Constructor arguments as flags: signatures, docstrings, and texts to values and back."""

import dataclasses
from typing import Literal

import pytest

from tfgan2.errors import InputError
from tfgan2.flags.arguments import Argument, arguments_of, first_line
from tfgan2.ranges import Width


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
        width: Width = 64,
        activation: Literal["relu", "elu"] = "relu",
        widths: tuple[int, ...] = (1, 2),
        rate: float | None = None,
        seed: int = 0,
    ):
        pass


def test_arguments_of_a_class():
    assert arguments_of(Family, leave_out=("seed",)) == [
        Argument("width", Width, 64, "of each layer: the same for all.", "trajectory"),
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
