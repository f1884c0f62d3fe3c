"""What a recipe says: the pictures, its choices with their reasons, and the time that the run will take."""

import textwrap

from tfgan2.flags.durations import duration_text
from tfgan2.methods.base.stage import MAIN

_WIDTH = 110
_WHOLE = {"break_long_words": False, "break_on_hyphens": False}


def of_set(data):
    """Returns a line about a set of pictures, an `ImageSet` with a survey."""
    survey, class_names = data.survey, data.class_names
    low, _, median, _, high = survey.sides
    size = f"{low} pixels" if low == high else f"{low} to {high} pixels, half of them up to {median}"
    colours = {0: "in colour", survey.count: "grey"}.get(survey.grey, f"{survey.grey:,} of them grey")
    parts = [f"{survey.count:,} pictures with a shorter side of {size}", colours]
    parts += [f"{len(class_names)} classes" if class_names else "no classes"]
    for count, about in (
        (survey.oblong, "not square, so cut to their centre"),
        (survey.transparent, "with transparent pixels"),
        (survey.duplicates, "the same as an earlier one"),
        (survey.blank, "nearly of one colour"),
        (survey.left_out, "that cannot be used"),
    ):
        if count:
            parts.append(f"{count:,} {about}")
    return f"{data.name}: {', '.join(parts)}"


def of_choices(choices, config):
    """Returns lines with the choices, those of one reason together.

    Args:
      choices: The `Choice`s.
      config: Path of the configuration with the fixed part.
    """
    by_reason = {}
    for choice in choices:
        by_reason.setdefault(choice.reason, []).append(f"--{choice.flag}={choice.text}")
    lines = [f"recipe {config.stem}; a flag that you give counts instead:"]
    for reason, flags in by_reason.items():
        if reason:
            text = f"{' '.join(flags)}: {reason}"
            lines += textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ", **_WHOLE)
    return lines


def of_estimate(estimate, paces, budget):
    """Returns a line with the time that a run will take.

    Args:
      estimate: The `Estimate`.
      paces: Name of a stage, or `MAIN` -> `Pace`.
      budget: The text of the budget.
    """
    parts = []
    for name, steps in estimate.steps.items():
        what = "" if len(estimate.steps) == 1 else f"{'mixture' if name == MAIN else name}: "
        parts.append(f"{what}{steps:,} steps of {_short(paces[name].step)}")
    start = sum(paces[name].start for name in estimate.steps)
    return (
        f"estimate: {duration_text(estimate.total)} of training, for a budget of {budget} ({'; '.join(parts)}; "
        f"{duration_text(max(1.0, start))} to compile)"
    )


def _short(seconds):
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"
