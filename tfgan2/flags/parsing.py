"""Parsing of the flags of a command.

A hyperparameter is a keyword-only constructor argument. For example, --gngan.loss is the argument `loss` of the method
gngan. So there is no second list of flags. Each call of `parse` makes new flags, and none is global.
"""

import os
import typing

from absl import flags as absl_flags

from tfgan2.cli import Answer
from tfgan2.data.sources import SOURCES
from tfgan2.errors import ArgumentError, InputError
from tfgan2.flags import flagfiles
from tfgan2.flags.arguments import RUNTIME, Argument
from tfgan2.flags.groups import belongs_elsewhere, factories_of, groups_of
from tfgan2.flags.help import help_text, list_text
from tfgan2.flags.nearest import did_you_mean
from tfgan2.flags.positional import without_flag
from tfgan2.flags.run_checks import check_network, check_required, check_values
from tfgan2.flags.run_flags import RUN_FLAGS
from tfgan2.flags.settings import Settings
from tfgan2.flags.texts import from_text
from tfgan2.methods import METHODS
from tfgan2.networks import BACKBONES, NETWORKS

_ASKING = {
    "help": Argument("help", bool, False, "Show the flags.", RUNTIME),
    "list": Argument("list", bool, False, "Show methods, datasets, networks, backbones and configurations.", RUNTIME),
}
_OUTPUTS = {"export": "export", "report": "report.html"}  # Command -> its usual output in the folder of the run.


def _asking(command):
    """The flags that print a text and end. Only training has --method."""
    about = "Show the flags." + " With --method, show those of that method only." * (command == "train")
    return _ASKING | {"help": _ASKING["help"]._replace(help=about)}


def parse(command: str, argv, *, flagfile=None) -> Settings:
    """Returns the settings of a command line.

    Args:
      command: A key of `RUN_FLAGS`, such as "train".
      argv: The command line without the name of the program. If a flag is given twice, the last one counts, except for
        flags that may be repeated.
      flagfile: The flags.cfg of a run, if the command line comes from it. The error for missing flags names it.

    Raises:
      Answer: The command line has --help or --list. The exception has the text.
      InputError: A flag is unknown, missing, or belongs to another method, network, dataset or command. A value has the
        wrong type or is out of range.
    """
    tokens = tokens_of(command, argv)
    own = {argument.name: argument for argument in RUN_FLAGS[command]}
    given, rest = _read(own | _ASKING, tokens, known_only=True)
    if given.get("list"):
        raise Answer(list_text(METHODS, SOURCES, NETWORKS, BACKBONES))
    if given.get("help"):
        raise Answer(help_text(command, groups_of(command, factories_of(given), given.get("method")), _asking(command)))
    chosen = {name: argument.default for name, argument in own.items()} | given
    factories = factories_of(chosen)
    groups = groups_of(command, factories, chosen.get("method"))
    declared = {flag: argument for group in groups for flag, argument in group.flags.items()}
    if rest and not rest[0].startswith("-"):
        raise _no_flag(rest[0])
    # A misspelt flag may be the reason for a missing one, so it is reported first. absl's --undefok, which accepts
    # unknown flags, is rejected.
    for text in [*rest, *(token.text for token in tokens if _flag_of(token.text) == "undefok")]:
        if text.startswith("--") and "." not in _flag_of(text):
            raise _unknown(_flag_of(text), command, chosen, declared, tokens)
    check_required(command, chosen, flagfile)
    try:
        given, rest = _read(declared | _ASKING, tokens, known_only=False)
    except absl_flags.UnrecognizedFlagError as error:
        raise _unknown(error.flagname, command, chosen, declared, tokens) from None
    if rest:
        raise _no_flag(rest[0])
    values = {flag: given.get(flag, argument.default) for flag, argument in declared.items()}
    values = {flag: value for flag, value in values.items() if value is not None or not _is_override(flag)}
    if command in _OUTPUTS and values["output"] is None:
        of_format = values.get("format", "saved_model")
        suffix = "" if of_format == "saved_model" else f"_{of_format}"
        values["output"] = values["workdir"] / f"{_OUTPUTS[command]}{suffix}"
    settings = Settings(command, declared, values, factories)
    check_values(settings)
    if command == "train":
        check_network(given)
    return settings


def read_flagfile(path) -> Settings:
    """Returns the settings in the flags.cfg of a run.

    Raises:
      InputError: The file is missing, or `parse` rejects it.
    """
    if not os.path.exists(path):
        raise InputError(f"there is no {path}; give the --workdir of a run that tfgan2.train has started")
    return parse("train", [f"--flagfile={os.path.abspath(path)}"], flagfile=path)


def tokens_of(command: str, argv) -> list[flagfiles.Token]:
    """Returns the tokens of a command line. For training, the flag --dataset stands before a dataset without it."""
    dataset, rest = named_data(command, argv)
    return rest if dataset is None else [dataset._replace(text=f"--dataset={dataset.text}"), *rest]


