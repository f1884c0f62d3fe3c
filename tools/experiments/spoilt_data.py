"""Real data that are spoilt step by step, by noise or by fewer classes, and their scores."""

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from machine import machine
from tqdm import tqdm

from tfgan2.data.kinds import IMAGES
from tfgan2.data.sources import load
from tfgan2.evaluation.extractors import Resources, extractor_named
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.modes_protocol import ModesProtocol
from tfgan2.evaluation.reference import reference_split
from tfgan2.metrics.partitions import normalized_mutual_information, purity

MANY = 5000  # images of Fashion-MNIST that are taken
SEEDS = 5


class Case(NamedTuple):
    """Data, and how they are measured and spoilt.

    Attributes:
      title: of its tables.
      data: makes the data set, from the folder of Fashion-MNIST.
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
    "grid25": Case("25 Gaussians", _grid, 2000, (0.02, 0.05, 0.1, 0.2), (20, 12, 5, 1)),
}


def measured(case, folder):
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
    return found | {"seeds": SEEDS, "samples": case.measured, "seconds": seconds, "machine": machine()}


def _by_features(case, data):
    """All scores of a `FeatureProtocol`, with the seeds as its repeats."""
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
    """The same number of rows, of the first classes or modes alone. Too few rows repeat. None keeps all."""
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
