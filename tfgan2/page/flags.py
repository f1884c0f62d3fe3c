"""The flags of a run, and the command lines to go on with it."""

import shlex

from tfgan2.flags.texts import to_text
from tfgan2.page.elements import commands, element, table
from tfgan2.run.workdir import FLAGFILE, recorded_choices

_OF_EVERY_RUN = ("workdir", "method", "dataset", "network", "train_steps")


def flags_of(workdir, settings):
    """Returns the elements with the flags of a run: those that differ from their defaults, then all others.

    If a recipe chose flags, its reasons stand before their meanings.
    """
    reasons = _reasons(workdir, settings)
    chosen = [flag for flag, argument in settings.declared.items() if _differs(settings, flag, argument)]
    rows = [_row(settings, flag, reasons) for flag in chosen]
    others = [
        _row(settings, flag, reasons) for flag in settings.declared if flag in settings.values and flag not in chosen
    ]
    head = ("flag", "value", "default", "meaning")
    all_others = element("summary", f"The {len(others)} flags at their defaults")
    return (
        element("p", f"These {len(rows)} flags differ from their defaults."),
        table(head, rows, class_="flags"),
        element("details", all_others, table(head, others, class_="flags")),
    )


def commands_of(workdir, settings):
    """Returns the elements with the commands that continue, sample, evaluate and export a run."""
    place = shlex.quote(str(workdir))
    again = f"python -m tfgan2.train --flagfile={shlex.quote(str(workdir / FLAGFILE))} --workdir={place}"
    longer = f"--train_steps={2 * settings.train_steps}"
    lines = {
        "Continue the training, or train longer": [
            again,
            f"{again} {longer}",
        ],
        "Draw samples": [f"python -m tfgan2.sample --workdir={place} --output=samples.png"],
        "Evaluate": [evaluation_of(workdir)],
        "Export a SavedModel, or a file for other programs": [
            f"python -m tfgan2.export --workdir={place}",
            f"python -m tfgan2.export --workdir={place} --format=onnx",
        ],
        "Write this page again": [f"python -m tfgan2.report --workdir={place}"],
    }
    return tuple(part for title, block in lines.items() for part in (element("h3", title), commands(block)))


def evaluation_of(workdir):
    """Returns the command line that evaluates a run."""
    return f"python -m tfgan2.evaluate --workdir={shlex.quote(str(workdir))}"


def _differs(settings, flag, argument):
    value = settings.values.get(flag)
    if flag == "schedule_steps" and value == settings.train_steps:
        return False
    return flag in _OF_EVERY_RUN or (flag in settings.values and value != argument.default)


def _row(settings, flag, reasons):
    argument = settings.declared[flag]
    reason = element("p", element("strong", f"Chosen by the recipe: {reasons[flag]}.")) if flag in reasons else None
    return f"--{flag}", _text(settings.values[flag]), _text(argument.default), (reason, argument.help)


def _reasons(workdir, settings):
    """Flag -> the reason why a recipe chose its value. Empty without a recipe."""
    values = {flag: to_text(value) for flag, value in settings.values.items()}
    return {
        choice["flag"]: choice["reason"]
        for choice in recorded_choices(workdir).get("choices", ())
        if choice["reason"] and values.get(choice["flag"]) == choice["text"]
    }


def _text(value):
    return to_text(value) or "empty"
