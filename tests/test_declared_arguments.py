"""Every constructor and function with flags refuses from Python what its declarations do not accept."""

import ast
import typing
from pathlib import Path
from typing import Literal

import pytest

import tfgan2
from tfgan2.data import images, selection, stacked, static_background, synthetic
from tfgan2.errors import ArgumentError
from tfgan2.flags.arguments import arguments_of
from tfgan2.methods import METHODS
from tfgan2.methods.base.regularization import Regularizers
from tfgan2.networks import BACKBONES, NETWORKS
from tfgan2.optimizers import make_optimizer
from tfgan2.ranges import not_accepted, range_of, type_of, without_none

PACKAGE = Path(tfgan2.__file__).parent
FACTORIES = {
    **METHODS,
    **{f"stage {stage.name}": stage.game for method in METHODS.values() for stage in method.stages},
    **NETWORKS,
    **BACKBONES,
    "regularizers": Regularizers,
    **synthetic.SOURCES,
    "static_background": static_background.load_static_background,
    "images": lambda **arguments: images.load_images("digits", **arguments),
    "stacked": lambda **arguments: stacked.load_stacked("stacked:digits", **arguments),
    "selection": lambda **arguments: selection.select(None, 0, **arguments),
    "optimizer": lambda **arguments: make_optimizer(**{"schedule_steps": 1} | arguments),
}
SIGNATURES = FACTORIES | {"images": images.load_images, "stacked": stacked.load_stacked}
SIGNATURES |= {"selection": selection.select, "optimizer": make_optimizer}


def declared():
    """(factory, argument, a value that its declaration does not accept) of all lists, choices and numbers in ranges."""
    for name, factory in SIGNATURES.items():
        for argument in arguments_of(factory, leave_out=("schedule_steps",)):
            form = typing.get_origin(type_of(without_none(argument.annotation)[0]))
            has_range = range_of(argument.annotation) is not None
            bad = "of another world" if form is Literal else -(2**40)
            bad = (bad,) if form is tuple and has_range else bad
            if form in (Literal, tuple) or has_range:
                yield pytest.param(name, argument, bad, id=f"{name}-{argument.name}")


@pytest.mark.parametrize(("name", "argument", "bad"), declared())
def test_values_that_are_not_accepted(name, argument, bad):
    with pytest.raises(ArgumentError) as error:
        FACTORIES[name](**{argument.name: bad})
    assert (error.value.name, error.value.value) == (argument.name, bad)
    accepted = not_accepted(argument.annotation, bad)
    assert str(error.value) == f"{argument.name} is {bad!r}; it must be {accepted}."


# A number without a range is one that may be anything, which is rare.
ANY_NUMBER = {"positive_label", "negative_label", "fake_label", "generator_label", "negative_weight"}


@pytest.mark.parametrize("name", SIGNATURES)
def test_numbers_have_ranges(name):
    for argument in arguments_of(SIGNATURES[name], leave_out=("schedule_steps",)):
        kind = type_of(without_none(argument.annotation)[0])
        if kind in (int, float) and argument.name not in ANY_NUMBER:
            assert range_of(argument.annotation) is not None, argument.name


def is_about_an_argument(node):
    """Whether a `raise` says "NAME is VALUE" of a variable NAME in another error than ArgumentError."""
    call = node.exc
    if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("ValueError", "InputError") and call.args):
        return False
    values = getattr(call.args[0], "values", [])
    if len(values) < 2 or not isinstance(values[0], ast.Constant) or not isinstance(values[1], ast.FormattedValue):
        return False
    name, is_, rest = str(values[0].value).partition(" is ")
    return bool(is_) and not rest and ast.unparse(values[1].value).split(".")[-1] == name


# A stream is a name in a train step and no argument that a user sets.
@pytest.mark.parametrize("module", sorted({*PACKAGE.rglob("*.py")} - {PACKAGE / "methods/base/streams.py"}), ids=str)
def test_an_error_about_an_argument_carries_its_name(module):
    raised = (node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Raise))
    assert [node.lineno for node in raised if is_about_an_argument(node)] == []


class Own(tfgan2.GenerativeGame):
    """A subclass that declares nothing."""

    def __init__(self, *, seed=0, prior="normal"):
        super().__init__({}, seed=seed, prior=prior)


def test_a_method_that_declares_nothing_is_checked_by_its_base():
    with pytest.raises(ArgumentError, match=r"^seed is -1; it must be in \[0, 2147483647\]\.$"):
        Own(seed=-1)
    with pytest.raises(ArgumentError, match=r"^prior is 'gauss'; it must be one of normal, uniform, bimodal\.$"):
        Own(prior="gauss")
