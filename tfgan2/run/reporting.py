"""What a training leaves in its folder: a log, what TensorBoard shows, measurements, pictures, checkpoints."""

from pathlib import Path

from tfgan2.callbacks.image_samples import ImageSamples
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.point_samples import PointSamples
from tfgan2.callbacks.profile import Profile
from tfgan2.callbacks.saving import Checkpoints
from tfgan2.callbacks.tensorboard import TensorBoard
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.panel import panel_for

_PICTURED = 2048  # samples of a selection that pictures are made of
_PICTURES = {"points": PointSamples, "images": ImageSamples}


def log_of(run):
    """The callback that writes metrics.jsonl."""
    settings = run.settings
    return MetricsLog(Path(settings.workdir) / "metrics.jsonl", every=settings.log_every)


def board_of(run):
    """The callback that writes what TensorBoard shows."""
    settings, model = run.settings, run.model
    replicas = model.distribute_strategy.num_replicas_in_sync
    return TensorBoard(
        Path(settings.workdir) / "tensorboard",
        every=settings.log_every,
        settings_text=settings.text(),
        hyperparameters=settings.trajectory(),
        name=str(settings.workdir),
        device_batch=settings.batch_size * model.discriminator_steps // replicas,
    )


def saving_of(run, best=None):
    """The callback that saves checkpoints, and keeps the best beside the newest.

    Args:
      run: the run.
      best: as for `Checkpoints`.
    """
    settings = run.settings
    options = {"every": settings.checkpoint_every, "keep": settings.keep_checkpoints, "best": best}
    return Checkpoints(Path(settings.workdir) / "checkpoints", **options)


def panel_of(run):
    """The `Panel` that measures the run while it trains."""
    settings, data = run.settings, run.data
    return panel_for(
        data if data.kind.marks_unwanted else run.wanted.taken(at_most=_PICTURED),
        scores=settings.evaluate_metrics or (),
        best_metric=settings.best_metric,
        negative_classes=run.unwanted_classes,
        encodes="encoder" in run.model.networks,
        resources=Resources(settings.values.get("data.cache_dir"), settings.inception_path),
    )


def watchers_of(run, board):
    """The callbacks that show what is being learned: pictures, and the profiler if asked for."""
    settings, scaling = run.settings, run.scaling
    data, workdir = run.wanted.taken(at_most=_PICTURED), Path(settings.workdir)
    pictures = {"board": board, "seed": settings.seed, "every": settings.sample_every}
    watchers = [_PICTURES[data.kind.name](workdir / "samples", data, scaling, **pictures)]
    if settings.profile_steps is not None:
        first, last = settings.profile_steps
        watchers.append(Profile(workdir / "tensorboard", first=first, last=last))
    return watchers
