"""The resolved flags of one command."""

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

_PACE = ("train_steps", "steps_per_execution", "jit", "deterministic")  # runtime, yet for all workers alike
_CHOOSING = {
    "network": "network",
    "backbone": "backbone",
    "data": "dataset",
}  # group -> the run flag that chooses what it configures


DATASETS = ("dataset", "negative_dataset", "auxiliary_dataset")
"""The flags that name data sets."""


class Settings:
    """What a command line asks for. The command's own flags are attributes: `settings.batch_size`.

    Args:
      command: "train", "sample", "evaluate" or "export".
      declared: flag without dashes -> its `Argument`, in the order of `text`.
      values: the same flags -> value, without the overrides of `--optimizer.<network>.*` that were not given.
      factories: "method", "network", "data", "optimizer", "backbone" if one is chosen, and in the settings of a stage
        "prepare" -> what the group's arguments are for.
      prefixes: group -> prefix of its flags, where that is not the name of the group.
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
        """These settings with other values of run flags."""
        return Settings(self.command, self.declared, self.values | values, self.factories, self.prefixes)

    def started(self, stored: "Settings | None") -> "Settings":
        """These settings as the run has them: without --schedule_steps, that of its first start holds on.

        Args:
          stored: the settings that the run left at its last start, None at the first.

        Raises:
          InputError: --train_steps has grown beyond what a learning-rate schedule spans.
        """
        if self.schedule_steps is not None:
            return self
        first = stored or self
        started = self.replace(schedule_steps=first.schedule_steps or first.train_steps)
        check_values(started)
        return started

    def of_stage(self, stage, workdir) -> "Settings":
        """The settings of a `Stage` of the method, as of a run of its own in a folder of its own."""
        steps, batch = (self.values[f"{stage.name}.{flag}"] for flag in ("train_steps", "batch_size"))
        run = {"train_steps": steps, "schedule_steps": steps, "batch_size": batch, "workdir": Path(workdir)}
        run |= {"init_from": None, "ema_decay": 0.0, "optimizers_per": "network"}
        factories = self.factories | {"method": stage.game, "prepare": stage.prepare}
        own = {"method": stage.name, "prepare": stage.name, "optimizer": f"{stage.name}.optimizer"}
        return Settings(self.command, self.declared, self.values | run, factories, self.prefixes | own)

    def values_of(self, stage) -> dict:
        """The values of a stage's flags, by their names without the prefix."""
        prefix = f"{stage.name}."
        return {flag.removeprefix(prefix): value for flag, value in self.values.items() if flag.startswith(prefix)}

    @property
    def network_family(self):
        """The class or function that makes the chosen network family."""
        return self.factories["network"]

    def backbone_family(self):
        """The chosen backbone family, made with its flags; None if none is chosen."""
        return self.factories["backbone"](**self.arguments("backbone")) if "backbone" in self.factories else None

    def arguments(self, group: str) -> dict:
        """The keyword arguments of what is chosen, without those that the run as a whole settles.

        Args:
          group: a key of `factories` but "optimizer", or "selection".
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
        """The keyword arguments of `make_optimizer` for the network of a role, without `schedule_steps`.

        Raises:
          ValueError: the method has no such network.
        """
        roles = self.factories["method"].roles
        if role not in roles:
            raise ValueError(f"{role!r} is no network of {self._prefix('method')}; it has {', '.join(roles)}")
        names = [argument.name for flag, argument in self.declared.items() if re.fullmatch(r"optimizer\.\w+", flag)]
        return {name: self.values[self._optimizer_flag(role, name)] for name in names}

    @contextlib.contextmanager
    def naming_flags(self, group: str | None = None, role: str | None = None):
        """Within it, an ArgumentError about a constructor's argument becomes an InputError about the flag that set it.

        Args:
          group: "method", "network", "data" or "optimizer"; None for the command's own flags.
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
        """A flagfile that starts an equal run, with every value that holds in it."""
        lines = ["# What is computed."]
        lines += [f"--{flag}={to_text(value)}" for flag, value in self.trajectory().items()]
        lines += ["", "# How it runs and what it leaves."]
        lines += [f"--{flag}={to_text(value)}" for flag, value in self._of_kind(RUNTIME).items() if flag != "dry_run"]
        return "\n".join(lines) + "\n"

    def placed(self) -> "Settings":
        """These settings with the places of data from the root on, so that they hold in any working directory."""
        return self.replace(**{flag: absolute(self.values[flag]) for flag in DATASETS})

    def trajectory(self) -> dict:
        """Flag -> value, for the flags that change the numbers of a run; paths are texts."""
        values = self._of_kind(TRAJECTORY)
        return {flag: to_text(value) if isinstance(value, Path) else value for flag, value in values.items()}

    def agreed(self) -> dict:
        """ "--flag" -> text of its value, for the flags in which all workers of a run must agree."""
        alike = self.trajectory() | {flag: self.values[flag] for flag in _PACE}
        return {f"--{flag}": to_text(value) for flag, value in alike.items()}

    def difference(self, other: "Settings") -> list[str]:
        """`trajectory_difference` from these settings to others."""
        return trajectory_difference(self, other)

    def _of_kind(self, kind):
        return {flag: self.values[flag] for flag, a in self.declared.items() if a.kind == kind and flag in self.values}

    def _prefix(self, group):
        return self.prefixes.get(group, group)

    def _optimizer_flag(self, role, name):
        own = f"{self._prefix('optimizer')}.{role}.{name}"
        return own if own in self.values else f"{self._prefix('optimizer')}.{name}"


def trajectory_difference(old: Settings, new: Settings) -> list[str]:
    """What differs in two trajectories, a line each: "--gngan.neighbor_weight: was 1.0, now 0.5".

    Where files of data lie is no difference. The arguments of another method, network or dataset are not listed beside
    that flag.
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
