"""The comparisons behind results/: which methods, how they are measured, and what their papers print."""

from collections.abc import Callable
from typing import NamedTuple

from constraints import constrained_rows, convolutional_rows, share_of_auxiliary
from encoders import background_rows, image_rows, rare_objects
from mixtures import classes_of_the_first, numbers_of_generators, owners, ring_rows
from partitions import agreement_with_labels, rows_of_garments, rows_of_points, rows_of_stacks
from toys import modes_and_errors, toy_rows
from wanted import (
    MINORITIES,
    digits_rows,
    overlap_rows,
    reduced_overlap_rows,
    reduced_rows,
    share_and_scores,
    share_of_unwanted,
    shares_and_distances,
    shares_of_modes,
    table1_rows,
)

from tfgan2.data.static_background import OBJECTS


class Start(NamedTuple):
    """A run that rows go on from: its folder, configuration and flags."""

    folder: str
    config: str
    flags: tuple[str, ...]


class Row(NamedTuple):
    """One method of a comparison.

    Attributes:
      name: in the table.
      config: its flagfile in configs/.
      flags: what is called besides.
      folder: of its results; the configuration's name if None.
      published: measure -> what the paper prints.
      group: what its line of the table is called, if it stands for the mean of several rows.
      starts: the runs that come before, each from the weights of the last one; rows may share them.
      table: heading of the table on the page that it is in; all of a table are measured alike.
    """

    name: str
    config: str
    flags: tuple[str, ...] = ()
    folder: str | None = None
    published: dict[str, str] | None = None
    group: str | None = None
    starts: tuple[Start, ...] = ()
    table: str = ""

    @property
    def key(self):
        """What the row is called in folders and by --rows."""
        return self.folder or self.config


class Comparison(NamedTuple):
    """Methods that are compared by one protocol.

    Attributes:
      rows: the methods.
      protocol: how all are measured.
      measures: name of a value -> head of its column.
      title: above the picture.
      decimals: of the numbers in the table.
      kept_samples: how many of seed 0 are kept, for the picture.
      curves: names in metrics.jsonl that are drawn over the steps.
      source: name of the point set that pictures show, if it is not the protocol's.
      data: arguments of that point set.
      beside: a choice that samples of seed 0 are kept and drawn of, too.
      grown: folder of the row whose generators are drawn one after the other, if there is one.
      measure: maps (run, the protocol's record, seed, averaged) to values besides.
    """

    rows: tuple[Row, ...]
    protocol: str
    measures: dict[str, str]
    title: str
    decimals: int = 2
    kept_samples: int = 2000
    curves: tuple[str, ...] = ()
    grown: str | None = None
    measure: Callable | None = None
    source: str | None = None
    data: dict[str, float] = {}  # noqa: RUF012
    beside: int | None = None


_CURVES = ("--evaluate_metrics=classifier_score,reconstructions",)
_SHORT = ("--network.width_multiplier=0.25", "--network.latent_dim=16", "--optimizer.learning_rate=0.0005")

_GRID_MEASURES = {
    "registered_modes": "modes",
    "registered_points": "points",
    "total_variation_true": "TV true",
    "total_variation_differential": "TV diff",
    "total_variation": "TV (standard)",
}


def _of_grid(name, config, *published):
    return Row(name, config, published=dict(zip(_GRID_MEASURES, published, strict=False)))


def _digits_arm(name, folder, objective, neighbor_weight):
    """An arm of GN-GAN's Figure 7: the standard GAN with one or both of its techniques, without its autoencoder."""
    flags = f"autoencoder=false generator_objective={objective} neighbor_weight={neighbor_weight}".split()
    return Row(name, "gngan_digits", tuple(f"--gngan.{flag}" for flag in flags), folder)


