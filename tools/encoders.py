"""LOGAN's comparisons on images: what its reconstructions keep, and the rare objects on a static background."""

import numpy as np

_LOSSES = {
    "vanilla BiGAN": ("--logan.loss=vanilla", "--logan.gradient_penalty=none"),
    "Wasserstein BiGAN": (
        *("--logan.loss=wasserstein", "--logan.gradient_penalty=two_sided", "--logan.discriminator_steps=5"),
    ),
    "lol1": (),
    "lol2": ("--logan.loss=lol2",),
}
"""Loss -> the flags that turn a configuration of lol1 into it."""

_BIMODAL = ("--logan.prior=bimodal",)
_BACKGROUND = {
    "vanilla BiGAN": ("vanilla", _LOSSES["vanilla BiGAN"]),
    "lol1": ("lol1", _LOSSES["lol1"]),
    "lol2": ("lol2", _LOSSES["lol2"]),
    "lol1, latents of two modes": ("bimodal", _BIMODAL),
    "lol1, latents of two modes, their penalty": ("bimodal_penalty", (*_BIMODAL, "--logan.penalize_latents=true")),
}
"""Row on a static background -> its folder and flags."""


def image_rows(config, steps, every, flags=()):
    """(name, configuration, flags, folder) of each loss, for as many updates of the discriminator.

    Args:
      config: of lol1.
      steps: updates of the discriminator.
      every: of these are between two measurements.
      flags: of all rows besides.
    """
    for name, loss in _LOSSES.items():
        length = f"--train_steps={steps}", f"--evaluate_every={every}"
        if name.startswith("Wasserstein"):  # of whose steps each has five updates
            length = f"--train_steps={steps // 5}", f"--evaluate_every={every // 5}", "--steps_per_execution=10"
        yield name, config, (*flags, *length, *loss), name.split()[0].lower()


def background_rows():
    """(name, configuration, flags, folder) of the runs on a static background."""
    for name, (folder, flags) in _BACKGROUND.items():
        yield name, "logan_static_background", flags, folder


def rare_objects(run, record, *, seed, averaged):
    """By a classifier the share of generated frames with an object, and that of each over its share of the data."""
    counts = np.array(record["class_counts"])[1:]
    real = np.bincount(run.data.labels, minlength=len(counts) + 1)[1:] / len(run.data.labels)
    made = counts / np.sum(record["class_counts"])
    ratios = made / real
    of_each = {f"{name}_ratio": float(ratio) for name, ratio in zip(run.data.class_names[1:], ratios, strict=True)}
    return {"rare": float(made.sum()), "rare_ratio": float(made.sum() / real.sum()), **of_each}
