"""Whether the data are such as stages need them, told before the first of these starts."""

from tfgan2.data.kinds import POINTS
from tfgan2.errors import InputError


def check_sizes(settings, stages, part, replicas):
    """Checks what stages take of the samples, which some of them would notice after hours only.

    Args:
      settings: of the run.
      stages: names of those that come first.
      part: the `Part` that they learn from.
      replicas: devices that share a batch.

    Raises:
      InputError: points are to be augmented; a batch is larger than the data, cannot be shared by the devices or leaves
        nothing to contrast; there are fewer other samples than neighbours, or fewer samples than partitions; or a
        count is below 1.
    """
    size, name = part.size, part.data.name
    check_partitions(settings, part)
    for stage in stages:
        if not settings.values[f"{stage}.train_steps"]:
            continue
        if stage == "pretext" and settings.values["pretext.augmentations"] and part.data.kind is POINTS:
            raise InputError(
                f"--pretext.augmentations={','.join(settings.values['pretext.augmentations'])} are for images, and "
                f"{name} has points; leave the pretext out, by --pretext.train_steps=0, or them, by "
                "--pretext.augmentations="
            )
        flag, batch = f"--{stage}.batch_size", settings.values[f"{stage}.batch_size"]
        if batch > size and part.rows is None:
            raise InputError(f"{flag}={batch}: {name} has {size} samples; give at most as many")
        if batch % replicas:
            raise InputError(f"{flag}={batch} cannot be shared by {replicas} devices; take a multiple of {replicas}")
        if stage == "pretext" and batch < 2 * replicas:
            raise InputError(
                f"{flag}={batch}: each image is told from the others of its batch and device; "
                f"give at least {2 * replicas}"
            )
        for argument, most in (("neighbors", size - 1), ("n_init", None), ("max_iter", None)):
            value = settings.values.get(f"{stage}.{argument}", 1)
            if value < 1 or (most is not None and value > most):
                accepted = "at least 1" if most is None else f"1 to {most}, as {name} has {size} samples"
                raise InputError(f"--{stage}.{argument}={value}: give {accepted}")


def check_partitions(settings, part):
    """Raises InputError if there are more partitions than samples."""
    flag, size = f"--{settings.method}.partitions", part.size
    partitions = settings.values[flag.removeprefix("--")]
    if partitions > size:
        raise InputError(f"{flag}={partitions}: {part.data.name} has {size} samples; give at most as many")
