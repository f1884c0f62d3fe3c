"""The pages of exit codes, warnings, and the names of methods, datasets and networks, from the code."""

import inspect

from manual.texts import page, paragraphs, plain
from tfgan2 import errors
from tfgan2.data.sources import SOURCES
from tfgan2.diagnosis.checks import CHECKS
from tfgan2.evaluation.markdown import markdown_table
from tfgan2.flags.arguments import first_line
from tfgan2.methods import METHODS
from tfgan2.networks import BACKBONES, NETWORKS


def pages():
    """Path -> text."""
    return {
        "reference/exit_codes.md": exit_codes(),
        "reference/warnings.md": warnings(),
        "reference/names.md": names(),
    }


def exit_codes():
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass) if "exit_code" in vars(each)]
    rows = [(each.exit_code, paragraphs(inspect.getdoc(each))[0]) for each in classes]
    rows += [(0, "The command succeeded."), (1, "The program has a bug. A traceback shows the place.")]
    return page(
        "Exit codes",
        "Every command ends with one of these codes. A message on standard error says what came, what is accepted and "
        "what to do.",
        markdown_table(("code", "meaning"), sorted(rows)),
        "The signals of code 75 are Ctrl-C, SIGTERM, SIGHUP (a closed terminal, but not under `nohup`), SIGUSR1 and "
        "SIGUSR2. The run saves a checkpoint first. A script for a cluster may start the same command again after the "
        "codes 69 and 75.",
    )


def warnings():
    parts = [
        f'## {check.__name__}\n\n*After each line of kind "{kind}".*\n\n'
        + "\n\n".join(paragraphs(inspect.getdoc(check)))
        for kind, checks in CHECKS.items()
        for check in checks
    ]
    return page(
        "Warnings of a run",
        "A run looks for what goes wrong most often. It prints one line when a finding begins, with what to do, and "
        "one when it is over. `metrics.jsonl` has both as lines of the kind `warning`. TensorBoard shows "
        "`warnings/NAME` as 1 or 0. The findings never change the weights.",
        "A *long stretch* is a fifth of the steps, but at least 500 steps and eight lines of the log. The thresholds "
        "are rules of thumb. [When a run goes wrong](../howto/trouble.md) has a cure for each.",
        *parts,
    )


def names():
    tables = {
        "Methods": ("--method", METHODS),
        "Datasets": ("--dataset", SOURCES),
        "Networks": ("--network", NETWORKS),
        "Backbones": ("--backbone", BACKBONES),
    }
    blocks = []
    for title, (flag, registry) in tables.items():
        rows = [(f"`{name}`", plain(first_line(entry))) for name, entry in registry.items()]
        blocks += [f"## {title}", markdown_table((f"`{flag}`", "what it is"), rows)]
    return page(
        "Names",
        "`python -m tfgan2.train --list` prints these names, and all configurations. A method, a dataset or networks "
        "of your own are named `module:name`. [Your own network, data and method](../tutorials/own_code.md) shows "
        "how.",
        *blocks,
    )
