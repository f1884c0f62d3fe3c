"""What every training leaves in its folder: a log, what TensorBoard shows, checkpoints."""

from pathlib import Path

from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.saving import Checkpoints
from tfgan2.callbacks.tensorboard import TensorBoard


def log_of(experiment):
    """The callback that writes metrics.jsonl."""
    settings = experiment.settings
    return MetricsLog(Path(settings.workdir) / "metrics.jsonl", every=settings.log_every)


def board_of(experiment):
    """The callback that writes what TensorBoard shows."""
    settings, model = experiment.settings, experiment.model
    replicas = model.distribute_strategy.num_replicas_in_sync
    return TensorBoard(
        Path(settings.workdir) / "tensorboard",
        every=settings.log_every,
        settings_text=settings.text(),
        hyperparameters=settings.trajectory(),
        name=str(settings.workdir),
        device_batch=settings.batch_size * model.discriminator_steps // replicas,
    )


def saving_of(experiment, best=None):
    """The callback that saves checkpoints, and keeps the best beside the newest.

    Args:
      experiment: the run.
      best: as for `Checkpoints`.
    """
    settings = experiment.settings
    options = {"every": settings.checkpoint_every, "keep": settings.keep_checkpoints, "best": best}
    return Checkpoints(Path(settings.workdir) / "checkpoints", **options)
