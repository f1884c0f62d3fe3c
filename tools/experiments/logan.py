"""LOGAN's experiments on images: what reconstructions keep, and the rare objects on a static background."""

import numpy as np

from experiments.definition import Row, of_images
from experiments.logan_pictures import draw_reconstructions
from experiments.logan_toy import EXPERIMENTS as TOYS
from tfgan2.data.static_background import OBJECTS

_LOSSES = {
    "vanilla BiGAN": ("--flagfile=configs/common/as_vanilla_bigan.cfg",),
    "Wasserstein BiGAN": ("--flagfile=configs/common/as_wasserstein_bigan.cfg",),
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

_MEASURED = ("--evaluate_metrics=classifier_score,reconstructions",)
_SHORT = ("--network.width_multiplier=0.25", "--network.latent_dim=16", "--optimizer.learning_rate=0.0005")


def _reconstructions(about, name, protocol, data, *, steps, every, flags=()):
    """The four losses, for the same number of discriminator updates.

    Args:
      about: one sentence.
      name: of the configuration, which is that of lol1.
      protocol: how all are measured.
      data: name of the classifier's data.
      steps: updates of the discriminator.
      every: updates between two measurements.
      flags: added to all rows.
    """
    return of_images(
        about,
        _loss_rows(name, steps, every, (*flags, *_MEASURED)),
        protocol,
        {
            "class_agreement": "class kept",
            "ssim": "SSIM",
            "modes_covered": "classes",
            f"fd-classifier-{data}": "Fréchet distance",
            "recall": "recall",
        },
        curves=("coverage/classifier_score", "coverage/class_agreement", "coverage/ssim"),
        figures=draw_reconstructions,
    )


def _loss_rows(config, steps, every, flags):
    for name, loss in _LOSSES.items():
        length = f"--train_steps={steps}", f"--evaluate_every={every}"
        if name.startswith("Wasserstein"):  # a step has five updates of the discriminator
            length = f"--train_steps={steps // 5}", f"--evaluate_every={every // 5}", "--steps_per_execution=10"
        yield Row(name, config, (*flags, *length, *loss), name.split()[0].lower())


def _rare_objects(run, record, *, seed, averaged):
    """The share of generated frames with an object, by a classifier, and of each object over its share of the data."""
    counts = np.array(record["class_counts"])[1:]
    real = np.bincount(run.data.labels, minlength=len(counts) + 1)[1:] / len(run.data.labels)
    made = counts / np.sum(record["class_counts"])
    ratios = made / real
    of_each = {f"{name}_ratio": float(ratio) for name, ratio in zip(run.data.class_names[1:], ratios, strict=True)}
    return {"rare": float(made.sum()), "rare_ratio": float(made.sum() / real.sum()), **of_each}


EXPERIMENTS = {
    **TOYS,
    "logan_digits": _reconstructions(
        "reconstructions of LOGAN on 8 x 8 digits",
        "logan_digits",
        "classifier-digits",
        "digits",
        steps=20_000,
        every=300,
    ),
    "logan_fashion_mnist": _reconstructions(
        "reconstructions of LOGAN on Fashion-MNIST, shortened",
        "logan_fashion_mnist",
        "classifier-10k",
        "fashion-mnist",
        steps=3_000,
        every=250,
        flags=_SHORT,
    ),
    "logan_static_background": of_images(
        "LOGAN on frames that are mostly empty",
        (Row(name, "logan_static_background", flags, folder) for name, (folder, flags) in _BACKGROUND.items()),
        "classifier-10k",
        {
            "rare_ratio": "rare objects",
            **{f"{name}_ratio": name for name in OBJECTS},
            "class_agreement": "class kept",
            "ssim": "SSIM",
        },
        noun="frames",
        measure=_rare_objects,
        figures=draw_reconstructions,
    ),
}
