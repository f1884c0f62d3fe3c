"""Loading of a trained run from its folder."""

import functools
import numbers
import os
from pathlib import Path

from tfgan2.data.class_names import class_number
from tfgan2.errors import ArgumentError, InputError
from tfgan2.evaluation.sampler import Sampler
from tfgan2.run.build import family_of, make_model, strategy_of
from tfgan2.run.datasets import facts_of, load_data, parts_for, wanted_part
from tfgan2.run.facts import check_data, read_facts
from tfgan2.run.record import unwanted_classes
from tfgan2.run.workdir import read_settings
from tfgan2.system import checkpoints


class TrainedRun:
    """A trained run. The data are loaded at the first use of `data`, `wanted` or `parts`.

    Attributes:
      settings: The flags of the run.
      facts: The `Facts` about its data.
      model: The method with its trained networks.
    """

    def __init__(self, settings, facts, model):
        self.settings = settings
        self.facts = facts
        self.model = model
        self._samplers = {
            averaged: Sampler(model, facts.scaling, facts.kind, averaged=averaged) for averaged in (False, True)
        }

    @property
    def scaling(self):
        """The `Scaling` between data units and the networks' range."""
        return self.facts.scaling

    @property
    def method(self):
        """Name of its method in `--method`."""
        return self.settings.method

    @property
    def flags(self):
        """Flag -> value of the flags that change the numbers of a run."""
        return self.settings.trajectory()

    @property
    def cache_dir(self):
        """Folder of prepared data, or None for the default."""
        return self.settings.values.get("data.cache_dir")

    @functools.cached_property
    def _run_data(self):
        settings = self.settings
        try:
            run_data = load_data(settings)
        except InputError as error:
            raise InputError(
                f"{error}\nThis needs the data of the run. If they have moved, run its training command with their new "
                "place. The run then keeps this place. Sampling and exporting need no data."
            ) from error
        check_data(settings.workdir, self.facts, facts_of(run_data, self.scaling))
        return run_data

    @property
    def data(self):
        """The `DataSet` of `--dataset`.

        Raises:
          InputError: The data are missing, or have changed since training.
        """
        return self._run_data.data

    @property
    def wanted(self):
        """The `Part` of the data with the distribution to learn. For errors see `data`."""
        return wanted_part(self.model, self._run_data)

    @property
    def parts(self):
        """Key of the batches -> `Part` from which they are drawn. For errors see `data`."""
        settings = self.settings
        return parts_for(self.model, self._run_data, name=settings.method, batch_size=settings.batch_size)

    @property
    def unwanted_classes(self):
        """The classes of images that the generator avoids. For errors see `data`."""
        return unwanted_classes(self.data, self.wanted)

    def __repr__(self):
        settings = self.settings
        return (
            f"<TrainedRun {settings.workdir}: {settings.method} on {settings.dataset}, step {self.model.global_step}>"
        )

    def sample(self, count, *, seed=0, averaged=True, choice=()):
        """Generates samples [count, ...] in data units. See `Sampler.sample`.

        Args:
          count: Number of samples.
          seed: Seed of the latents.
          averaged: Whether to use the averaged weights, if the run has them.
          choice: Classes, generators or partitions. See `choice_numbers`.
        """
        return self._samplers[averaged].sample(count, seed=seed, choice=self.choice_numbers(choice))

    def encode(self, samples, *, averaged=True):
        """Encodes samples in data units to latents. See `Sampler.encode`."""
        return self._samplers[averaged].encode(samples)

    def decode(self, latents, *, averaged=True):
        """Generates samples in data units from latents. See `Sampler.decode`."""
        return self._samplers[averaged].decode(latents)

    def reconstruct(self, samples, *, averaged=True):
        """Encodes and decodes samples in data units. See `Sampler.reconstruct`."""
        return self._samplers[averaged].reconstruct(samples)

    def interpolate(self, first, second, count, *, averaged=True):
        """Generates samples [n, count, ...] in data units between samples. See `Sampler.interpolate`."""
        return self._samplers[averaged].interpolate(first, second, count)

    @property
    def choice_names(self):
        """Class names by label if samples can be chosen by class. Empty otherwise."""
        return self.facts.class_names if self.model.choices_are_classes else ()

    def choice_numbers(self, choice):
        """Converts names or numbers of classes, generators or partitions to a tuple of numbers.

        Args:
          choice: One or several numbers. Classes may also have names.

        Raises:
          ArgumentError: There is no such class, generator or partition.
        """
        model, names = self.model, self.choice_names
        chosen = (choice,) if isinstance(choice, (str, numbers.Integral)) else tuple(choice)
        found = []
        for one in chosen:
            if names:
                number = class_number(one, names)
            else:
                number = int(one) if isinstance(one, numbers.Integral) or (one.isdecimal() and len(one) < 10) else None
            if number not in model.offered_choices:
                raise model.refused_choice(one, self._offered(one))
            found.append(number)
        return tuple(found)

    def _offered(self, one):
        model, names = self.model, self.choice_names
        offered = ", ".join(f"{number} = {names[number]}" if names and names[number] != str(number) else str(number)
                            for number in model.offered_choices)  # fmt: skip
        is_name = not names and isinstance(one, str) and not one.isdecimal()
        return offered + ", which have no names" * is_name


def load(workdir, *, step=None, best=False, truncation=1.0):
    """Loads a trained run with its newest checkpoint, or that of a step, or the best. It reads no data.

    Args:
      workdir: Folder of the run.
      step: Step of the checkpoint. None takes the newest.
      best: Whether to take the best checkpoint by `--best_metric`. `step` is then ignored.
      truncation: Factor of the latents of all samples, in (0, 1]. Below 1 samples are cleaner and less varied: Brock et
        al., BigGAN, ICLR 2019, who redraw large latents instead.

    Raises:
      InputError: The folder is not a run of tfgan2, or has no such checkpoint. The truncation is out of range, or the
        latents of the run have two modes.
    """
    if not isinstance(workdir, str | os.PathLike) or not os.fspath(workdir):
        raise ArgumentError("workdir", workdir, "the folder of a run", "For example tfgan2.load('runs/demo').")
    # One device is enough for every run. The number of threads can be set in a new process only.
    settings = read_settings(workdir).replace(strategy="one", threads=0, workdir=Path(workdir))
    facts, strategy = read_facts(workdir), strategy_of(settings)
    model, folder = make_model(settings, facts, family_of(settings, strategy), strategy), Path(workdir) / "checkpoints"
    if best:
        checkpoints.restore_best(model, folder)
    elif checkpoints.restore(model, folder, step=step) is None:
        raise InputError(f"{workdir} has no checkpoint yet; train it first, or longer.")
    model.begin_phase(next(phase for phase, last in model.schedule(settings.train_steps) if model.global_step <= last))
    model.truncate(truncation)
    return TrainedRun(settings, facts, model)


def loaded(settings):
    """Loads the run and the checkpoint that flags name. See `load`."""
    with settings.naming_flags():
        best = settings.checkpoint == "best"
        return load(settings.workdir, step=settings.step, best=best, truncation=settings.truncation)
