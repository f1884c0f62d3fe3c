"""The flags of the commands themselves, and the checks that concern them alone."""

from typing import Literal

from tfgan2.errors import InputError
from tfgan2.flags.arguments import RUNTIME, TRAJECTORY, Argument
from tfgan2.optimizers import SPANNING_SCHEDULES

EXAMPLES = {
    "train": "--method=gngan --dataset=grid25 --train_steps=20000 --workdir=runs/first",
    "sample": "--workdir=runs/first --output=samples.png",
    "evaluate": "--workdir=runs/first",
    "export": "--workdir=runs/first",
}

_CHECKPOINT = (
    Argument("workdir", str | None, None, "Folder of a run by tfgan2.train.", RUNTIME),
    Argument("step", int | None, None, "Step of the checkpoint; None is the newest.", RUNTIME),
    Argument("checkpoint", Literal["newest", "best"], "newest", "Which one; best is that by --best_metric.", RUNTIME),
    Argument("averaged", bool, True, "Use the averaged weights, where the run kept them.", RUNTIME),
)

RUN_FLAGS: dict[str, tuple[Argument, ...]] = {
    "train": (
        Argument("method", str | None, None, "What is trained; --list names the methods. Required.", TRAJECTORY),
        Argument("dataset", str | None, None, "Name of --list, such as grid25 or folder:DIR. Required.", TRAJECTORY),
        Argument(
            "negative_dataset",
            str | None,
            None,
            "Dataset of what the generator is to leave out, prepared by the same --data flags; None takes the "
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
        Argument("network", str, "mlp", "Network family: a name of --list, or module:factory of yours.", TRAJECTORY),
        Argument("seed", int, 0, "Of initial weights, data order and training; in [0, 2^31).", TRAJECTORY),
        Argument("batch_size", int, 128, "Samples of one batch, over all replicas.", TRAJECTORY),
        Argument(
            "schedule_steps",
            int | None,
            None,
            "Steps that learning-rate schedules span; None is --train_steps of the first start.",
            TRAJECTORY,
        ),
        Argument(
            "ema_decay",
            float,
            0.0,
            "Decay of the moving average of the generator's weights, in [0, 1); 0 keeps none.",
            TRAJECTORY,
        ),
        Argument("precision", Literal["float32", "mixed_bfloat16"], "float32", "Of the networks.", TRAJECTORY),
        Argument("init_from", str | None, None, "Folder of a run whose weights a new run starts from.", TRAJECTORY),
        Argument(
            "workdir",
            str | None,
            None,
            "Folder of the run; if it holds one, that one continues. Required.",
            RUNTIME,
        ),
        Argument("train_steps", int | None, None, "Generator updates in all; may grow. Required.", RUNTIME),
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
        Argument("join_seconds", int, 300, "Seconds that a worker waits for the others to appear.", RUNTIME),
        Argument("jit", Literal["auto", "on", "off"], "auto", "Compile with XLA; auto does on GPUs.", RUNTIME),
        Argument("deterministic", bool, False, "Equal numbers at each run on GPUs, at some speed.", RUNTIME),
        Argument("steps_per_execution", int, 50, "Steps between two returns to Python.", RUNTIME),
        Argument("log_every", int, 500, "Steps between two lines of metrics; 0 is never.", RUNTIME),
        Argument("sample_every", int, 5000, "Steps between two pictures of samples; 0 is never.", RUNTIME),
        Argument("checkpoint_every", int, 5000, "Steps between two checkpoints; 0 is at the end only.", RUNTIME),
        Argument("keep_checkpoints", int, 3, "How many of the newest checkpoints are kept.", RUNTIME),
        Argument("evaluate_every", int, 5000, "Steps between two evaluations; 0 is never.", RUNTIME),
        Argument(
            "evaluate_metrics",
            tuple[str, ...] | None,
            None,
            "Scores beside the coverage, on images with labels, such as frechet,precision_recall.",
            RUNTIME,
        ),
        Argument(
            "inception_path",
            str | None,
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
            tuple[int, ...] | None,
            None,
            "First,last step of a profile for TensorBoard, which shows it if the package xprof is installed.",
            RUNTIME,
        ),
        Argument("export_at_end", bool, False, "Write a SavedModel to WORKDIR/export at the end.", RUNTIME),
        Argument("threads", int, 0, "CPU threads; 0 leaves the choice to TensorFlow.", RUNTIME),
        Argument("dry_run", bool, False, "Show flags, networks and data, and stop.", RUNTIME),
    ),
    "sample": (
        *_CHECKPOINT,
        Argument("count", int, 64, "Number of samples.", RUNTIME),
        Argument(
            "choice",
            tuple[int, ...],
            (),
            "Classes, generators or partitions that samples take in turn, of methods that have them; none draws them.",
            RUNTIME,
        ),
        Argument("seed", int, 0, "Row i depends on the seed and i only; in [0, 2^31).", RUNTIME),
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
            str | None,
            None,
            "An .npz of samples for the other tasks; None takes --count of the run's data, picked by --seed.",
            RUNTIME,
        ),
        Argument(
            "latents",
            str | None,
            None,
            "An .npz of latents for --task=reconstruct, as --task=encode writes it.",
            RUNTIME,
        ),
        Argument("between", int, 8, "Samples in a row of --task=interpolate, with its ends.", RUNTIME),
        Argument("output", str | None, None, "File to write, .png or .npz. Required.", RUNTIME),
    ),
    "evaluate": (
        *_CHECKPOINT,
        Argument("protocol", str | None, None, "What is measured; None is the dataset's own protocol.", RUNTIME),
        Argument("seed", int, 0, "Of the latents, in [0, 2^31).", RUNTIME),
        Argument("compare", str | None, None, "A.json,B.json: two evaluations to compare.", RUNTIME),
        Argument("inception_path", str | None, None, "Inception network of the protocol, a file or folder.", RUNTIME),
        Argument("samples", str | None, None, "An .npz of samples to evaluate, instead of --workdir.", RUNTIME),
        Argument("dataset", str | None, None, "What --samples should be like, with its --data flags.", RUNTIME),
        Argument(
            "negative_classes",
            tuple[int, ...] | None,
            None,
            "Labels of images that the generator is to leave out; it is compared with the others.",
            RUNTIME,
        ),
    ),
    "export": (
        *_CHECKPOINT,
        Argument("output", str | None, None, "Folder of the versions; None is WORKDIR/export.", RUNTIME),
    ),
}
"""Command -> its own flags."""

