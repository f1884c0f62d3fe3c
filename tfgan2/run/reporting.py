"""The callbacks of a training run: log, TensorBoard, measurements, pictures, and checkpoints."""

from pathlib import Path

from tfgan2.callbacks.image_samples import ImageSamples
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.point_samples import PointSamples
from tfgan2.callbacks.profile import Profile
from tfgan2.callbacks.saving import Checkpoints
from tfgan2.callbacks.tensorboard import TensorBoard
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.panel import panel_for

_PICTURED = 2048  # Number of real samples for pictures, if they must be copied.
_PICTURES = {"points": PointSamples, "images": ImageSamples}


def log_of(run):
    """Returns the callback that writes metrics.jsonl."""
    return MetricsLog(Path(run.training.workdir) / "metrics.jsonl", every=run.reports.log_every)


def board_of(run):
    """Returns the callback that writes the event files of TensorBoard."""
    training, model = run.training, run.model
    replicas = model.distribute_strategy.num_replicas_in_sync
    return TensorBoard(
        Path(training.workdir) / "tensorboard",
        every=run.reports.log_every,
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
    options = {"every": reports.checkpoint_every, "keep": reports.keep_checkpoints, "best": best}
    return Checkpoints(Path(run.training.workdir) / "checkpoints", **options)


def panel_of(run):
    """The `Panel` that measures the run while it trains."""
    reports, data = run.reports, run.data
    return panel_for(
        data if data.kind.marks_unwanted else run.wanted.taken(at_most=_PICTURED),
        scores=reports.evaluate_metrics or (),
        best_metric=reports.best_metric,
        negative_classes=run.unwanted_classes,
        encodes="encoder" in run.model.networks,
        resources=Resources(run.settings.values.get("data.cache_dir"), reports.inception_path, reports.feature_network),
    )


def watchers_of(run, board):
    """Returns the callbacks for pictures and for the profile of `--profile_steps`."""
    training, reports = run.training, run.reports
    data, workdir = run.wanted.taken(at_most=_PICTURED), Path(training.workdir)
    pictures = {"board": board, "seed": training.seed, "every": reports.sample_every}
    watchers = [_PICTURES[data.kind.name](workdir / "samples", data, run.scaling, **pictures)]
    if reports.profile_steps is not None:
        first, last = reports.profile_steps
        watchers.append(Profile(workdir / "tensorboard", first=first, last=last))
    return watchers
