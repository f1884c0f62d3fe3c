"""The values of all flags of one command."""

import contextlib
import re
from pathlib import Path

from tfgan2.data.selection import SELECTION_ARGUMENTS
from tfgan2.data.sources import absolute, without_place
from tfgan2.errors import ArgumentError
from tfgan2.flags.arguments import RUNTIME, TRAJECTORY, Argument, arguments_of
from tfgan2.flags.prefixes import method_prefix
from tfgan2.flags.run_checks import check_values
from tfgan2.flags.texts import to_text
from tfgan2.system.file_versions import KEY, VERSIONS

_PACE = ("train_steps", "steps_per_execution", "jit", "deterministic")  # Runtime flags that all workers must share.
_OF_THE_START = ("dry_run", "recipe", "budget")  # Flags of one start, which do not describe the run.
_CHOOSING = {"network": "network", "backbone": "backbone", "data": "dataset"}  # Group -> flag that chooses its factory.

DATASETS = ("dataset", "negative_dataset", "auxiliary_dataset")
"""The flags of datasets."""


class Settings:
    """The settings of a command line. Flags of the command are attributes, such as `settings.batch_size`.

    Args:
      command: A key of `RUN_FLAGS`, such as "train".
      declared: Flag without dashes -> its `Argument`, in the order of `text`.
      values: Flag without dashes -> value. Flags `--optimizer.<network>.*` that were not given are left out.
      factories: Group -> class or function that its arguments configure. Groups are "method", "network", "data",
        "optimizer", "backbone" if one is chosen, and "prepare" in the settings of a stage.
      prefixes: Group -> prefix of its flags, if it differs from the name of the group.
    """

    def __init__(
        self, command: str, declared: dict[str, Argument], values: dict, factories: dict, prefixes: dict | None = None
    ):
        self.command = command
        self.declared = declared
        self.values = values
        self.factories = factories
        self.prefixes = prefixes or {"method": method_prefix(values.get("method") or ""), "selection": "data"}

    def __getattr__(self, name):
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(f"tfgan2.{self.__dict__.get('command')} has no flag --{name}") from None

    def replace(self, **values) -> "Settings":
        """Returns the settings with other values of some flags."""
        return Settings(self.command, self.declared, self.values | values, self.factories, self.prefixes)

    def started(self, stored: "Settings | None") -> "Settings":
        """Returns the settings of a run at its start. Without --schedule_steps, the value of the first start is kept.

        Args:
          stored: The settings of the last start of the run, or None at the first start.

        Raises:
          InputError: --train_steps is larger than the steps of a learning-rate schedule.
        """
        if self.schedule_steps is not None:
            return self
        first = stored or self
        started = self.replace(schedule_steps=first.schedule_steps or first.train_steps)
        check_values(started)
        return started

    def of_stage(self, stage, workdir) -> "Settings":
        """Returns the settings of a `Stage` of the method as those of a separate run in its own folder."""
        steps, batch = (self.values[f"{stage.name}.{flag}"] for flag in ("train_steps", "batch_size"))
        run = {"train_steps": steps, "schedule_steps": steps, "batch_size": batch, "workdir": Path(workdir)}
        run |= {"init_from": None, "optimizers_per": "network"}
        run |= {"ema_decay": 0.0, "ema_half_life": None, "ema_ramp": None}
        factories = self.factories | {"method": stage.game, "prepare": stage.prepare}
        own = {"method": stage.name, "prepare": stage.name, "optimizer": f"{stage.name}.optimizer"}
        return Settings(self.command, self.declared, self.values | run, factories, self.prefixes | own)

    def values_of(self, stage) -> dict:
        """Returns flag without its prefix -> value, for the flags of a stage."""
        prefix = f"{stage.name}."
        return {flag.removeprefix(prefix): value for flag, value in self.values.items() if flag.startswith(prefix)}

    @property
    def network_family(self):
        """The class or function that makes the chosen network family."""
        return self.factories["network"]

    def backbone_family(self):
        """Makes the chosen family of backbones with its flags. Returns None if none is chosen."""
        return self.factories["backbone"](**self.arguments("backbone")) if "backbone" in self.factories else None

    def arguments(self, group: str) -> dict:
        """Returns the keyword arguments of a group that have flags.

        Args:
          group: A key of `factories` except "optimizer", or "selection".
        """
        prefix = f"{self._prefix(group)}."
        values = {flag.removeprefix(prefix): value for flag, value in self.values.items() if flag.startswith(prefix)}
        if group in ("data", "selection"):
            chosen = lambda name: (name in SELECTION_ARGUMENTS) == (group == "selection")  # noqa: E731
        else:
            names = {argument.name for argument in arguments_of(self.factories[group])}
            chosen = names.__contains__
        return {name: value for name, value in values.items() if chosen(name)}

    def optimizer(self, role: str) -> dict:
        """Returns the keyword arguments of `make_optimizer` for the network of a role, without `schedule_steps`.

        Raises:
          ValueError: The method has no such network.
        """
        roles = self.factories["method"].roles
        if role not in roles:
            raise ValueError(f"{role!r} is not a network of {self._prefix('method')}; it has {', '.join(roles)}")
        names = [argument.name for flag, argument in self.declared.items() if re.fullmatch(r"optimizer\.\w+", flag)]
        return {name: self.values[self._optimizer_flag(role, name)] for name in names}

    @contextlib.contextmanager
    def naming_flags(self, group: str | None = None, role: str | None = None):
        """Context that converts an ArgumentError about an argument to an InputError about its flag.

        Args:
          group: "method", "network", "data" or "optimizer". None takes the flags of the command.
          role: Role of the network, for the group "optimizer".
        """
        try:
            yield
        except ArgumentError as error:
            flag = error.name
            if group is not None:
                of_optimizer = group == "optimizer"
                flag = self._optimizer_flag(role, flag) if of_optimizer else f"{self._prefix(group)}.{flag}"
            if flag not in self.values:
                raise
            raise error.of_flag(flag) from error

    def text(self) -> str:
        """Returns the text of a flagfile with the value of every flag. It starts an equal run."""
        lines = [f"# {KEY}={VERSIONS['flags.cfg']}", "# What is computed."]
        lines += [f"--{flag}={to_text(value)}" for flag, value in self.trajectory().items()]
        lines += ["", "# How it runs and what it leaves."]
        runtime = self._of_kind(RUNTIME).items()
        lines += [f"--{flag}={to_text(value)}" for flag, value in runtime if flag not in _OF_THE_START]
        return "\n".join(lines) + "\n"

    def placed(self) -> "Settings":
        """Returns the settings with absolute paths of data, which are valid in any working directory."""
        return self.replace(**{flag: absolute(self.values[flag]) for flag in DATASETS})

    def trajectory(self) -> dict:
        """Returns flag -> value for the flags that change the numbers of a run. Paths are converted to texts."""
        values = self._of_kind(TRAJECTORY)
        return {flag: to_text(value) if isinstance(value, Path) else value for flag, value in values.items()}

    def agreed(self) -> dict:
        """Returns "--flag" -> text of its value for the flags that must be equal on all workers."""
        alike = self.trajectory() | {flag: self.values[flag] for flag in _PACE}
        return {f"--{flag}": to_text(value) for flag, value in alike.items()}

    def _of_kind(self, kind):
        return {flag: self.values[flag] for flag, a in self.declared.items() if a.kind == kind and flag in self.values}

    def _prefix(self, group):
        return self.prefixes.get(group, group)

    def _optimizer_flag(self, role, name):
        own = f"{self._prefix('optimizer')}.{role}.{name}"
        return own if own in self.values else f"{self._prefix('optimizer')}.{name}"


def trajectory_difference(old: Settings, new: Settings) -> list[str]:
    """Lists the differences of two trajectories, such as "--gngan.neighbor_weight: was 1.0, now 0.5".

    The place of data files is not a difference. If the method, network or dataset differs, its arguments are not
    listed.
    """
    before, after = (
        settings.trajectory() | {flag: without_place(settings.values[flag]) for flag in DATASETS}
        for settings in (old, new)
    )
    chosen_anew = {group for group, flag in _CHOOSING.items() if before[flag] != after[flag]}
    if before["method"] != after["method"]:
        chosen_anew |= {method_prefix(before["method"]), method_prefix(after["method"])}
    lines = []
    for flag in before | after:
        was, now = (to_text(each.values[flag]) if flag in each.values else "not set" for each in (old, new))
        if before.get(flag) != after.get(flag) and flag.partition(".")[0] not in chosen_anew - {flag}:
            lines.append(f"--{flag}: was {was}, now {now}")
    return lines
