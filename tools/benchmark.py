"""Times training steps, strategies, the data pipeline, the costliest score and a graph of neighbours on this machine.

    .venv/bin/python tools/benchmark.py points [--json=FILE] [--seconds=1]
    .venv/bin/python tools/benchmark.py images
    .venv/bin/python tools/benchmark.py strategies
    .venv/bin/python tools/benchmark.py scores
    .venv/bin/python tools/benchmark.py neighbors
    .venv/bin/python tools/benchmark.py peer_scores --peer_python=PYTHON [--counts=10000,50000]

`peer_scores` compares with torch-fidelity, where the Python that the flag names has it.
Every line of steps is the median over repeats that alternate between the variants, so that a machine whose speed
drifts does not favour one. Absolute times are this machine's; quote the ratios.
"""

import argparse
import functools
import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from peer_scores import SCORES, compared
from tqdm import tqdm
from training_processes import start

from tfgan2.data.batches import training_batches
from tfgan2.data.images import ImageSet
from tfgan2.data.neighbors import nearest_neighbors
from tfgan2.data.synthetic import grid25
from tfgan2.methods.gngan import GNGAN
from tfgan2.metrics.frechet import frechet_distance_of_features
from tfgan2.networks.distgan_cnn import DistGANCNN
from tfgan2.networks.mlp import MLP

REPEATS = 7


class Suite(NamedTuple):
    """What is timed together.

    Attributes:
      title: of the table.
      variants: name -> makes a function that runs some steps and returns how many.
      ratios: name -> (slow variant, fast variant).
    """

    title: str
    variants: dict[str, Callable]
    ratios: dict[str, tuple[str, str]]


class Work(NamedTuple):
    """Data, networks and batch size of a GN-GAN training."""

    data: object
    networks: object
    batch_size: int

    def eager(self, **options):
        model, iterator = self._model(**options), iter(self._batches(8))

        def run():
            model.update(next(iterator))
            return 1

        return run

    def chunks(self, steps, *, jit_compile=False, **options):
        model, iterator = self._model(steps, jit_compile, **options), iter(self._batches(steps))

        def run():
            model.train_chunk(iterator, steps)
            return steps

        return run

    def pipeline(self, steps):
        iterator = iter(self._batches(steps))

        @tf.function
        def consume(iterator):
            total = 0.0
            for _ in tf.range(steps):
                total += tf.reshape(next(iterator)["real"], [-1])[0]
            return total

        def run():
            consume(iterator)
            return steps

        return run

    def _model(self, steps=1, jit_compile=False, **options):
        keras.utils.set_random_seed(0)
        shape = self.data.shape
        model = GNGAN(*(getattr(self.networks, role)(shape) for role in GNGAN.roles), **options)
        optimizers = {role: keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.9) for role in model.trained_roles}
        model.compile(optimizers, jit_compile=jit_compile, steps_per_execution=steps)
        return model

    def _batches(self, prefetch):
        scaling = self.data.scaling("unit")
        return training_batches(self.data, scaling, batch_size=self.batch_size, seed=0, prefetch=prefetch)


def points():
    """GN-GAN's networks and batches for 2-D data."""
    work, plain = Work(grid25(), MLP(), batch_size=128), {"neighbor_weight": 0.0}
    return Suite(
        "GN-GAN, 2-D, batch 128",
        {
            "eager": lambda: work.eager(**plain),
            "graph, 1 step per execution": lambda: work.chunks(1, **plain),
            "graph, 50 steps per execution": lambda: work.chunks(50, **plain),
            "XLA, 50 steps per execution": lambda: work.chunks(50, jit_compile=True, **plain),
            "graph, 50, without gradient matching": lambda: work.chunks(50, generator_objective="standard", **plain),
            "graph, 50, with neighbour embedding": lambda: work.chunks(50),
            "pipeline alone": lambda: work.pipeline(50),
        },
        {
            "50 steps per execution against 1": ("graph, 1 step per execution", "graph, 50 steps per execution"),
            "XLA against graph": ("graph, 50 steps per execution", "XLA, 50 steps per execution"),
            "cost of gradient matching": ("graph, 50 steps per execution", "graph, 50, without gradient matching"),
            "cost of neighbour embedding": ("graph, 50, with neighbour embedding", "graph, 50 steps per execution"),
            "pipeline against graph step": ("graph, 50 steps per execution", "pipeline alone"),
            "pipeline against XLA step": ("XLA, 50 steps per execution", "pipeline alone"),
        },
    )


def images():
    """GN-GAN's CNNs on images of CIFAR-10's shape, mirrored at random."""
    pixels = np.random.default_rng(0).integers(0, 256, (10_000, 32, 32, 3), np.uint8)
    work = Work(ImageSet("random", pixels, None, (), flip=True), DistGANCNN(), batch_size=64)
    return Suite(
        "GN-GAN, CNN for 32 x 32 x 3, batch 64",
        {
            "step": lambda: work.chunks(1),
            "step without gradient matching": lambda: work.chunks(1, generator_objective="standard"),
            "step without neighbour embedding": lambda: work.chunks(1, neighbor_weight=0.0),
            "pipeline alone": lambda: work.pipeline(50),
        },
        {
            "cost of gradient matching": ("step", "step without gradient matching"),
            "cost of neighbour embedding": ("step", "step without neighbour embedding"),
            "pipeline against step": ("step", "pipeline alone"),
        },
    )