_REQUIRED = {
    "train": ("method", "dataset", "train_steps", "workdir"),
    "sample": ("workdir", "output"),
    "export": ("workdir",),
}
_AT_LEAST = {
    0: ("step", "log_every", "sample_every", "checkpoint_every", "evaluate_every", "threads"),
    2: ("between",),
    1: (
        *("batch_size", "train_steps", "schedule_steps", "steps_per_execution", "keep_checkpoints", "join_seconds"),
        "count",
    ),
}
_CADENCES = ("log_every", "sample_every", "checkpoint_every", "evaluate_every")


def check_required(command: str, given: dict) -> None:
    """Raises InputError if flags that a command cannot do without are missing, naming them beside an example."""
    missing = [f"--{name}" for name in _REQUIRED.get(command, ()) if given.get(name) is None]
    example = f"for example: python -m tfgan2.{command} {EXAMPLES[command]}"
    if missing:
        configs = "; or start from a configuration of --list, --flagfile=configs/NAME.cfg" * (command == "train")
        raise InputError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; {example}{configs}")
    if command == "evaluate" and sum(given.get(name) is not None for name in ("workdir", "samples", "compare")) != 1:
        raise InputError(f"give one of --workdir, --samples and --compare; {example}")
    if command == "evaluate" and given.get("dataset") is not None and given.get("samples") is None:
        raise InputError(f"--dataset={given['dataset']} is what --samples should be like; {example}")


