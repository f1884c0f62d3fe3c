"""Rumi-GAN's experiments: a ring of wanted, unwanted and shared modes, and images with wanted and unwanted classes."""

from experiments.definition import Experiment, Row, Start, of_images
from experiments.rumi_measures import share_and_scores, share_of_unwanted, shares_and_distances, shares_of_modes
from experiments.rumi_rows import (
    MINORITIES,
    digits_rows,
    overlap_rows,
    reduced_overlap_rows,
    reduced_rows,
    table1_rows,
)

_HALVES = (
    *("--data.positive_classes=0,1,2,3,4", "--data.negative_classes=5,6,7,8,9"),
    "--data.contamination=0.2",
)
_ALL_MODES = (
    *("--evaluate_every=0", "--data.positive_classes=0,1,2,3,4,5,6,7,8,9", "--data.negative_classes="),
    *("--standard_gan.penalty_weight=0.1", "--train_steps=8000", "--batch_size=256"),
    "--optimizer.learning_rate=0.001",
)
_POSITIVES = (
    *("--evaluate_every=0", "--standard_gan.penalty_weight=0.03", "--batch_size=512"),
    "--optimizer.discriminator.learning_rate=0.0005",
)
_NO_WEIGHT = ("--rumi.negative_weight=0",)
_RING = (
    ("LSGAN", "lsgan", "lsgan_ring", ()),
    ("Rumi-LSGAN, no negative weight", "rumi_0", "rumi_ring", _NO_WEIGHT),
    ("Rumi-LSGAN", "rumi", "rumi_ring", ()),
)
_PRD = {"prd_f8": "PRD F8", "prd_f1_8": "PRD F1/8"}
_IMAGE_MEASURES = {"unwanted": "unwanted", **_PRD}
_DISTANCE = "fd-classifier-fashion-mnist"


def _ring_row(name, folder, config, flags, *, contaminated):
    """A run on the ring. It starts from LSGAN's runs on all modes and on the positives, as the configuration says."""
    data, kind = (_HALVES, "_contaminated") if contaminated else ((), "")
    folder, flags = folder + kind, ("--evaluate_every=0", *data, *flags)
    starts = (
        Start("all_modes", "lsgan_ring", _ALL_MODES),
        Start(f"positives{kind}", "lsgan_ring", (*_POSITIVES, *data)),
    )
    if config == "rumi_ring":
        starts += (Start(f"{folder}_start", config, ("--rumi.penalty_weight=0.005", "--batch_size=512", *flags)),)
    table = "Every fifth of the positives is a negative" if contaminated else "Clean positives"
    return Row(name, config, flags, folder, starts=starts, table=table)


def table1(dataset, classes):
    """Rumi-GAN's Table 1 on a data set, with each of some classes as the minority. The table has means over these."""
    return of_images(
        f"Rumi-GAN's Table 1 on {dataset}",
        table1_rows(dataset, classes),
        "rumi-classifier-10k",
        {f"fd-classifier-{MINORITIES[dataset][1]}": "Fréchet distance", **_IMAGE_MEASURES},
        measure=share_of_unwanted,
    )


EXPERIMENTS = {
    "rumi_ring": Experiment(
        about="Rumi-GAN on a ring of wanted, unwanted and shared modes",
        rows=tuple(_ring_row(*row, contaminated=contaminated) for contaminated in (False, True) for row in _RING),
        protocol="ring10-2k",
        measures={
            "least_wanted": "wanted, least",
            "most_wanted": "wanted, most",
            "least_shared": "shared, least",
            "most_shared": "shared, most",
            "most_unwanted": "unwanted, most",
            "unwanted": "unwanted, all",
        },
        title="2,000 generated points over the ring, seed 0",
        decimals=4,
        measure=shares_of_modes,
        data={"std": 0.2},
    ),
    "rumi_images": of_images(
        "Rumi-GAN and its baselines on Fashion-MNIST, reduced",
        reduced_rows(),
        "rumi-classifier-1k",
        {
            _DISTANCE: "Fréchet distance",
            **_IMAGE_MEASURES,
            "unwanted_below_fakes": "unwanted below fakes",
            "wanted_below_fakes": "wanted below fakes",
        },
        curves=("discriminator/loss", "generator/loss"),
        measure=share_and_scores,
    ),
    "rumi_digits": of_images(
        "Rumi-GAN and its baselines at equal networks and updates, on 8 x 8 digits",
        digits_rows(),
        "rumi-classifier-1k",
        {
            "fd-classifier-digits": "Fréchet distance",
            "unwanted": "unwanted only",
            "shared": "both wanted and unwanted",
            **_PRD,
        },
        noun="digits",
        measure=share_of_unwanted,
    ),
    "rumi_overlap": of_images(
        "Rumi-GAN on overlapping classes of Fashion-MNIST, reduced",
        reduced_overlap_rows(),
        "rumi-classifier-1k",
        {
            _DISTANCE: "Fréchet distance from equal shares",
            "distance_from_game": "from the game's shares",
            "shared": "both wanted and unwanted",
            "unwanted": "unwanted only",
            "unwanted_below_fakes": "unwanted below fakes",
        },
        measure=shares_and_distances,
    ),
    "rumi_fashion_mnist": of_images(
        "Rumi-GAN on overlapping classes of Fashion-MNIST, the paper's networks",
        overlap_rows(),
        "rumi-classifier-10k",
        {_DISTANCE: "Fréchet distance", **_IMAGE_MEASURES},
        curves=(f"coverage/{_DISTANCE}", "discriminator/loss", "generator/loss"),
        measure=shares_and_distances,
    ),
}
