"""The pages of flags: type, range, default and meaning of each, from the declarations that the commands read."""

from manual.texts import page, plain
from tfgan2.flags.groups import groups_of
from tfgan2.flags.run_flags import RUN_FLAGS
from tfgan2.flags.texts import to_text, type_text
from tfgan2.methods import METHODS
from tfgan2.ranges import range_of

COMMANDS = tuple(RUN_FLAGS)
_KINDS = (
    "A flag of kind *trajectory* changes the numbers of a run. It keeps the value that it had at the first start. "
    "A flag of kind *runtime* may change when the run continues."
)
_FILES = "`--flagfile=FILE` reads flags from a file, one a line. `--help` prints the same list in the terminal."


def pages():
    """Path -> text of all pages of flags."""
    groups = groups_of("train", {})
    methods = [group for group in groups if group.title.startswith(("Method ", "Stage "))]
    others = [group for group in groups if group not in methods]
    found = {"reference/flags/train.md": page("Flags of train", _KINDS, _FILES, _flags(others[0]))}
    for command in COMMANDS[1:]:
        found[f"reference/flags/{command}.md"] = page(f"Flags of {command}", _FILES, _flags(groups_of(command, {})[0]))
    found["reference/flags/methods.md"] = page(
        "Flags of methods",
        _KINDS,
        "These flags are the arguments of the methods' constructors.",
        *map(_section, methods),
    )
    found["reference/flags/parts.md"] = page(
        "Flags of networks, data and optimizers",
        _KINDS,
        "Not every network has every flag of its group. `--network=NAME --help` shows those of one network.",
        *map(_section, others[1:]),
        "Such a flag replaces the value of `--optimizer.NAME` for one network. An example is "
        "`--optimizer.discriminator.learning_rate=0.0004`. With `--optimizers_per=player` these names are those of "
        "players.",
    )
    return found


def names():
    """All flags that a command or a part has, without dashes."""
    found = {flag for command in COMMANDS for flag in groups_of(command, {})[0].flags}
    return found | {flag for group in groups_of("train", {}) if group.listed for flag in group.flags}


def _section(group):
    title, _, about = group.title.partition(": ")
    title = title.removeprefix("Method ")
    heading = f"## {title}" if title not in METHODS else f"## {title} {{#method-{title}}}"
    return "\n\n".join([heading, *([plain(about)] if about else []), _flags(group) if group.listed else ""]).rstrip()


def _flags(group):
    return "\n\n".join(_entry(flag, argument) for flag, argument in group.flags.items())


def _entry(flag, argument):
    interval = range_of(argument.annotation)
    default = to_text(argument.default)
    facts = [
        *([str(interval)] if interval else []),
        f"default `{default}`" if default else "default empty",
        argument.kind,
    ]
    head = f'<span id="{flag}"></span>`--{flag}={type_text(argument.annotation)}`'
    return f"{head}\n:   *{plain(', '.join(facts))}.* {plain(argument.help)}"
