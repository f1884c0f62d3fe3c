"""The dataset as an argument without a flag: `tfgan2 train folder:DIR`."""

from tfgan2.flags.flagfiles import Token
from tfgan2.methods import METHODS
from tfgan2.networks import NETWORKS


def without_flag(tokens, declared) -> tuple[Token | None, list[Token]]:
    """Takes the dataset out of a command line that has it as its only argument without a flag.

    Args:
      tokens: The `Token`s of a command line.
      declared: Flag -> `Argument` of the flags that are known before the method is. All others are taken to have a
        value.

    Returns:
      The token of the dataset, or None if there is none or several, or if --dataset is given, too; and the others.
    """
    rest, found, remaining = [], [], iter(tokens)
    for token in remaining:
        if not token.text.startswith("-"):
            found.append(token)
            continue
        rest.append(token)
        flag = token.text.lstrip("-")
        if token.text == "--":
            rest += remaining
        elif "=" not in flag and not _is_switch(flag, declared):
            rest += [value for value in (next(remaining, None),) if value is not None]
    names_data = any(token.text.lstrip("-").partition("=")[0] == "dataset" for token in rest)
    if len(found) != 1 or names_data or found[0].text in {*METHODS, *NETWORKS}:
        return None, list(tokens)
    return found[0], rest


def _is_switch(flag, declared):
    """Whether a flag is complete without a value."""
    arguments = [declared[name] for name in (flag, flag.removeprefix("no")) if name in declared]
    return any(argument.annotation is bool for argument in arguments)
