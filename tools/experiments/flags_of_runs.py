"""Which flags of a run differ from those of its configuration."""

import json

from experiments.definition import ROOT
from tfgan2 import flags

_CHOICES = ("method", "dataset", "network", "backbone")


def difference(config, used, step):
    """Flag -> its value in a run, of the flags that the configuration sets otherwise or does not have.

    Where a run has another method or network, its arguments are compared with their defaults.

    Args:
      config: name of the configuration.
      used: flag -> value, those that a run's numbers depend on.
      step: of the run's end, which is what an absent --schedule_steps stands for.
    """
    used = json.loads(json.dumps(used))
    chosen = [f"--{name}={used[name]}" for name in _CHOICES if used.get(name)]
    own = _flags_of(config)
    base = _flags_of(config, *chosen) | {name: own[name] for name in _CHOICES}
    base |= {"seed": used["seed"], "schedule_steps": base["schedule_steps"] or step}
    return {name: _within(value) for name, value in used.items() if name not in base or base[name] != value}


def _within(value):
    """A value in which paths within this checkout do not show where it lies."""
    return value.replace(f"{ROOT}/", "") if isinstance(value, str) else value


def _flags_of(config, *flags_besides):
    argv = [f"--flagfile={ROOT / 'configs' / config}.cfg", *flags_besides, "--workdir=unused"]
    return json.loads(json.dumps(flags.parse("train", argv).trajectory()))