def strategies():
    """One global batch on one device, on two of one process (without GPUs, two logical CPUs) and in two processes."""
    common = ("--method=gngan", "--workdir=unused", "--train_steps=10000000", "--jit=off", "--gngan.neighbor_weight=0")
    cases = {
        "points": ("--dataset=grid25", "--batch_size=128", "--steps_per_execution=50"),
        "images": ("--dataset=digits", "--network=distgan_cnn", "--batch_size=128", "--steps_per_execution=5"),
    }
    devices = {"one device": ("one", 1), "two devices": ("mirrored", 1), "two workers": ("multiworker", 2)}
    variants, ratios = {}, {}
    for case, flags in cases.items():
        for name, (strategy, workers) in devices.items():
            argv = (*common, *flags, f"--strategy={strategy}")
            variants[f"{case}, {name}"] = functools.partial(start, argv, workers=workers)
            if name != "one device":
                ratios[f"{case}, {name} against one"] = (f"{case}, one device", f"{case}, {name}")
    return Suite("GN-GAN, global batch 128", variants, ratios)


def scores():
    """The Frechet distance of two sets of features."""
    features = [_normal(50_000, 2048, seed) for seed in (0, 1)]
    return "Frechet distance, 50,000 x 2,048", lambda: frechet_distance_of_features(*features)


def neighbors():
    """The graph that PGMGAN's partitioner learns from."""
    embeddings = _normal(100_000, 128)
    return "20 nearest neighbours, 100,000 x 128", lambda: nearest_neighbors(embeddings, 20)


SUITES = {"points": points, "images": images, "strategies": strategies}
ONCE = {"scores": scores, "neighbors": neighbors}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=(*SUITES, *ONCE, "peer_scores"))
    parser.add_argument("--json", help="also write the numbers to this file")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one repeat of one variant (default 1)")
    parser.add_argument("--peer_python", help="a Python with torch-fidelity")
    parser.add_argument("--counts", default="10000", help="features of peer_scores; neighbours are of 10,000 alone")
    parser.add_argument("--repeats", type=int, default=3, help="repeats of peer_scores (default 3)")
    arguments = parser.parse_args()
    if arguments.suite == "peer_scores":
        counts = [int(count) for count in arguments.counts.split(",")]
        # Distances of 50,000 to 50,000 take ten minutes.
        chosen = {
            score: [count for count in counts if score != "precision_recall" or count <= 10_000] for score in SCORES
        }
        found = compared(arguments.peer_python, chosen, arguments.repeats)
    elif arguments.suite in ONCE:
        found = _once(*ONCE[arguments.suite]())
    else:
        found = _timed(SUITES[arguments.suite](), arguments.seconds)
    if arguments.json:
        record = {"machine": f"{platform.machine()}, {os.cpu_count()} cores, TensorFlow {tf.__version__}"} | found
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(record, file, indent=1)


def _timed(suite, seconds):
    """Prints the table of a suite, and returns its numbers."""
    runs, first = {}, {}
    for name, make in suite.variants.items():
        runs[name] = make()
        started = time.perf_counter()
        runs[name]()
        first[name] = time.perf_counter() - started
    milliseconds = {name: [] for name in runs}
    for _ in tqdm(range(REPEATS)):
        for name, run in runs.items():
            milliseconds[name].append(_repeat(run, seconds))
    print(f"{suite.title:<40}{'ms per step':>12}{'min':>9}{'max':>9}{'first call, s':>15}")
    for name, values in milliseconds.items():
        median = statistics.median(values)
        print(f"{name:<40}{median:>12.3f}{min(values):>9.3f}{max(values):>9.3f}{first[name]:>15.2f}")
    ratios = {
        name: statistics.median(a / b for a, b in zip(milliseconds[slow], milliseconds[fast], strict=True))
        for name, (slow, fast) in suite.ratios.items()
    }
    for name, ratio in ratios.items():
        print(f"{name:<40}{ratio:>12.2f} times")
    return {
        "suite": suite.title,
        "milliseconds_per_step": milliseconds,
        "first_call_seconds": first,
        "ratios": ratios,
    }


def _once(title, compute):
    """Prints and returns the seconds and the memory, beyond what is there before, of one computation."""
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    compute()
    seconds = time.perf_counter() - started
    gibibytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 2**20
    print(f"{title}: {seconds:.1f} s, {gibibytes:.2f} GiB beyond the data")
    return {"suite": title, "seconds": seconds, "gibibytes": gibibytes}


def _normal(count, dimensions, seed=0):
    return np.random.default_rng(seed).standard_normal((count, dimensions), np.float32)


def _repeat(run, seconds):
    """Milliseconds a step over at least `seconds`."""
    steps, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        steps += run()
    return (time.perf_counter() - started) / steps * 1e3


if __name__ == "__main__":
    main()
