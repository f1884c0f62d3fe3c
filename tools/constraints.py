"""P2GAN's constrained generation: the runs with each force switched off, and how much of what is made is unwanted."""

import numpy as np
from wanted import counts_at_modes

from tfgan2.data.selection import numbers_of

_POINTS = 5_000
_FORCES = {
    "the data's pull on 0": ("real:0:pull", 1),
    "the data's pull on 1": ("real:1:pull", 1),
    "the unwanted's pull on 1": ("auxiliary_0:1:pull", 0.1),
    "the unwanted's push on 0": ("auxiliary_0:0:push", 0.5),
    "the push of 1 on 0": ("generator_1:0:push", 0.5),
    "the push of 0 on 1": ("generator_0:1:push", 0.5),
}
"""What each of the configurations' six forces is, and its weight."""

_ALONE = ("--p2gan.forces=real:0:pull:1",)
_PUBLISHED_PUSH = 0.01
_SAME_RATE = "--optimizer.generator.learning_rate=0.0005"


def convolutional_rows():
    """(name, configuration, flags, folder) of the garments with convolutional networks."""
    config = "p2gan_garments_constrained_cnn"
    yield "GAN", config, _ALONE, "gan"
    yield "P2GAN, pushes of 0.5", config, (), "pushed"
    yield "P2GAN, pushes of 0.5, no augmentation", config, ("--network.augmentation=",), "no_augmentation"


def constrained_rows(config, *, each=False):
    """(name, configuration, flags, folder): one generator alone, published pushes, ours, and what each part does."""
    yield "GAN", config, _ALONE, "gan"
    published = {name: _PUBLISHED_PUSH for name, (force, _) in _FORCES.items() if force.endswith("push")}
    yield "P2GAN, published pushes of 0.01", config, (_forces(published),), "published"
    yield "P2GAN, pushes of 0.5", config, (), "pushed"
    if not each:
        return
    yield "generators as fast as discriminators", config, (_SAME_RATE,), "same_rate"
    for number, name in enumerate(_FORCES):
        yield f"without {name}", config, (_forces({name: 0}),), f"without_{number}"


def share_of_auxiliary(run, record, *, seed, averaged):
    """What part of the result is of the auxiliary classes: images by a classifier, points by the nearest mode."""
    named = run.settings.values["data.auxiliary_classes"]
    auxiliary = list(numbers_of("auxiliary_classes", named, run.data))
    if "class_counts" in record:
        counts = np.array(record["class_counts"])
    else:
        counts = counts_at_modes(run, _POINTS, seed=seed, averaged=averaged)
    return {"unwanted": float(counts[auxiliary].sum() / counts.sum())}


def _forces(weights):
    """The flag of all forces, some with other weights."""
    texts = (f"{force}:{weights.get(name, weight)}" for name, (force, weight) in _FORCES.items())
    return f"--p2gan.forces={','.join(texts)}"
