"""The flags of tfgan2.sample."""

from pathlib import Path
from typing import Annotated, Literal

from tfgan2.flags.checkpoint_flags import SAMPLED_FLAGS, SAMPLES_RANGE, runtime
from tfgan2.ranges import In, Samples, Seed

SAMPLE_FLAGS = (
    *SAMPLED_FLAGS,
    runtime(
        "count",
        Samples | None,
        None,
        "Draw this many samples. None draws 64, and 2,000 points with --task=generate.",
    ),
    runtime(
        "choice",
        tuple[str, ...],
        (),
        "Give the samples these classes (by name or number), generators or partitions in turn. Empty draws them at "
        "random. Methods without a choice take none.",
    ),
    runtime("seed", Seed, 0, "Seed of the random numbers. Row i depends on the seed and on i only."),
    runtime(
        "task",
        Literal["generate", "encode", "reconstruct", "interpolate"],
        "generate",
        "generate draws samples. The other tasks need an encoder: encode writes the latents of --samples, reconstruct "
        "decodes them again, interpolate makes a row between every two samples.",
    ),
    runtime(
        "samples",
        Path | None,
        None,
        "Read the samples of the other tasks from this .npz or folder of images. None draws --count samples of the "
        "run's data, by --seed.",
    ),
    SAMPLES_RANGE,
    runtime(
        "latents",
        Path | None,
        None,
        "Decode the latents of this .npz with --task=reconstruct. --task=encode writes such a file.",
    ),
    runtime(
        "between",
        Annotated[int, In("[2, 4096]")],
        8,
        "Number of samples in a row of --task=interpolate, including its two ends.",
    ),
    runtime(
        "output",
        Path | None,
        None,
        "Write this file, .png or .npz, or a folder with a .png for each image. Required.",
    ),
)
