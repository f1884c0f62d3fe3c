"""The record of a run: its flags, data and method."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from tfgan2.data.facts import Facts
from tfgan2.data.kinds import DataSet
from tfgan2.data.parts import Part
from tfgan2.data.sample_arrays import NetworkSamples
from tfgan2.flags.settings import Settings
from tfgan2.methods.base.generative_game import GenerativeGame


class Training(NamedTuple):
    """The flags that the training loop uses, by their names.

    Attributes:
      workdir: Folder of the run.
      init_from: Folder of another run with the initial networks, or None.
      seed: Seed of all random numbers.
      train_steps: Step at which training ends.
      batch_size: Samples of a batch over all devices.
      steps_per_execution: Steps between two returns to Python.
      jit: Whether XLA compiles the steps, "on", "off" or "auto".
      recover: Largest number of recoveries.
    """

    workdir: Path
    init_from: Path | None
    seed: int
    train_steps: int
    batch_size: int
    steps_per_execution: int
    jit: str
    recover: int


class Reports(NamedTuple):
    """The flags for the files of a run, by their names. A cadence is a number of steps, or "auto". 0 writes nothing.

    Attributes:
      log_every: Steps between two lines of the log.
      sample_every: Steps between two pictures.
      evaluate_every: Steps between two measurements.
      evaluate_metrics: Further scores of images, or None.
      best_metric: Value that decides which checkpoint is best, or None.
      inception_path: Path of the Inception network for the scores, or None.
      feature_network: Path of another network for the scores, or None.
      checkpoint_every: Steps between two checkpoints.
      keep_checkpoints: Number of newest checkpoints to keep.
      stop_when: "flat" if training ends when no score improves any more, the text of a `Condition`, or "never".
      profile_steps: First and last step of the profile, or None.
      export_at_end: Whether a SavedModel is written at the end of training.
    """

    log_every: int | str
    sample_every: int | str
    evaluate_every: int | str
    evaluate_metrics: tuple[str, ...] | None
    best_metric: str | None
    inception_path: Path | None
    feature_network: Path | None
    checkpoint_every: int | str
    keep_checkpoints: int
    stop_when: str
    profile_steps: tuple[int, int] | None
    export_at_end: bool


class Run(NamedTuple):
    """Everything that the flags describe.

    Attributes:
      settings: The flags.
      facts: The `Facts` about its data.
      data: The `DataSet` of `--dataset`.
      model: The compiled method with its networks.
      parts: Key of the batches -> `Part` from which they are drawn.
      wanted: The `Part` of the data with the distribution to learn.
    """

    settings: Settings
    facts: Facts
    data: DataSet
    model: GenerativeGame
    parts: dict[str, Part]
    wanted: Part

    @property
    def training(self):
        """The `Training` by its flags."""
        return Training(*(getattr(self.settings, flag) for flag in Training._fields))

    @property
    def reports(self):
        """The `Reports` by their flags."""
        return Reports(*(getattr(self.settings, flag) for flag in Reports._fields))

    @property
    def first_part(self):
        """The first `Part`. Labels and neighbours in the batches belong to its samples."""
        return next(iter(self.parts.values()))

    @property
    def network_samples(self):
        """The `NetworkSamples` of the first part, in the range of the networks."""
        return NetworkSamples(self.first_part, self.scaling)

    @property
    def unwanted_classes(self):
        """The classes of images that the generator avoids."""
        return unwanted_classes(self.data, self.wanted)

    @property
    def scaling(self):
        """The `Scaling` between data units and the networks' range."""
        return self.facts.scaling


def unwanted_classes(data, wanted):
    """Returns the labels of the classes of images without a wanted sample. Empty for points and without labels.

    Args:
      data: A `DataSet`.
      wanted: The `Part` of the data with the distribution to learn.
    """
    if not data.kind.marks_unwanted or data.labels is None or wanted.rows is None:
        return ()
    return tuple(np.setdiff1d(data.labels, data.labels[wanted.rows]).tolist())