def check_values(settings) -> None:
    """Checks the values of a command's own flags.

    Raises:
      InputError: a value is out of range or does not fit another; the message names the flags and what fits.
    """
    values = {argument.name: settings.values[argument.name] for argument in RUN_FLAGS[settings.command]}
    for minimum, names in _AT_LEAST.items():
        for name in names:
            if values.get(name) is not None and values[name] < minimum:
                raise InputError(f"--{name}={values[name]}: give a whole number of at least {minimum}")
    if not 0 <= values.get("seed", 0) < 2**31:
        raise InputError(f"--seed={values['seed']}: give a whole number in [0, {2**31})")
    for name, value in values.items():
        if value == "":
            raise InputError(f"--{name} is empty; give a value, or leave the flag out")
    if settings.command == "train":
        _check_train(settings)
    elif settings.step is not None and settings.checkpoint == "best":
        raise InputError(f"--step={settings.step} and --checkpoint=best name two checkpoints; leave one of them out")
    if settings.command == "sample":
        _check_sample(settings)
    if settings.command == "evaluate" and settings.compare is not None and len(settings.compare.split(",")) != 2:
        raise InputError(f"--compare={settings.compare}: give two files, --compare=A.json,B.json")


def _check_sample(settings):
    if not settings.output.endswith((".png", ".npz")):
        raise InputError(f"--output={settings.output}: give a file that ends in .png or .npz")
    task = settings.task
    if task == "encode" and settings.output.endswith(".png"):
        raise InputError(f"--output={settings.output}: latents are no picture; give a file that ends in .npz")
    if settings.samples is not None and task == "generate":
        raise InputError(f"--samples={settings.samples} is not for --task=generate; give --task=reconstruct or another")
    if settings.latents is not None and task != "reconstruct":
        raise InputError(f"--latents={settings.latents} is for --task=reconstruct, and --task={task} is given")
    if settings.latents is not None and settings.samples is not None:
        raise InputError("--latents and --samples are both to be reconstructed; leave one of them out")
    if settings.choice and task != "generate":
        raise InputError(f"--choice is for --task=generate, and --task={task} is given; leave it out")


def _check_train(settings):
    if not 0 <= settings.ema_decay < 1:
        raise InputError(f"--ema_decay={settings.ema_decay}: give a number in [0, 1)")
    chunk = settings.steps_per_execution
    for name in _CADENCES:
        every = getattr(settings, name)
        if every % chunk:
            nearest = [multiple for multiple in (every // chunk * chunk, (every // chunk + 1) * chunk) if multiple]
            raise InputError(
                f"--{name}={every} is not a multiple of --steps_per_execution={chunk}; "
                f"the nearest {'is' if len(nearest) == 1 else 'are'} {' and '.join(map(str, nearest))}"
            )
    if settings.cluster is not None and settings.strategy != "multiworker":
        raise InputError(f"--cluster={settings.cluster} is for --strategy=multiworker; add that, or leave it out")
    if settings.inception_path is not None and not settings.evaluate_metrics:
        raise InputError(f"--inception_path={settings.inception_path} is for --evaluate_metrics; give some of them")
    if settings.best_metric is not None and not settings.evaluate_every:
        raise InputError(f"--best_metric={settings.best_metric} needs evaluations; give --evaluate_every=STEPS")
    steps = settings.profile_steps
    if steps is not None and not (len(steps) == 2 and 0 <= steps[0] < steps[1]):
        raise InputError(f"--profile_steps={','.join(map(str, steps))}: give first,last with 0 <= first < last")
    _check_schedule(settings)


def _check_schedule(settings):
    spans = [
        f"--{flag}={value}"
        for flag, value in settings.values.items()
        if flag.startswith("optimizer.") and flag.endswith(".schedule") and value in SPANNING_SCHEDULES
    ]
    if spans and settings.schedule_steps is not None and settings.schedule_steps < settings.train_steps:
        raise InputError(
            f"--schedule_steps={settings.schedule_steps} is less than --train_steps={settings.train_steps}: "
            f"{spans[0]} would train the rest at a learning rate of 0; "
            f"train at most {settings.schedule_steps} steps, or start a new run with more --schedule_steps"
        )
