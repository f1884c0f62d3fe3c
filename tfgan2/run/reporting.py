"""The callbacks of a training run: log, TensorBoard, measurements, pictures, and checkpoints."""

from pathlib import Path

import numpy as np

from tfgan2.callbacks.cadence import ByTime
from tfgan2.callbacks.diagnosis import Diagnosis
from tfgan2.callbacks.image_samples import ImageSamples
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.pictures import LastPicture
from tfgan2.callbacks.point_samples import PointSamples
from tfgan2.callbacks.profile import Profile
from tfgan2.callbacks.saving import Checkpoints
from tfgan2.callbacks.score_reached import ScoreReached
from tfgan2.callbacks.tensorboard import TensorBoard
from tfgan2.data.parts import evenly
from tfgan2.errors import InputError
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.held_out_gap import ROWS, HeldOutGap
from tfgan2.evaluation.panel import check_measured, panel_for
from tfgan2.evaluation.unwanted_look import unwanted_samples
from tfgan2.flags.stopping import FLAT, condition_of

_PICTURED = 2048  # Number of real samples for pictures, if they must be copied.
_PICTURES = {"points": PointSamples, "images": ImageSamples}
_BY_TIME = {
    "log_every": {"first": 2.0, "longest": 60.0, "share": 0.05},
    "sample_every": {"first": 5.0, "longest": 1800.0, "share": 0.2},
    "evaluate_every": {"first": 10.0, "longest": 900.0, "share": 0.1},
    "checkpoint_every": {"first": 60.0, "longest": 900.0, "share": 0.2},
}


def cadence(run, flag):
    """Returns the cadence of a flag: its number of steps, or a new `ByTime` for "auto"."""
    every = getattr(run.reports, flag)
    return every if isinstance(every, int) else ByTime(**_BY_TIME[flag])


def log_of(run):
    """Returns the callback that writes metrics.jsonl."""
    return MetricsLog(Path(run.training.workdir) / "metrics.jsonl", every=cadence(run, "log_every"))


def board_of(run):
    """Returns the callback that writes the event files of TensorBoard."""
    training, model = run.training, run.model
    replicas = model.distribute_strategy.num_replicas_in_sync
    return TensorBoard(
        Path(training.workdir) / "tensorboard",
        every=cadence(run, "log_every"),
        settings_text=run.settings.text(),
        hyperparameters=run.settings.trajectory(),
        name=str(training.workdir),
        device_batch=training.batch_size * model.discriminator_steps // replicas,
    )


def saving_of(run, best=None):
    """Returns the callback that saves checkpoints and keeps the newest and the best.

    Args:
      run: The run.
      best: Function that returns the best of a list of steps, or None. See `Checkpoints`.
    """
    reports = run.reports
    options = {"every": cadence(run, "checkpoint_every"), "keep": reports.keep_checkpoints, "best": best}
    options |= {"first": run.training.recover > 0}
    return Checkpoints(Path(run.training.workdir) / "checkpoints", **options)


def panel_of(run):
    """The `Panel` that measures the run while it trains.

    Raises:
      InputError: `--best_metric` or `--stop_when` needs what is not measured.
    """
    reports, data = run.reports, run.data
    panel = panel_for(
        data if data.kind.marks_unwanted else run.wanted.taken(at_most=_PICTURED),
        scores=reports.evaluate_metrics or (),
        best_metric=reports.best_metric,
        negative_classes=run.unwanted_classes,
        encodes="encoder" in run.model.networks,
        unwanted=unwanted_samples(run),
        resources=Resources(run.settings.values.get("data.cache_dir"), reports.inception_path, reports.feature_network),
    )
    if panel is None and reports.stop_when == FLAT:
        raise InputError(
            f"--stop_when=flat needs evaluations, and nothing is measured during training on {data.name}; add "
            "--evaluate_metrics, or take --stop_when=never."
        )
    condition = condition_of(reports.stop_when)
    if condition is not None:
        check_measured("stop_when", reports.stop_when, condition.name, panel, data)
    return panel


def diagnosis_of(run, panel, **outputs):
    """Returns the callback that warns, and ends the run for `--stop_when=flat`.

    Args:
      run: The run.
      panel: The `Panel` of the run, or None.
      **outputs: The arguments log, board and progress of `Diagnosis`.
    """
    training = run.training
    taken = training.batch_size * run.model.discriminator_steps
    return Diagnosis(
        train_steps=training.train_steps,
        epochs_per_step=taken / run.first_part.size,
        panel=panel,
        stops_when_flat=run.reports.stop_when == FLAT,
        **outputs,
    )


def score_stop_of(run, log, progress):
    """Returns a list with the callback that ends the run by the condition of `--stop_when`. Empty without one."""
    condition = condition_of(run.reports.stop_when)
    options = {"train_steps": run.training.train_steps, "progress": progress}
    return [] if condition is None else [ScoreReached(condition, log, **options)]


def held_out_gap_of(run):
    """Returns the `HeldOutGap` of the wanted samples, or None if none are held out."""
    data, wanted = run.wanted.data, run.wanted.all_rows
    if data.held_out is None:
        return None
    sets = [np.intersect1d(rows, wanted) for rows in (run.first_part.all_rows, data.held_out)]
    return HeldOutGap(data.kind, *(data.samples[evenly(rows, ROWS)] for rows in sets)) if all(map(len, sets)) else None


def watchers_of(run, board, log):
    """Returns (callbacks for pictures and for the profile of `--profile_steps`, callback for the last picture).

    The last one comes after the callback that saves checkpoints.
    """
    training, reports = run.training, run.reports
    data, workdir = run.wanted.taken(at_most=_PICTURED), Path(training.workdir)
    pictures = {"board": board, "seed": training.seed, "log": log, "held_out": held_out_gap_of(run)}
    pictures |= {"every": cadence(run, "sample_every")}
    watchers = [_PICTURES[data.kind.name](workdir / "samples", data, run.scaling, **pictures)]
    if reports.profile_steps is not None:
        first, last = reports.profile_steps
        watchers.append(Profile(workdir / "tensorboard", first=first, last=last))
    return watchers, LastPicture(watchers[0])