_RAW_UNITS = (
    *("--network.output_activation=linear", "--network.initializer=glorot_uniform"),
    "--gngan.discriminator_steps=3",
)
_HALVES = (
    *("--data.positive_classes=0,1,2,3,4", "--data.negative_classes=5,6,7,8,9"),
    "--data.contamination=0.2",
)
_PRD = {"prd_f8": "PRD F8", "prd_f1_8": "PRD F1/8"}
_IMAGE_MEASURES = {"unwanted": "unwanted", **_PRD}
_ALL_MODES = (
    *("--evaluate_every=0", "--data.positive_classes=0,1,2,3,4,5,6,7,8,9", "--data.negative_classes="),
    *("--standard_gan.penalty_weight=0.1", "--train_steps=8000", "--batch_size=256"),
    "--optimizer.learning_rate=0.001",
)
_NO_WEIGHT = ("--rumi.negative_weight=0",)
_POSITIVES = (
    *("--evaluate_every=0", "--standard_gan.penalty_weight=0.03", "--batch_size=512"),
    "--optimizer.discriminator.learning_rate=0.0005",
)


def _ring(name, folder, config, flags=(), *, contaminated=False):
    """A run on the ring, which goes on from LSGAN's on all modes and on the positives, as the configuration says."""
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
    """Rumi-GAN's Table 1 on a data set, with each of some classes as the minority; the table has means over these."""
    return Comparison(
        rows=tuple(
            Row(f"{name}, {folder}", config, flags, folder, group=name)
            for name, config, flags, folder in table1_rows(dataset, classes)
        ),
        protocol="rumi-classifier-10k",
        measures={f"fd-classifier-{MINORITIES[dataset][1]}": "Fréchet distance", **_IMAGE_MEASURES},
        title="64 generated images, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        measure=share_of_unwanted,
    )