def named_data(command: str, argv) -> tuple[flagfiles.Token | None, list[flagfiles.Token]]:
    """Returns the token of a dataset without --dataset or None, and the other tokens of a command line."""
    tokens = flagfiles.expand(argv)
    if command != "train":
        return None, tokens
    return without_flag(tokens, {argument.name: argument for argument in RUN_FLAGS[command]} | _ASKING)


def given_flags(command: str, argv) -> dict:
    """Returns flag -> value for the command's own flags and --help and --list, as far as they are given.

    Raises:
      InputError: A value has the wrong type or is out of range.
    """
    own = {argument.name: argument for argument in RUN_FLAGS[command]}
    return _read(own | _ASKING, tokens_of(command, argv), known_only=True)[0]


def names_of_given(command: str, argv) -> set[str]:
    """Returns the names of all flags of a command line. A flag --noNAME is also NAME."""
    names = {_flag_of(token.text) for token in tokens_of(command, argv) if token.text.startswith("-")}
    return names | {name.removeprefix("no") for name in names}


def declared_flags(command: str, chosen: dict) -> dict[str, Argument]:
    """Returns flag -> `Argument` for a choice of method, dataset, network and backbone. See `groups_of`."""
    groups = groups_of(command, factories_of(chosen), chosen.get("method"))
    return {flag: argument for group in groups for flag, argument in group.flags.items()}


class _Parser(absl_flags.ArgumentParser):
    """Parser for absl that uses the type of an annotation."""

    def __init__(self, flag, annotation):
        self.flag, self.annotation = flag, annotation

    def parse(self, argument):
        return from_text(self.flag, self.annotation, argument)


class _RepeatedFlag(absl_flags.Flag):
    """A flag of a tuple, given as one text with commas or repeated for each item."""

    def __init__(self, flag, argument):
        super().__init__(_Parser(flag, argument.annotation), None, flag, None, argument.help)
        (self.item, _), self.texts, self.commas = typing.get_args(argument.annotation), [], argument.commas

    def parse(self, argument):
        super().parse(argument)
        self.texts.append(argument)
        if len(self.texts) > 1 or not self.commas:
            self.value = tuple(from_text(self.name, self.item, text) for text in self.texts)


def _read(arguments, tokens, *, known_only):
    """The given flags (flag -> value), and the rest of the command line."""
    values = absl_flags.FlagValues()
    for flag, argument in arguments.items():
        boolean = argument.annotation is bool
        parser = _Parser(flag, argument.annotation)
        values[flag] = (
            _RepeatedFlag(flag, argument)
            if argument.repeated
            else absl_flags.Flag(parser, None, flag, None, argument.help, boolean=boolean)
        )
    try:
        _, *rest = values(["tfgan2", *(token.text for token in tokens)], known_only=known_only)
    except absl_flags.UnrecognizedFlagError:
        raise
    except (absl_flags.Error, ValueError) as error:
        refused = error if isinstance(error, ArgumentError) else error.__context__
        if isinstance(refused, ArgumentError):
            raise InputError(f"{refused.of_flag(refused.name)}{_place(refused.name, tokens)}") from None
        message = str(error).removeprefix("flag ")
        if message.startswith("Missing value"):
            message = f"{tokens[-1].text}=: the value is missing"
        raise InputError(message + _place(_flag_of(message), tokens)) from None
    return {flag: values[flag].value for flag in arguments if values[flag].present}, rest


def _no_flag(text):
    """The error for a text that does not begin with a dash."""
    names = {"method": METHODS, "dataset": SOURCES, "network": NETWORKS}
    meant = next((f"did you mean --{flag}={text}? " for flag, known in names.items() if text in known), "")
    return InputError(f"{text!r} is not a flag; {meant}write flags as --flag=value, also --flag=true and --flag=false")


def _unknown(flag, command, chosen, declared, tokens):
    """The error for an unknown flag or a flag of another command or method."""
    positive = flag.removeprefix("no")
    for spelling in (flag, positive):
        if why := belongs_elsewhere(spelling, command, chosen):
            return InputError(f"--{spelling} {why}{_place(flag, tokens)}")
    names = [*declared, *_ASKING, "flagfile"]
    asking = f"--method={chosen['method']} --help" if chosen.get("method") else "--help"
    return InputError(
        f"unknown flag --{flag}{_place(flag, tokens)}; {did_you_mean(flag, names, '--')}"
        f"`python -m tfgan2.{command} {asking}` shows the flags"
    )


def _is_override(flag):
    """Whether a flag is of the optimizer of a single network, such as --optimizer.generator.beta_1."""
    return flag.startswith("optimizer.") and flag.count(".") == 2


def _flag_of(text):
    """Returns "flag" for a text such as "--flag=value: ..."."""
    return text.lstrip("-").partition("=")[0]


def _place(flag, tokens):
    """File and line of the last place of a flag as text. Empty for a flag outside flagfiles."""
    places = [token.place for token in tokens if _flag_of(token.text) in (flag, f"no{flag}")]
    return f" ({places[-1]})" if places and places[-1] else ""
