"""Training steps, strategies and the data pipeline of GN-GAN, as variants that are timed in turn."""

import functools
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from benchmarks.training_processes import start
from tfgan2.data.batches import training_batches
from tfgan2.data.images import ImageSet
from tfgan2.data.synthetic import grid25
from tfgan2.methods.gngan import GNGAN
from tfgan2.networks.distgan_cnn import DistGANCNN
from tfgan2.networks.mlp import MLP


class Suite(NamedTuple):
    """Variants that are timed in turn.

    Attributes:
      title: of the table.
      variants: name -> makes a function that runs some steps and returns their number.
      ratios: name -> (slow variant, fast variant).
    """

    title: str
    variants: dict[str, Callable]
    ratios: dict[str, tuple[str, str]]

    def only(self, start):
        """The suite of those variants whose names begin with a text."""
        variants = {name: make for name, make in self.variants.items() if name.startswith(start)}
        ratios = {name: pair for name, pair in self.ratios.items() if variants.keys() >= set(pair)}
        return self._replace(variants=variants, ratios=ratios)


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


def strategies(before=None):
    """One global batch on one device, on two of one process (without GPUs, two logical CPUs) and in two processes.

    Args:
      before: the folder of another version of this package. Its two processes are timed, too.
    """
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
        if before:
            earlier = f"{case}, two workers before"
            variants[earlier] = functools.partial(start, argv, workers=2, checkout=before)
            ratios[f"{earlier} against now"] = (earlier, f"{case}, two workers")
            ratios[f"{earlier} against one"] = (f"{case}, one device", earlier)
    return Suite("GN-GAN, global batch 128", variants, ratios)


SUITES = {"points": points, "images": images, "strategies": strategies}
