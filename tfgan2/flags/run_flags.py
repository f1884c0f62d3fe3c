"""The flags of the commands themselves."""

from pathlib import Path
from typing import Annotated, Literal

from tfgan2.flags.arguments import RUNTIME, TRAJECTORY, Argument
from tfgan2.ranges import BatchSize, BelowOne, Count, In, Samples, Seed, Steps

EXAMPLES = {
    "train": "--method=gngan --dataset=grid25 --train_steps=20000 --workdir=runs/first",
    "sample": "--workdir=runs/first --output=samples.png",
    "evaluate": "--workdir=runs/first",
    "export": "--workdir=runs/first",
}

_CHECKPOINT = (
    Argument("workdir", Path | None, None, "Folder of a run by tfgan2.train.", RUNTIME),
    Argument("step", Steps | None, None, "Step of the checkpoint; None is the newest.", RUNTIME),
    Argument("checkpoint", Literal["newest", "best"], "newest", "Which one; best is that by --best_metric.", RUNTIME),
    Argument("averaged", bool, True, "Use the averaged weights, where the run kept them.", RUNTIME),
)

_SAMPLES_RANGE = Argument(
    "samples_range",
    Literal["auto", "unit", "symmetric", "levels"],
    "auto",
    "Range of images in --samples that are not uint8: [0, 1], [-1, 1], [0, 255], or the one that they show.",
    RUNTIME,
)