COMPARISONS = {
    "gngan_grid25": Comparison(
        rows=(
            _of_grid("GAN", "gan_grid25", "14.25 ± 2.49", "1013.38 ± 171.73", "1.00 ± 0.00", "0.90 ± 0.22"),
            _of_grid("WGAN-GP", "wgan_gp_grid25", "21.71 ± 1.35", "1180.25 ± 158.63", "0.90 ± 0.07", "0.51 ± 0.06"),
            _of_grid("Dist-GAN", "distgan_grid25", "20.71 ± 4.42", "1188.62 ± 311.91", "0.82 ± 0.19", "0.43 ± 0.12"),
            Row("Dist-GAN, public code", "distgan_grid25_code"),
            _of_grid("GN-GAN", "gngan_grid25", "24.39 ± 0.44", "1461.83 ± 222.86", "0.57 ± 0.17", "0.31 ± 0.12"),
        ),
        protocol="grid25-2k",
        measures=_GRID_MEASURES,
        title="2,000 generated points over the data, seed 0",
    ),
    "gngan_modes1d": Comparison(
        rows=(
            Row("Dist-GAN", "distgan_modes1d"),
            Row("GN-GAN", "gngan_modes1d"),
            Row("GN-GAN, raw units", "gngan_modes1d", _RAW_UNITS, "gngan_raw_units"),
        ),
        protocol="modes1d-2k",
        measures={
            "registered_modes": "modes",
            "registered_points": "points",
            "middle_share": "share of the middle mode",
            "total_variation": "TV (standard)",
        },
        title="2,000 generated points against the data, seed 0",
    ),
    "gngan_digits": Comparison(
        rows=(
            _digits_arm("GAN", "gan", "standard", 0),
            _digits_arm("GAN + NE", "gan_ne", "standard", 1),
            _digits_arm("GAN + GM", "gan_gm", "matching", 0),
            _digits_arm("GAN + GM + NE", "gan_gm_ne", "matching", 1),
            Row("GN-GAN", "gngan_digits"),
        ),
        protocol="classifier-digits",
        measures={
            "modes_hit": "classes",
            "reverse_kl_nats": "reverse KL",
            "fd-classifier-digits": "Fréchet distance",
            "precision": "precision",
            "recall": "recall",
            "coverage": "coverage",
            "neighbor_spread": "neighbour spread",
        },
        title="64 generated digits, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        curves=("discriminator/loss", "generator/loss"),
    ),
    "rumi_ring": Comparison(
        rows=(
            _ring("LSGAN", "lsgan", "lsgan_ring"),
            _ring("Rumi-LSGAN, no negative weight", "rumi_0", "rumi_ring", _NO_WEIGHT),
            _ring("Rumi-LSGAN", "rumi", "rumi_ring"),
            _ring("LSGAN", "lsgan", "lsgan_ring", contaminated=True),
            _ring("Rumi-LSGAN, no negative weight", "rumi_0", "rumi_ring", _NO_WEIGHT, contaminated=True),
            _ring("Rumi-LSGAN", "rumi", "rumi_ring", contaminated=True),
        ),
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
    "rumi_images": Comparison(
        rows=tuple(Row(*row, table=table) for table, *row in reduced_rows()),
        protocol="rumi-classifier-1k",
        measures={
            "fd-classifier-fashion-mnist": "Fréchet distance",
            **_IMAGE_MEASURES,
            "unwanted_below_fakes": "unwanted below fakes",
            "wanted_below_fakes": "wanted below fakes",
        },
        title="64 generated images, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        curves=("discriminator/loss", "generator/loss"),
        measure=share_and_scores,
    ),
    "rumi_digits": Comparison(
        rows=tuple(Row(*row, table=table) for table, *row in digits_rows()),
        protocol="rumi-classifier-1k",
        measures={
            "fd-classifier-digits": "Fréchet distance",
            "unwanted": "unwanted only",
            "shared": "both wanted and unwanted",
            **_PRD,
        },
        title="64 generated digits, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        measure=share_of_unwanted,
    ),
    "rumi_overlap": Comparison(
        rows=tuple(Row(*row) for row in reduced_overlap_rows()),
        protocol="rumi-classifier-1k",
        measures={
            "fd-classifier-fashion-mnist": "Fréchet distance from equal shares",
            "distance_from_game": "from the game's shares",
            "shared": "both wanted and unwanted",
            "unwanted": "unwanted only",
            "unwanted_below_fakes": "unwanted below fakes",
        },
        title="64 generated images, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        measure=shares_and_distances,
    ),
    "rumi_fashion_mnist": Comparison(
        rows=tuple(Row(*row, table=table) for table, *row in overlap_rows()),
        protocol="rumi-classifier-10k",
        measures={"fd-classifier-fashion-mnist": "Fréchet distance", **_IMAGE_MEASURES},
        title="64 generated images, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        curves=("coverage/fd-classifier-fashion-mnist", "discriminator/loss", "generator/loss"),
        measure=shares_and_distances,
    ),
    "p2gan_ring8": Comparison(
        rows=tuple(Row(*row) for row in ring_rows()),
        protocol="ring8-2k",
        measures={
            "registered_modes": "modes",
            "registered_points": "points",
            "specialization": "specialization",
            "owned_modes": "modes owned",
        },
        title="2,000 generated points over the ring, seed 0",
        grown="tuned",
        measure=owners,
    ),
    "p2gan_digits": Comparison(
        rows=tuple(Row(*row) for row in numbers_of_generators()),
        protocol="classifier-digits",
        measures={
            "modes_covered": "classes",
            "classes_of_the_first": "classes of the first",
            "fd-classifier-digits": "Fréchet distance",
            "precision": "precision",
            "recall": "recall",
            "specialization": "specialization",
        },
        title="64 generated digits, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        curves=("coverage/fd-classifier-digits", "generator/loss"),
        measure=classes_of_the_first,
    ),
    **{
        name: Comparison(
            rows=tuple(Row(*row) for row in rows),
            protocol="rumi-classifier-1k",
            measures={"unwanted": "unwanted", f"fd-classifier-{data}": "Fréchet distance", **_PRD},
            title="64 generated images, raw weights, seed 0",
            kept_samples=64,
            decimals=3,
            measure=share_of_auxiliary,
            beside=1,
        )
        for name, rows, data in (
            ("p2gan_constrained", constrained_rows("p2gan_garments_constrained", each=True), "fashion-mnist"),
            ("p2gan_constrained_cnn", convolutional_rows(), "fashion-mnist"),
            ("p2gan_constrained_digits", constrained_rows("p2gan_digits_constrained"), "digits"),
        )
    },
    "p2gan_constrained_blobs": Comparison(
        rows=tuple(Row(*row) for row in constrained_rows("p2gan_blobs_constrained")),
        protocol="modes-2k",
        measures={"unwanted": "unwanted", "good_fraction": "near a mode"},
        title="2,000 generated points over the data, seed 0",
        decimals=3,
        measure=share_of_auxiliary,
        source="blobs",
        beside=1,
    ),
    **{
        f"logan_{name}": Comparison(
            rows=tuple(Row(*row) for row in toy_rows(f"logan_{name}")),
            protocol="modes-2k",
            measures={
                "modes": "modes",
                "at_modes": "samples at a mode",
                "registered_modes": "modes, 2.8 std",
                "worst_reconstruction": "worst reconstruction",
            },
            title="2,000 generated points over the data, raw weights, seed 0",
            measure=modes_and_errors,
            source=source,
            data=data,
        )
        for name, source, data in (("ring16", "ring16", {}), ("rect25", "grid25", {"spacing": 1, "std": 0.01}))
    },
    **{
        f"logan_{name}": Comparison(
            rows=tuple(Row(*row) for row in image_rows(f"logan_{name}", steps, every, (*flags, *_CURVES))),
            protocol=protocol,
            measures={
                "class_agreement": "class kept",
                "ssim": "SSIM",
                "modes_covered": "classes",
                f"fd-classifier-{name.replace('_', '-')}": "Fréchet distance",
                "recall": "recall",
            },
            title="64 generated images, raw weights, seed 0",
            kept_samples=64,
            decimals=3,
            curves=("coverage/classifier_score", "coverage/class_agreement", "coverage/ssim"),
        )
        for name, protocol, steps, every, flags in (
            ("digits", "classifier-digits", 20_000, 300, ()),
            ("fashion_mnist", "classifier-10k", 3_000, 250, _SHORT),
        )
    },
    "logan_static_background": Comparison(
        rows=tuple(Row(*row) for row in background_rows()),
        protocol="classifier-10k",
        measures={
            "rare_ratio": "rare objects",
            **{f"{name}_ratio": name for name in OBJECTS},
            "class_agreement": "class kept",
            "ssim": "SSIM",
        },
        title="64 generated frames, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        measure=rare_objects,
    ),
    **{
        f"pgmgan_{name}": Comparison(
            rows=tuple(Row(*row) for row in rows_of_points(name)),
            protocol=f"{name}-2k",
            measures={
                "registered_modes": "modes",
                "good_modes": "with a good sample",
                "good_fraction": "good samples",
                "acceptance_rate": "in their own part",
                "specialization": "specialization",
            },
            title="2,000 generated points over the data, raw weights, seed 0",
            decimals=3,
            data={"std": std},
        )
        for name, std in (("grid25", 0.05), ("ring8", 0.01))
    },
    "pgmgan_stacked_digits": Comparison(
        rows=tuple(Row(*row) for row in rows_of_stacks()),
        protocol="stacked-mnist-26k",
        measures={"modes_hit": "modes", "reverse_kl_nats": "reverse KL, nats"},
        title="64 generated stacks, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
    ),
    "pgmgan_fashion_mnist": Comparison(
        rows=tuple(Row(*row) for row in rows_of_garments()),
        protocol="classifier-10k",
        measures={
            "nmi": "NMI",
            "purity": "purity",
            "acceptance_rate": "in their own part",
            "modes_covered": "classes",
            "fd-classifier-fashion-mnist": "Fréchet distance",
            "precision": "precision",
            "recall": "recall",
        },
        title="64 generated images, raw weights, seed 0",
        kept_samples=64,
        decimals=3,
        measure=agreement_with_labels,
    ),
}
