"""All methods on eight sets of data, at equal generator updates and equal network width within a set."""

from pathlib import Path
from typing import NamedTuple

from experiments import comparison_page, records
from experiments.all_methods_rows import Setting, rows
from experiments.definition import Experiment, of_images
from experiments.pages import rows_named
from experiments.running import Runner, missing
from tfgan2.data.synthetic import SOURCES

NAME = "all_methods"
_STEPS = 10_000
_NETWORK = Path("runs/data/mobilenet/mobilenet_v2-b0353104.pth")
_OF_MODES = {
    "registered_modes": "modes",
    "quality_at_coverage": "quality at coverage",
    "within_3_std": "within 3 std",
    "width_large": "width, large axis",
    "width_small": "width, small axis",
    "balance": "balance",
}
_NEIGHBORS = {"precision": "precision", "recall": "recall"}


class Data(NamedTuple):
    """A set of data.

    Attributes:
      title: in the page.
      experiment: all methods on it.
      headline: the measure of its column in the table of all data.
    """

    title: str
    experiment: Experiment
    headline: str


def _of_points(name, title, parts, *, classes=None, measures=_OF_MODES, protocol=None):
    points = SOURCES[name]
    std = {"grid25": 0.05, "ring8": 0.1414, "ring16": 0.01, "swiss_roll": 0.01}[name]
    setting = Setting(parts=parts, classes=parts if classes is None else classes, std=std, steps=_STEPS)
    experiment = Experiment(
        about=f"all methods on {title}",
        rows=rows("compare_points", setting, (f"--dataset={points.__name__}",)),
        protocol=protocol or f"{name}-2k",
        measures=measures,
        title="2,000 generated points over the data, averaged weights, seed 0",
        decimals=3,
        source=name,
        shows_averages=True,
    )
    return Data(title, experiment, next(iter(measures)) if classes == 0 else "quality_at_coverage")


def _of_images(title, parts, classes, protocol, measures, *flags, noun="images", network=None):
    setting = Setting(parts=parts, classes=classes, std=0, steps=_STEPS)
    made = rows("compare_images", setting, flags)
    options = {"noun": noun, "feature_network": network, "shows_averages": True}
    experiment = of_images(f"all methods on {title}", made, protocol, measures, **options)
    return Data(title, experiment, next(iter(measures)))


_STACKS = {"reverse_kl_nats": "reverse KL, nats", "modes_hit": "modes"}
_PROTOCOL_OF_STACKS, _LATENTS = "stacked-mnist-26k", "--network.latent_dim=4"
_DISTANCES = {"fd-identity": "Fréchet distance", **_NEIGHBORS}
_GARMENTS = {"fd-classifier-fashion-mnist": "Fréchet distance", "modes_covered": "classes", **_NEIGHBORS}
_EMOJI = {"fd-mobilenet_v2-emoji": "Fréchet distance", **_NEIGHBORS}
_DIGITS = "--dataset=stacked:npz:runs/data/mnist/digits.npz"

DATA = {
    "grid25": _of_points("grid25", "25 Gaussians on a grid", 25),
    "ring8": _of_points("ring8", "8 Gaussians on a ring", 8),
    "ring16": _of_points("ring16", "16 Gaussians on two rings", 16),
    "swiss_roll": _of_points("swiss_roll", "the Swiss roll", 16, classes=0, measures=_DISTANCES, protocol="points-2k"),
    "stacked_digits": _of_images(
        *("stacked digits", 100, 1000, _PROTOCOL_OF_STACKS, _STACKS, "--dataset=stacked:digits", _LATENTS),
        noun="stacks",
    ),
    "stacked_mnist": _of_images(
        *("Stacked MNIST", 100, 1000, _PROTOCOL_OF_STACKS, _STACKS, _DIGITS, _LATENTS), noun="stacks"
    ),
    "fashion_mnist": _of_images(
        *("Fashion-MNIST", 50, 10, "classifier-10k", _GARMENTS, "--dataset=idx:/usr/share/datasets/fashion-mnist")
    ),
    "emoji": _of_images(
        *("emoji", 25, 3, "mobilenet-1k", _EMOJI, "--dataset=folder:runs/data/emoji", "--data.image_size=32"),
        noun="emoji",
        network=_NETWORK,
    ),
}
"""Name -> `Data`, in the order in which they are run."""


def add_flags(parser):
    """The flags of the command."""
    parser.add_argument("--data", default=",".join(DATA), help="sets of data, comma-separated (default all)")
    parser.add_argument("--seeds", type=int, default=1, help="seeds 0 to N-1 (default 1)")
    parser.add_argument("--rows", default="", help="methods to run, comma-separated (default: all)")
    parser.add_argument("--jobs", type=int, default=1, help="runs at the same time (default 1)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of each run (default 1)")
    parser.add_argument("--page", action="store_true", help="remake the page from the finished runs; train nothing")


def name_of(data):
    """The name of the record of a set of data."""
    return f"{NAME}_{data}"


def remake(arguments):
    """Makes the runs that are missing, all methods of a seed before the next seed. Then makes the page.

    Raises:
      SystemExit: --data or --rows names what there is not, or some runs failed.
    """
    chosen = arguments.data.split(",")
    if unknown := [data for data in chosen if data not in DATA]:
        raise SystemExit(f"--data={arguments.data}: there is no {', '.join(unknown)}; data are {', '.join(DATA)}.")
    tasks = []
    for seed in range(arguments.seeds):
        for data in chosen:
            experiment = DATA[data].experiment
            tasks += missing(name_of(data), experiment, rows_named(arguments.rows, experiment), [seed])
    try:
        if not arguments.page:
            Runner(jobs=arguments.jobs, threads=arguments.threads).run(tasks)
    finally:
        found = {data: records.read(records.path_of(name_of(data))) for data in DATA}
        comparison_page.write(NAME, DATA, found)
