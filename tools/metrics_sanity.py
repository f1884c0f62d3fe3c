"""Measures real data that were spoilt step by step, to see that every metric moves as it should.

    .venv/bin/python tools/metrics_sanity.py

Some of the real data are the reference; the samples are others, as they are, which is the floor; with growing noise; or
with fewer and fewer classes. Writes results/metrics_sanity.json, and the tables and the picture of
results/metrics_sanity.md from that file alone; --table_only remakes these.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from matplotlib.figure import Figure
from tqdm import tqdm

from tfgan2.data.kinds import IMAGES
from tfgan2.data.sources import load
from tfgan2.evaluation.extractors import Resources, extractor_named
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.modes_protocol import ModesProtocol
from tfgan2.evaluation.reference import reference_split
from tfgan2.metrics.partitions import normalized_mutual_information, purity

RESULT = Path(__file__).resolve().parent.parent / "results" / "metrics_sanity.json"
MANY = 5000  # images of Fashion-MNIST that are taken
SEEDS = 5
UP, DOWN, STAYS = 1, -1, 0


class Case(NamedTuple):
    """Data, and how they are measured and spoilt.

    Attributes:
      title: of its tables.
      data: makes the `ImageSet` or `PointSet`, from the folder of Fashion-MNIST.
      measured: samples in each of the seeds.
      noise: standard deviations, of a range of pixels of 1 or in data units.
      kept: numbers of classes or modes that are left.
    """

    title: str
    data: Callable
    measured: int
    noise: tuple[float, ...]
    kept: tuple[int, ...]


def _fashion(folder):
    data = load(f"idx:{folder}")
    rows = np.sort(np.random.default_rng(0).permutation(data.size)[:MANY])
    return data._replace(name="fashion_mnist", samples=np.array(data.samples[rows]), labels=data.labels[rows])


def _digits(folder):
    return load("digits")


def _grid(folder):
    return load("grid25", points_per_mode=400)


CASES = {
    "digits": Case("Digits", _digits, 898, (0.05, 0.1, 0.2, 0.4), (8, 5, 2, 1)),
    "fashion_mnist": Case("Fashion-MNIST", _fashion, 1000, (0.05, 0.1, 0.2, 0.4), (8, 5, 2, 1)),
    "grid25": Case(
        "25 Gaussians", lambda folder: load("grid25", points_per_mode=400), 2000, (0.02, 0.05, 0.1, 0.2), (20, 12, 5, 1)
    ),
}

# What each value should do as noise grows, and as classes are lost. None where that depends on the data, or on two
# things that work against each other: with noise real samples leave the balls around others, and the balls grow.
EXPECTED = {
    "modes_covered": (None, DOWN),
    "modes_hit": (None, DOWN),
    "reverse_kl_nats": (None, UP),
    "fd": (UP, UP),
    "kd": (UP, UP),
    "precision": (DOWN, STAYS),
    "recall": (None, DOWN),
    "density": (DOWN, None),
    "coverage": (DOWN, DOWN),
    "prd_f1_8": (DOWN, DOWN),
    "prd_f8": (DOWN, DOWN),
    "inception_score": (DOWN, DOWN),
    "neighbor_spread": (UP, DOWN),
    "duplicates": (DOWN, None),
    "nearer_than_real": (DOWN, None),
    "ssim": (DOWN, None),
    "nmi": (DOWN, None),
    "purity": (DOWN, None),
    "registered_modes": (DOWN, DOWN),
    "registered_points": (DOWN, STAYS),
    "total_variation": (None, UP),
    "good_fraction": (DOWN, STAYS),
    "good_modes": (None, DOWN),
    "reverse_kl": (None, UP),
}
_DRAWN = (
    *("fd", "kd", "precision", "recall", "coverage"),
    *("prd_f1_8", "prd_f8", "reverse_kl_nats", "inception_score", "neighbor_spread"),
)
_SHARES = ("precision", "recall", "coverage", "prd_f1_8", "prd_f8")
_LINEAR_BELOW = {"fd": 1, "kd": 300, "reverse_kl_nats": 0.01}  # else logarithmic
_STYLES = {"digits": ("#0072b2", "o"), "fashion_mnist": ("#d55e00", "s")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fashion_mnist", default="/usr/share/datasets/fashion-mnist", help="folder of its IDX files")
    parser.add_argument("--cases", default=",".join(CASES), help="which data, comma-separated (default: all)")
    parser.add_argument("--table_only", action="store_true", help="remake tables and picture from the file")
    arguments = parser.parse_args()
    record = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    if not arguments.table_only:
        for name in arguments.cases.split(","):
            record[name] = _measured(CASES[name], arguments.fashion_mnist)
            _write(RESULT, json.dumps(record, indent=1) + "\n")
    _draw(record)
    _write_page(record)


def _measured(case, folder):
    """JSON-ready: what spoils -> level -> {"values": ..., "spread": ...}, means and deviations over the seeds."""
    started = time.monotonic()
    data = case.data(folder)
    measures = [_by_features(case, data), _by_classes(data) if data.kind is IMAGES else _by_modes(data)]
    plans = [reference_split(data.size, real=case.measured, generated=case.measured, repeat=r) for r in range(SEEDS)]
    levels = {"noise": (0.0, *case.noise), "kept": case.kept}
    conditions = [(kind, level) for kind, chosen in levels.items() for level in chosen]
    found = {kind: {} for kind in levels}
    for kind, level in tqdm(conditions, desc=case.title, disable=None):
        kept = level if kind == "kept" else None
        rows = [_of_classes(data, plan.floor, kept, seed) for seed, plan in enumerate(plans)]
        noise = level if kind == "noise" else 0.0
        samples = [_noisy(data.samples[chosen], noise, seed) for seed, chosen in enumerate(rows)]
        values, spread = {}, {}
        for measure in measures:
            more, their_spread = measure(samples, rows, noise)
            values, spread = values | more, spread | their_spread
        found[kind][f"{level:g}"] = {"values": values, "spread": spread}
    seconds = round(time.monotonic() - started)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return found | {"seeds": SEEDS, "samples": case.measured, "seconds": seconds, "machine": machine}


def _by_features(case, data):
    """Everything that a `FeatureProtocol` can tell, the seeds as its repeats."""
    are_images = data.kind is IMAGES
    scores = ("frechet", "kernel", "precision_recall", "density_coverage", "prd", "neighbors")
    scores += ("classes", "inception_score", "reconstructions") if are_images else ()
    extractor = "classifier" if are_images else "identity"
    protocol = FeatureProtocol("sanity", extractor, scores, case.measured, case.measured, repeats=SEEDS)
    ready = protocol.ready(data, seed=0, resources=Resources())

    def measure(samples, rows, noise):
        record = ready(np.concatenate(samples), (lambda images: _noisy(images, noise, 0)) if are_images else None)
        return tuple({_plain(name): value for name, value in record[key].items()} for key in ("values", "spread"))

    return measure


def _plain(name):
    """Distances without the network in their name."""
    return name.partition("-")[0]


def _by_classes(data):
    """How the classes that the classifier sees agree with the labels, as a partition would."""
    extractor = extractor_named("classifier", data, Resources())

    def measure(samples, rows, noise):
        seen = [extractor.extract(images).probabilities.argmax(axis=1) for images in samples]
        pairs = [(found, data.labels[chosen]) for found, chosen in zip(seen, rows, strict=True)]
        return _summary([{"nmi": normalized_mutual_information(*pair), "purity": purity(*pair)} for pair in pairs])

    return measure


def _by_modes(data):
    def measure(samples, rows, noise):
        ready = ModesProtocol("sanity", None, len(samples[0])).ready(data, seed=0)
        return _summary([ready(points)["values"] for points in samples])

    return measure


def _summary(found):
    table = {name: [float(values[name]) for values in found] for name in found[0]}
    return tuple({name: float(of(values)) for name, values in table.items()} for of in (np.mean, _deviation))


def _deviation(values):
    return np.std(values, ddof=1)


def _of_classes(data, rows, kept, seed):
    """As many rows, of the first classes or modes alone; some twice where there are too few. None keeps all."""
    if kept is None:
        return rows
    if data.kind is IMAGES:
        labels = data.labels[rows]
    else:
        labels = np.argmin(np.square(data.samples[rows][:, None] - data.centers).sum(axis=2), axis=1)
    left = rows[labels < kept]
    return np.random.default_rng(seed).choice(left, len(rows), replace=len(left) < len(rows))


def _noisy(samples, noise, seed):
    noise = noise * np.random.default_rng(1000 + seed).normal(size=samples.shape)
    if samples.dtype != np.uint8:
        return (samples + noise).astype(samples.dtype)
    return np.clip(np.rint(samples + 255 * noise), 0, 255).astype(np.uint8)


def _moves(levels, name, expected):
    """Whether a value moves as expected over levels: clearly, and never clearly back; STAYS to within a tenth."""
    values = [level["values"][name] for level in levels]
    if expected == STAYS:
        return all(abs(value - values[0]) <= 0.1 * max(1.0, abs(values[0])) for value in values)
    clear = 3 * max(level["spread"][name] for level in levels)
    steps = expected * np.diff(values)
    return bool(expected * (values[-1] - values[0]) > clear and steps.min() >= -clear)


def _levels(record, kind):
    """(names, measurements) of what spoils, the floor first."""
    floor = record["noise"]["0"]
    chosen = {name: level for name, level in record[kind].items() if level is not floor}
    return ["real data", *chosen], [floor, *chosen.values()]


def _tables(record):
    lines, right, wrong = [], 0, []
    for key, case in CASES.items():
        if key not in record:
            continue
        of = "classes" if key != "grid25" else "modes"
        heads = {"noise": "noise of standard deviation", "kept": f"{of} that are left"}
        for place, (kind, head) in enumerate(heads.items()):
            names, levels = _levels(record[key], kind)
            counts = f"{record[key]['samples']:,} samples, {record[key]['seeds']} seeds"
            lines += ["", f"**{case.title}, {head}**, {counts}", ""]
            lines += ["| value | " + " | ".join(names) + " | as it should |", "|---" * (len(names) + 2) + "|"]
            for name in (name for name in EXPECTED if name in levels[0]["values"]):
                expected = EXPECTED[name][place]
                cells = [_cell(level["values"][name], level["spread"][name]) for level in levels]
                if kind == "kept" and name in ("ssim", "nmi", "purity"):
                    continue
                told = "-"
                if expected is not None:
                    moved = _moves(levels, name, expected)
                    told = f"{ {UP: 'up', DOWN: 'down', STAYS: 'stays'}[expected] }: {'yes' if moved else 'NO'}"
                    right += moved
                    wrong += [] if moved else [f"{name} ({case.title}, {head})"]
                lines.append(f"| `{name}` | " + " | ".join(cells) + f" | {told} |")
    told = f"{right} of {right + len(wrong)} expectations hold" + (f"; not: {', '.join(wrong)}." if wrong else ".")
    return "\n".join([told, *lines])


def _cell(value, spread):
    told = f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{told} ± {float(f'{spread:.1g}'):g}"


def _draw(record):
    kinds = {"noise": "noise (of 1)", "kept": "classes left"}
    figure = Figure(figsize=(13, 9.5), layout="constrained")
    rows = figure.subplots(4, len(_DRAWN) // 2)
    for half, (kind, label) in enumerate(kinds.items()):
        for axes, name in zip(rows[2 * half : 2 * half + 2].ravel(), _DRAWN, strict=True):
            for key, (color, marker) in _STYLES.items():
                if key in record:
                    names, levels = _levels(record[key], kind)
                    places = [0 if kind == "noise" else 10, *map(float, names[1:])]
                    values, spreads = ([level[of][name] for level in levels] for of in ("values", "spread"))
                    axes.errorbar(places, values, spreads, color=color, marker=marker, ms=4, label=CASES[key].title)
            axes.set_title(name, fontsize=10)
            axes.set_xlabel(label, fontsize=8)
            axes.tick_params(labelsize=8)
            axes.grid(alpha=0.25)
            if name in _LINEAR_BELOW:
                axes.set_yscale("symlog", linthresh=_LINEAR_BELOW[name])
            elif name in _SHARES:
                axes.set_ylim(0, 1.05)
            if kind == "kept":
                axes.invert_xaxis()
    rows[0, 0].legend(fontsize=8)
    unfinished = RESULT.with_name(".metrics_sanity.unfinished.png")
    figure.savefig(unfinished, dpi=100)
    unfinished.rename(RESULT.with_suffix(".png"))


def _write_page(record):
    page, begin, end = RESULT.with_suffix(".md"), "<!-- tables: made by tools/metrics_sanity.py -->", "<!-- end -->"
    text = page.read_text() if page.exists() else f"# Do the metrics move as they should?\n\n{begin}\n{end}\n"
    before, rest = text.split(begin)
    _write(page, f"{before}{begin}\n{_tables(record)}\n{end}{rest.split(end)[1]}")
    print(_tables(record))


def _write(path, text):
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_text(text)
    unfinished.rename(path)


if __name__ == "__main__":
    main()