RUN_FLAGS: dict[str, tuple[Argument, ...]] = {
    "train": (
        Argument(
            "method",
            str | None,
            None,
            "The method to train: a name of --list, or module:Class, a class of yours, whose code is then run. Its "
            "arguments are the flags --method.*. Required.",
            TRAJECTORY,
        ),
        Argument(
            "dataset",
            str | None,
            None,
            "The data: a name of --list, such as grid25 or folder:DIR, or module:function, a function of yours, whose "
            "code is then run. Files may move when the run continues. Required.",
            TRAJECTORY,
        ),
        Argument(
            "negative_dataset",
            str | None,
            None,
            "Dataset of what the generator is to avoid, prepared by the same --data flags; None takes the "
            "negative_classes of --dataset.",
            TRAJECTORY,
        ),
        Argument(
            "auxiliary_dataset",
            tuple[str, ...],
            (),
            "Datasets that push or pull generators as auxiliary_0 and so on, prepared by the same --data flags.",
            TRAJECTORY,
        ),
        Argument(
            "network",
            str,
            "mlp",
            "The family of networks: a name of --list, or module:factory, a class or function of yours, whose code is "
            "then run.",
            TRAJECTORY,
        ),
        Argument(
            "backbone",
            str | None,
            None,
            "Family of partitioners, a name of --list, of methods that learn a partition; None for all others.",
            TRAJECTORY,
        ),
        Argument(
            "partitioner_from",
            Path | None,
            None,
            "Folder of a stage, such as W/stages/partitioner-HASH, whose partitioner is taken instead of a new one.",
            TRAJECTORY,
        ),
        Argument("seed", Seed, 0, "Of initial weights, data order and training; in [0, 2^31).", TRAJECTORY),
        Argument("batch_size", BatchSize, 128, "Samples of one batch, over all replicas.", TRAJECTORY),
        Argument(
            "schedule_steps",
            Count | None,
            None,
            "Steps that learning-rate schedules span; None is --train_steps of the first start.",
            TRAJECTORY,
        ),
        Argument(
            "ema_decay",
            BelowOne,
            0.0,
            "Decay of the moving average of the generator's weights, in [0, 1); 0 keeps none.",
            TRAJECTORY,
        ),
        Argument(
            "optimizers_per",
            Literal["network", "player"],
            "network",
            "Whether a network has one optimizer, or one for each player that moves it, as GN-GAN's generator has two.",
            TRAJECTORY,
        ),
        Argument(
            "precision", Literal["float32", "mixed_bfloat16"], "float32", "Precision of the networks.", TRAJECTORY
        ),
        Argument("init_from", Path | None, None, "Folder of a run whose weights a new run starts from.", TRAJECTORY),
        Argument(
            "workdir",
            Path | None,
            None,
            "Folder of the run; if it holds one, that one continues. Required.",
            RUNTIME,
        ),
        Argument(
            "stage",
            Literal["all", "pretext", "partitioner", "kmeans", "mixture"],
            "all",
            "The one stage to run, of methods that have several; those before it have to be done.",
            RUNTIME,
        ),
        Argument(
            "stages_dir",
            Path | None,
            None,
            "Folder of the earlier stages' results, which runs may share; None is WORKDIR/stages.",
            RUNTIME,
        ),
        Argument("train_steps", Count, None, "Generator updates in all; may grow. Required.", RUNTIME),
        Argument(
            "strategy",
            Literal["auto", "one", "mirrored", "multiworker"],
            "auto",
            "Devices: all GPUs of this machine if there are several, one, all of this machine, those of all workers.",
            RUNTIME,
        ),
        Argument(
            "cluster",
            str | None,
            None,
            "The workers of --strategy=multiworker: None takes TF_CONFIG, or else the tasks of Slurm's srun; "
            "slurm:PORT, their first port; kubernetes:JOB:COUNT, the pods of an indexed job.",
            RUNTIME,
        ),
        Argument("join_seconds", Count, 300, "Seconds that a worker waits for the others to appear.", RUNTIME),
        Argument("jit", Literal["auto", "on", "off"], "auto", "Compile with XLA; auto does on GPUs.", RUNTIME),
        Argument("deterministic", bool, False, "Reproducible numbers on GPUs; slower.", RUNTIME),
        Argument("steps_per_execution", BatchSize, 50, "Steps between two returns to Python.", RUNTIME),
        Argument("log_every", Steps, 500, "Steps between two lines of metrics; 0 is never.", RUNTIME),
        Argument("sample_every", Steps, 5000, "Steps between two pictures of samples; 0 is never.", RUNTIME),
        Argument("checkpoint_every", Steps, 5000, "Steps between two checkpoints; 0 is at the end only.", RUNTIME),
        Argument("keep_checkpoints", Count, 3, "How many of the newest checkpoints are kept.", RUNTIME),
        Argument("evaluate_every", Steps, 5000, "Steps between two evaluations; 0 is never.", RUNTIME),
        Argument(
            "evaluate_metrics",
            tuple[str, ...] | None,
            None,
            "Scores beside the coverage, on images with labels, such as frechet,precision_recall.",
            RUNTIME,
        ),
        Argument(
            "inception_path",
            Path | None,
            None,
            "Inception network of 2015, file or folder: --evaluate_metrics are then of its features, as fid.",
            RUNTIME,
        ),
        Argument(
            "best_metric",
            str | None,
            None,
            "Value of the evaluations whose best checkpoint is kept beside the newest, such as registered_modes.",
            RUNTIME,
        ),
        Argument(
            "profile_steps",
            tuple[Steps, ...] | None,
            None,
            "First,last step of a profile for TensorBoard, which shows it if the package xprof is installed.",
            RUNTIME,
        ),
        Argument("export_at_end", bool, False, "Write a SavedModel to WORKDIR/export at the end.", RUNTIME),
        Argument(
            "threads", Annotated[int, In("[0, 4096]")], 0, "CPU threads; 0 leaves the choice to TensorFlow.", RUNTIME
        ),
        Argument("dry_run", bool, False, "Show flags, networks and data, and stop.", RUNTIME),
    ),
    "sample": (
        *_CHECKPOINT,
        Argument(
            "count",
            Samples | None,
            None,
            "Number of samples; None is 64, or 2,000 points of --task=generate.",
            RUNTIME,
        ),
        Argument(
            "choice",
            tuple[str, ...],
            (),
            "Classes (by name or number), generators or partitions, which the samples take in turn, of methods that "
            "have them; empty draws them at random.",
            RUNTIME,
        ),
        Argument("seed", Seed, 0, "Row i depends on the seed and i only; in [0, 2^31).", RUNTIME),
        Argument(
            "task",
            Literal["generate", "encode", "reconstruct", "interpolate"],
            "generate",
            "Draw samples; or, by an encoder, latents of samples, their reconstructions, or rows from each first "
            "sample to the second.",
            RUNTIME,
        ),
        Argument(
            "samples",
            Path | None,
            None,
            "An .npz or a folder of images for the other tasks; None takes --count of the run's data, by --seed.",
            RUNTIME,
        ),
        _SAMPLES_RANGE,
        Argument(
            "latents",
            Path | None,
            None,
            "An .npz of latents for --task=reconstruct, such as --task=encode writes.",
            RUNTIME,
        ),
        Argument(
            "between",
            Annotated[int, In("[2, 4096]")],
            8,
            "Samples in a row of --task=interpolate, with its ends.",
            RUNTIME,
        ),
        Argument(
            "output",
            Path | None,
            None,
            "File to write, .png or .npz, or of images a folder of a .png each. Required.",
            RUNTIME,
        ),
    ),
    "evaluate": (
        *_CHECKPOINT,
        Argument("protocol", str | None, None, "What is measured; None is the dataset's own protocol.", RUNTIME),
        Argument("seed", Seed, 0, "Of the latents, in [0, 2^31).", RUNTIME),
        Argument(
            "compare",
            tuple[Path, ...],
            (),
            "A.json,B.json,...: evaluations to compare; or one flag for each, where names have commas.",
            RUNTIME,
            repeated=True,
        ),
        Argument(
            "output",
            Path | None,
            None,
            "File to write, .json; None is WORKDIR/evaluations/PROTOCOL/STEP.json, or beside --samples.",
            RUNTIME,
        ),
        Argument(
            "inception_path",
            Path | None,
            None,
            "Inception network of the protocol, a file or folder: for FID weights-inception-2015-12-05-6726825d.pth of "
            "torch-fidelity, or another file of the README's section on FID.",
            RUNTIME,
        ),
        Argument(
            "reference_statistics",
            Path | None,
            None,
            "An .npz of mu and sigma, or of features, of real images: they take the place of the data in a --protocol "
            "by an Inception network.",
            RUNTIME,
        ),
        Argument(
            "samples",
            Path | None,
            None,
            "An .npz of samples, or a folder of images, to evaluate instead of --workdir.",
            RUNTIME,
        ),
        _SAMPLES_RANGE,
        Argument("dataset", str | None, None, "What --samples should be like, with its --data flags.", RUNTIME),
        Argument(
            "negative_classes",
            tuple[str, ...] | None,
            None,
            "Classes of images, by name or number, that the generator is to avoid; it is compared with the others. "
            "None takes the unwanted classes of --workdir.",
            RUNTIME,
        ),
    ),
    "export": (
        *_CHECKPOINT,
        Argument("output", Path | None, None, "Folder of the versions; None is WORKDIR/export.", RUNTIME),
    ),
}
"""Command -> its own flags."""
