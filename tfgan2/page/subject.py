"""The run that a page is about, with its data where they are still there."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from tfgan2.data.facts import Facts
from tfgan2.data.parts import Part
from tfgan2.errors import InputError
from tfgan2.flags.settings import Settings
from tfgan2.page.history import History, read_history
from tfgan2.run.facts import read_facts
from tfgan2.run.restore import TrainedRun, load
from tfgan2.run.workdir import read_settings
from tfgan2.system import checkpoints


class Subject(NamedTuple):
    """A run and how its samples are drawn.

    Attributes:
      workdir: Folder of the run, absolute.
      settings: Its flags.
      facts: The `Facts` about its data.
      history: Its `History`.
      run: The `TrainedRun`, or None before its first checkpoint.
      wanted: The `Part` of the data with the distribution to learn, or None without checkpoint or data.
      missing: Why there are no data, or an empty text.
      seed: Seed of the samples.
      averaged: Whether samples are from the averaged weights, if the run has them.
    """

    workdir: Path
    settings: Settings
    facts: Facts
    history: History
    run: TrainedRun | None
    wanted: Part | None
    missing: str
    seed: int
    averaged: bool

    @property
    def is_of_images(self):
        """Whether the samples are images."""
        return self.facts.kind.name == "images"

    @property
    def step(self):
        """The step of the checkpoint, or 0 before the first one."""
        return self.run.model.global_step if self.run else 0

    @property
    def real(self):
        """The stored samples of `wanted`. Points only: images would be copied. Empty without data."""
        return np.empty((0, *self.facts.shape), np.float32) if self.wanted is None else self.wanted.taken().samples

    def samples(self, count, choice=()):
        """Stored samples [count, ...] of the run. See `Sampler.sample`."""
        drawn = self.run.sample(count, seed=self.seed, averaged=self.averaged, choice=choice)
        return self.facts.kind.as_stored(drawn)


def subject_of(workdir, *, step, best, seed, averaged):
    """Reads the run in a folder.

    Raises:
      InputError: The folder is not a run, or has no such checkpoint.
    """
    workdir = Path(workdir)
    settings, facts, history = read_settings(workdir), read_facts(workdir), read_history(workdir)
    run = wanted = None
    missing = ""
    if step is not None or best or checkpoints.saved_steps(workdir / "checkpoints"):
        run = load(workdir, step=step, best=best)
        try:
            wanted = run.wanted
        except (InputError, OSError) as error:
            missing = str(error).partition("\n")[0]
    return Subject(workdir.absolute(), settings, facts, history, run, wanted, missing, seed, averaged)
