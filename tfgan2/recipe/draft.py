"""The flags of a run while a recipe chooses them. A flag of the user always counts."""

from pathlib import Path
from typing import NamedTuple

from tfgan2 import flags
from tfgan2.flags import flagfiles
from tfgan2.flags.parsing import declared_flags, given_flags, names_of_given
from tfgan2.flags.settings import DATASETS
from tfgan2.flags.texts import to_text

_CHOOSING = ("method", "dataset", "network", "backbone")
_FALLBACK = "standard_gan"  # Methods without a configuration for pictures take the parts of this one that they have.
_GROWTH = ("p2gan.num_generators", "p2gan.grow_every", "p2gan.auxiliary", "p2gan.push", "p2gan.push_weight")
_EXCLUDED = {
    "ema_half_life": ("ema_decay",),
    "p2gan.forces": ("p2gan.num_generators", "p2gan.sampled_generators"),
    **dict.fromkeys(_GROWTH, ("p2gan.forces", "p2gan.sampled_generators")),
}
"""Flag of the user -> flags that must not be chosen beside it."""


class Choice(NamedTuple):
    """A flag that a recipe chose.

    Attributes:
      flag: The flag without dashes.
      text: The text of its value.
      reason: A clause that says why.
    """

    flag: str
    text: str
    reason: str


class Draft:
    """Flags of the user, and choices for all others.

    On the command line that is parsed, the choices stand before the flags of the user. So the flags of the user count.
    A choice is dropped if the method or the network has no such flag.

    Args:
      argv: The command line of the user.
      method: The method if the user names none.

    Attributes:
      argv: The command line of the user.
      given: Names of the flags of the user.
      choices: Flag -> `Choice`, without flags of the user.
      config: Path of the configuration with the fixed part of the recipe.
    """

    def __init__(self, argv, method):
        self.argv = list(argv)
        self.given = names_of_given("train", argv)
        given = given_flags("train", argv)
        self.config, fixed = fixed_flags(given.get("method", method))
        of_choices = {choice.flag: choice.text for choice in fixed} | {"method": method}
        chosen = {flag: given.get(flag, of_choices.get(flag)) for flag in _CHOOSING}
        self._declared = declared_flags("train", chosen)
        self._excluded = {other for flag in self.given for other in _EXCLUDED.get(flag, ())}
        self.choices = {}
        self.choose(Choice("method", chosen["method"], ""), *fixed)

    def choose(self, *choices):
        """Adds choices. A later choice of a flag replaces an earlier one."""
        for choice in choices:
            if self._is_open(choice.flag):
                self.choices.pop(choice.flag, None)
                self.choices[choice.flag] = choice

    def drop(self, *flags_):
        """Removes choices. The flags then have their defaults."""
        for flag in flags_:
            self.choices.pop(flag, None)

    def settings(self, **values):
        """Returns the settings of all choices and of the flags of the user.

        Args:
          **values: Flag -> value that replaces a choice.

        Raises:
          InputError: Flags do not fit together.
        """
        texts = {choice.flag: choice.text for choice in self.choices.values()}
        texts |= {flag: to_text(value) for flag, value in values.items() if self._is_open(flag)}
        return flags.parse("train", [*(f"--{flag}={text}" for flag, text in texts.items()), *self.argv])

    def _is_open(self, flag):
        """Whether there is such a flag, and the user has not set it or another one that takes its place."""
        return flag in self._declared and flag not in self.given | self._excluded


def fixed_flags(method):
    """Reads the part of a recipe that does not depend on data, machine and budget.

    It stands in configs/pictures_METHOD.cfg. A line `#: ...` there is the reason of the flags below it.

    Args:
      method: Name of the method.

    Returns:
      (path of the configuration, list of `Choice`s).
    """
    configs = flagfiles.configs()
    path = configs.get(f"configs/pictures_{method}.cfg") or configs[f"configs/pictures_{_FALLBACK}.cfg"]
    found = {}
    for token in flagfiles.expand([f"--flagfile={path}"]):
        flag, _, text = token.text.removeprefix("--").partition("=")
        if flag in DATASETS:
            continue  # They show what the configuration is for.
        found.pop(flag, None)
        found[flag] = Choice(flag, text, _reason(token.place))
    return path, list(found.values())


def _reason(place):
    """The reason above a line of a configuration, or an empty text."""
    path, _, number = place.rpartition(":")
    lines = Path(path).read_text(encoding="utf-8").splitlines()[: int(number) - 1]
    for line in reversed(lines):
        if line.startswith("#: "):
            return line.removeprefix("#: ")
        if not line.startswith("--"):
            return ""
    return ""
