"""Checks of the commands' own flags."""

from tfgan2.errors import InputError
from tfgan2.flags.run_flags import EXAMPLES, RUN_FLAGS
from tfgan2.optimizers import SPANNING_SCHEDULES

_REQUIRED = {
    "train": ("method", "dataset", "train_steps", "workdir"),
    "sample": ("workdir", "output"),
    "export": ("workdir",),
}
_CADENCES = ("log_every", "sample_every", "checkpoint_every", "evaluate_every")


def check_required(command: str, given: dict) -> None:
    """Raises InputError if flags that a command cannot do without are missing, naming them beside an example."""
    missing = [f"--{name}" for name in _REQUIRED.get(command, ()) if given.get(name) is None]
    example = f"for example: python -m tfgan2.{command} {EXAMPLES[command]}"
    if missing:
        configs = "; or start from a configuration of --list, --flagfile=configs/NAME.cfg" * (command == "train")
        raise InputError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; {example}{configs}")
    if command == "evaluate" and sum(bool(given.get(name)) for name in ("workdir", "samples", "compare")) != 1:
        raise InputError(f"give one of --workdir, --samples and --compare; {example}")
    if command == "evaluate" and given.get("dataset") is not None and given.get("samples") is None:
        raise InputError(f"--dataset={given['dataset']} is what --samples should be like; {example}")


def check_values(settings) -> None:
    """Checks the values of a command's own flags.

    Raises:
      InputError: a value is out of range or does not fit another; the message names the flags and what fits.
    """
    values = {argument.name: settings.values[argument.name] for argument in RUN_FLAGS[settings.command]}
    for name, value in values.items():
        if value == "":
            raise InputError(f"--{name} is empty; it must be a text. Leave the flag out for its default.")
    if settings.command == "train":
        _check_train(settings)
    elif settings.step is not None and settings.checkpoint == "best":
        raise InputError(f"--step={settings.step} and --checkpoint=best name two checkpoints; leave one of them out")
    if settings.command == "sample":
        _check_sample(settings)
    if settings.command == "evaluate":
        _check_evaluate(settings)


def _check_sample(settings):
    output, task = settings.output, settings.task
    if output.suffix not in (".png", ".npz", "") and not output.is_dir():
        raise InputError(
            f"--output={output}: give a file that ends in .png or .npz, or a folder without a dot in its name"
        )
    if task == "encode" and output.suffix != ".npz":
        raise InputError(f"--output={settings.output}: latents are no picture; give a file that ends in .npz")
    if settings.samples is not None and task == "generate":
        raise InputError(f"--samples={settings.samples} is not for --task=generate; give --task=reconstruct or another")
    if settings.latents is not None and task != "reconstruct":
        raise InputError(f"--latents={settings.latents} is for --task=reconstruct, and --task={task} is given")
    if settings.latents is not None and settings.samples is not None:
        raise InputError("--latents and --samples are both to be reconstructed; leave one of them out")
    if settings.choice and task != "generate":
        raise InputError(f"--choice is for --task=generate, and --task={task} is given; leave it out")


def _check_evaluate(settings):
    if len(settings.compare) == 1:
        raise InputError(
            f"--compare={settings.compare[0]}: give two files or more, --compare=A.json,B.json, or --compare=A.json "
            "--compare=B.json where a name has a comma"
        )
    if settings.reference_statistics is not None:
        _check_reference(settings)
    if settings.output is None:
        return
    if settings.compare:
        raise InputError(f"--output={settings.output}: --compare writes no file; leave it out")
    if settings.output.suffix != ".json":
        raise InputError(f"--output={settings.output}: give a file that ends in .json")


def _check_reference(settings):
    flag = f"--reference_statistics={settings.reference_statistics}"
    if settings.compare:
        raise InputError(f"{flag}: --compare measures nothing; leave it out")
    if settings.protocol is None:
        raise InputError(f"{flag} needs a --protocol by an Inception network, such as --protocol=gngan-10k5k")
    for name in ("dataset", "negative_classes"):
        if getattr(settings, name) is not None:
            raise InputError(f"{flag} takes the place of real images; leave out --{name}")


def _check_train(settings):
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
    if steps is not None and not (len(steps) == 2 and steps[0] < steps[1]):
        shown = ",".join(map(str, steps))
        raise InputError(f"--profile_steps is {shown}; it must be first,last with 0 <= first < last.")
    _check_stages(settings)
    _check_schedule(settings)


_OF_STAGES = (("backbone", None), ("partitioner_from", None), ("stage", "all"), ("stages_dir", None))


def _check_stages(settings):
    method = settings.factories["method"]
    if not method.stages:
        for name, default in _OF_STAGES:
            if settings.values[name] != default:
                raise InputError(
                    f"--{name}={settings.values[name]}: --method={settings.method} has no stages; leave it out"
                )
        return
    stages = method.stages_of(settings.arguments("method"))
    if settings.partitioner_from and not stages:
        raise InputError(
            f"--partitioner_from={settings.partitioner_from}: this run trains no partitioner in whose place it could "
            "be; leave it out"
        )
    if settings.partitioner_from and settings.init_from:
        raise InputError(
            f"--partitioner_from={settings.partitioner_from} and --init_from={settings.init_from}, which comes with a "
            "partitioner, are given; leave one of them out"
        )
    if stages and settings.backbone is None:
        raise InputError(
            f"--method={settings.method} learns a partition; say by which network, such as --backbone=invertible_mlp "
            "for points or --backbone=invertible_resnet for images"
        )
    for stage in stages:
        steps = settings.values[f"{stage}.train_steps"]
        if steps < (stage != stages[0]):
            raise InputError(
                f"--{stage}.train_steps is {steps}; it must be at least 1. Only the stage {stages[0]} can be "
                "left out, by 0 steps."
            )
    trained = () if settings.partitioner_from or settings.init_from else stages
    offered = ("all", *(stage for stage in trained if settings.values[f"{stage}.train_steps"]), "mixture")
    if settings.stage not in offered:
        raise InputError(f"--stage={settings.stage} is no stage of this run; there are {', '.join(offered)}")


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
