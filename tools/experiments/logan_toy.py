"""LOGAN's toy experiments: a GAN of 2-D latents (Section 4.1 of its paper) and a BiGAN of 1-D latents (4.2)."""

import numpy as np

from experiments.definition import Experiment, Row
from experiments.logan_toy_pictures import draw_discriminators

_RADIUS = 0.2
"""A sample is at the mode that is nearest to it if that is less than this away; modes are 0.77 apart or more."""

_SAMPLES, _ENOUGH = 2_000, 20
_RECONSTRUCTED = 100

_SMALL = (
    *("--network.hidden_units=128", "--optimizer.learning_rate=0.0005", "--ema_decay=0.999"),
    *("--sample_every=0", "--evaluate_every=0"),
)
"""Flags of the short runs: a quarter of the width, and a rate to match."""

_LOSSES = {
    "vanilla": ("--train_steps=10000",),
    "Wasserstein": ("--train_steps=2000", "--logan.discriminator_steps=5"),
    "lol1": ("--train_steps=10000",),
    "lol2": ("--train_steps=10000",),
}
"""Loss -> flags, for 10,000 updates of the discriminator. The paper has 40,000."""

_WHOLE = ("--sample_every=0", "--evaluate_every=2000", "--ema_decay=0.999")
"""Flags of the few runs at the paper's size."""


def _rows(config):
    """Each loss with and without a penalty, of a BiGAN, then of a GAN; on the grid also BiGANs of 2-D latents.

    The last rows have the paper's size.
    """
    plane = ("--network.latent_dim=2",)
    kinds = {"BiGAN": ("", ())}
    if config == "logan_rect25":
        kinds["BiGAN, 2-D latents"] = ("plane_", plane)
    kinds["GAN"] = ("gan_", (*plane, "--logan.bidirectional=false"))
    for kind, (prefix, flags) in kinds.items():
        for loss, more in _LOSSES.items():
            for suffix, given in _penalties(loss, encodes=kind != "GAN").items():
                folder = prefix + loss.lower() + suffix.replace(", ", "_").replace(" ", "_").replace("-", "")
                chosen = (f"--logan.loss={loss.lower()}", f"--logan.gradient_penalty={given}")
                yield Row(f"{kind}, {loss}{suffix}", config, (*_SMALL, *flags, *chosen, *more), folder)
    if config == "logan_rect25":
        yield Row("BiGAN, 2-D latents, lol1, paper's size", config, (*_WHOLE, *plane), "paper_plane_lol1")
    else:
        vanilla = ("--flagfile=configs/common/as_vanilla_bigan.cfg",)
        yield Row("BiGAN, lol1, paper's size", config, _WHOLE, "paper_lol1")
        flags, folder = (*_WHOLE, *vanilla), "paper_vanilla_no_penalty"
        yield Row("BiGAN, vanilla, no penalty, paper's size", config, flags, folder)


def _penalties(loss, *, encodes):
    """End of the row's name -> its penalty. Wasserstein's is two_sided in the paper, pairwise in the authors' code."""
    if not encodes:
        return {"": "two_sided", ", no penalty": "none"}
    if loss == "Wasserstein":
        return {"": "two_sided", ", pair-wise penalty": "pairwise", ", no penalty": "none"}
    return {"": "pairwise", ", no penalty": "none"}


def _modes_and_errors(run, record, *, seed, averaged):
    """Modes with 20 of 2,000 samples or more, the share of samples at any, and the worst reconstruction of a mode.

    That is the mean distance of a mode's points from their reconstructions.
    """
    centers = run.data.centers
    values = _at_modes(run.sample(_SAMPLES, seed=seed, averaged=averaged), centers)
    if "encoder" in run.model.networks:
        points = run.data.samples
        modes = [points[run.data.labels == mode][:_RECONSTRUCTED] for mode in range(len(centers))]
        errors = [np.linalg.norm(each - run.reconstruct(each, averaged=averaged), axis=1).mean() for each in modes]
        values["worst_reconstruction"] = float(max(errors))
    return values


def _at_modes(samples, centers):
    distances = np.linalg.norm(samples[:, None] - centers, axis=-1)
    nearest = distances.argmin(axis=1)[distances.min(axis=1) < _RADIUS]
    counts = np.bincount(nearest, minlength=len(centers))
    return {"modes": int(np.count_nonzero(counts >= _ENOUGH)), "at_modes": len(nearest) / _SAMPLES}


def _toy(about, name, source, data):
    return Experiment(
        about=about,
        rows=tuple(_rows(name)),
        protocol="modes-2k",
        measures={
            "modes": "modes",
            "at_modes": "samples at a mode",
            "registered_modes": "modes, 2.8 std",
            "worst_reconstruction": "worst reconstruction",
        },
        title="2,000 generated points over the data, raw weights, seed 0",
        measure=_modes_and_errors,
        source=source,
        data=data,
        figures=draw_discriminators,
    )


EXPERIMENTS = {
    "logan_ring16": _toy("LOGAN's toy experiments on two rings of eight Gaussians", "logan_ring16", "ring16", {}),
    "logan_rect25": _toy(
        "LOGAN's toy experiments on a grid of 25 Gaussians", "logan_rect25", "grid25", {"spacing": 1, "std": 0.01}
    ),
}
