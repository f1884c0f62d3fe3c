"""The flags of all commands that read a checkpoint."""

import functools
from pathlib import Path
from typing import Literal

from tfgan2.flags.arguments import RUNTIME, Argument
from tfgan2.ranges import Seed, Steps, Truncation

runtime = functools.partial(Argument, kind=RUNTIME)

CHECKPOINT_FLAGS = (
    runtime("workdir", Path | None, None, "Folder of a run of tfgan2.train."),
    runtime("step", Steps | None, None, "Read the checkpoint of this step. None reads the newest."),
    runtime(
        "checkpoint",
        Literal["newest", "best"],
        "newest",
        "Read the newest checkpoint, or the best one by the run's --best_metric.",
    ),
    runtime("averaged", bool, True, "Use the averaged weights if the run keeps them."),
)

SAMPLED_FLAGS = (
    *CHECKPOINT_FLAGS,
    runtime(
        "truncation",
        Truncation,
        1.0,
        "Multiply the latents of samples by this number. Below 1 the samples are cleaner and less varied. The latents "
        "of an encoder are left alone.",
    ),
)

SAMPLES_RANGE = runtime(
    "samples_range",
    Literal["auto", "unit", "symmetric", "levels"],
    "auto",
    "Read images in --samples that are not uint8 as numbers in [0, 1] (unit), [-1, 1] (symmetric) or [0, 255] "
    "(levels). auto takes the range from the numbers.",
)

EXPORT_FLAGS = (
    *SAMPLED_FLAGS,
    runtime(
        "format",
        Literal["saved_model", "keras", "onnx", "litert", "safetensors"],
        "saved_model",
        "Write a SavedModel for servers, with all functions of the model, or one file from latents to samples. onnx "
        "and safetensors need the extra of this name: pip install 'tfgan2[onnx]'.",
    ),
    runtime(
        "output",
        Path | None,
        None,
        "Write the versions of the export to this folder. None is WORKDIR/export, and WORKDIR/export_FORMAT for other "
        "formats than saved_model.",
    ),
)

REPORT_FLAGS = (
    *CHECKPOINT_FLAGS,
    runtime("seed", Seed, 0, "Seed of the samples."),
    runtime(
        "feature_network",
        Path | None,
        None,
        "Find the nearest training images also by the features of MobileNetV2 in this .pth file of torchvision. None "
        "takes the network of the run, or the classifier if an evaluation used it.",
    ),
    runtime("output", Path | None, None, "Write this .html file. None is WORKDIR/report.html."),
)
