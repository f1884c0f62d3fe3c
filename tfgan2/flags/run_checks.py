"""Checks of the commands' own flags."""

from tfgan2.data.sources import names_images
from tfgan2.errors import ArgumentError, InputError
from tfgan2.flags.durations import seconds_of
from tfgan2.flags.run_flags import EXAMPLES, RUN_FLAGS
from tfgan2.flags.stage_checks import check_stage_flags
from tfgan2.flags.stopping import NEVER, condition_of
from tfgan2.optimizers import SPANNING_SCHEDULES
from tfgan2.ranges import AUTO

_REQUIRED = {
    "train": ("method", "dataset", "train_steps", "workdir"),
    "sample": ("workdir", "output"),
    "compare": ("output",),
    "export": ("workdir",),
    "report": ("workdir",),
}
_CADENCES = ("log_every", "sample_every", "checkpoint_every", "evaluate_every")


def check_required(command: str, given: dict, flagfile=None) -> None:
    """Raises InputError if required flags of a command are missing. The message gives an example.

    Args:
      command: A key of `RUN_FLAGS`, such as "train".
      given: Flag -> value.
      flagfile: The flags.cfg of a run that should have the flags, for the message, or None.
    """
    missing = [f"--{name}" for name in _REQUIRED.get(command, ()) if given.get(name) is None]
    example = f"for example: python -m tfgan2.{command} {EXAMPLES[command]}"
    if missing and flagfile is not None:
        raise InputError(f"{flagfile} is damaged: it lacks {', '.join(missing)}. Restore the file, or train a new run.")
    if missing:
        others = (
            "; or start from a configuration of --list, --flagfile=configs/NAME.cfg; or let a recipe choose all flags "
            "for your own pictures: tfgan2 train folder:DIR"
        ) * (command == "train")
        raise InputError(f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; {example}{others}")
    if command == "compare" and not (given.get("row") or given.get("workdirs")):
        raise InputError(f"give a --row for each method, or --workdirs of runs; {example}")
    if command == "evaluate" and sum(bool(given.get(name)) for name in ("workdir", "samples", "compare")) != 1:
        raise InputError(f"give one of --workdir, --samples and --compare; {example}")
    if command == "evaluate" and given.get("dataset") is not None and given.get("samples") is None:
        raise InputError(f"--dataset={given['dataset']} is what --samples should be like; {example}")


def check_network(given: dict) -> None:
    """Raises InputError if no network is given for images. The default network is for points."""
    dataset = given["dataset"]
    if given.get("network") is None and names_images(dataset):
        raise InputError(
            f"--network is missing: {dataset} has images, and the default network, mlp, is for points; name one of "
            f"--list, such as --network=sngan_cnn, or let a recipe choose all flags that you do not give, "
            f"--recipe=pictures"
        )


def check_values(settings) -> None:
    """Checks the values of a command's own flags.

    Raises:
      InputError: A value is out of range or does not fit another value.
    """
    values = {argument.name: settings.values[argument.name] for argument in RUN_FLAGS[settings.command]}
    for name, value in values.items():
        if value == "":
            raise _refusal(settings, name, "a text", "Leave the flag out for its default.")
    if settings.command == "train":
        _check_train(settings)
    elif settings.values.get("step") is not None and settings.checkpoint == "best":
        raise _refusal(settings, "step", "left out with --checkpoint=best, which names a checkpoint, too")
    if settings.command == "sample":
        _check_sample(settings)
    if settings.command == "evaluate":
        _check_evaluate(settings)
    if settings.command == "report" and settings.output.suffix not in (".html", ".htm"):
        raise _refusal(settings, "output", "a file that ends in .html")


def _check_sample(settings):
    output, task = settings.output, settings.task
    if output.suffix not in (".png", ".npz", "") and not output.is_dir():
        accepted = "a file that ends in .png or .npz, or a folder without a dot in its name"
        raise _refusal(settings, "output", accepted)
    if task == "encode" and output.suffix != ".npz":
        raise _refusal(settings, "output", "a file that ends in .npz for latents, because latents are not a picture")
    if settings.samples is not None and task == "generate":
        raise _refusal(settings, "samples", "left out with --task=generate", "Try --task=reconstruct.")
    if settings.latents is not None and task != "reconstruct":
        raise _refusal(settings, "latents", f"left out with --task={task}", "Try --task=reconstruct.")
    if settings.latents is not None and settings.samples is not None:
        raise _refusal(settings, "latents", "left out with --samples", "Leave one of them out.")
    if settings.choice and task != "generate":
        raise _refusal(settings, "choice", f"left out with --task={task}", "Try --task=generate.")


def _check_evaluate(settings):
    if len(settings.compare) == 1:
        advice = "Try --compare=A.json,B.json, or --compare=A.json --compare=B.json if a name has a comma."
        raise _refusal(settings, "compare", "two files or more", advice)
    if settings.reference_statistics is not None:
        _check_reference(settings)
    _check_networks(settings)
    if settings.output is None:
        return
    if settings.compare:
        raise _refusal(settings, "output", "left out with --compare, which writes no file")
    if settings.output.suffix != ".json":
        raise _refusal(settings, "output", "a file that ends in .json")


def _check_reference(settings):
    if settings.compare:
        raise _refusal(settings, "reference_statistics", "left out with --compare, which measures nothing")
    if settings.protocol is None:
        accepted = "left out without a --protocol by an Inception network"
        raise _refusal(settings, "reference_statistics", accepted, "Try --protocol=gngan-10k5k.")
    for name in ("dataset", "negative_classes"):
        if getattr(settings, name) is not None:
            accepted = "left out with --reference_statistics, which take the place of real images"
            raise _refusal(settings, name, accepted)


def _check_train(settings):
    chunk = settings.steps_per_execution
    for name in _CADENCES:
        every = getattr(settings, name)
        if every != AUTO and every % chunk:
            nearest = [multiple for multiple in (every // chunk * chunk, (every // chunk + 1) * chunk) if multiple]
            accepted = f"a multiple of --steps_per_execution={chunk}"
            raise _refusal(settings, name, accepted, f"Try {' or '.join(map(str, nearest))}.")
    if settings.cluster is not None and settings.strategy != "multiworker":
        accepted = f"left out with --strategy={settings.strategy}"
        raise _refusal(settings, "cluster", accepted, "Try --strategy=multiworker.")
    for name in ("inception_path", "feature_network"):
        if getattr(settings, name) is not None and not settings.evaluate_metrics:
            raise _refusal(settings, name, "left out without --evaluate_metrics", "Try --evaluate_metrics=frechet.")
    _check_networks(settings)
    if settings.best_metric is not None and not settings.evaluate_every:
        accepted = "left out without evaluations"
        raise _refusal(settings, "best_metric", accepted, "Try --evaluate_every=auto.")
    _check_stop_when(settings)
    if settings.budget is not None:
        seconds_of_budget(settings.budget)
    if settings.ema_half_life is not None and settings.ema_decay:
        accepted = f"left out with --ema_decay={settings.ema_decay}, the same average by its decay"
        raise _refusal(settings, "ema_half_life", accepted, "Leave one of them out.")
    if settings.ema_ramp is not None and settings.ema_half_life is None:
        raise _refusal(settings, "ema_ramp", "left out without --ema_half_life", "Try --ema_half_life=10000.")
    steps = settings.profile_steps
    if steps is not None and not (len(steps) == 2 and steps[0] < steps[1]):
        raise _refusal(settings, "profile_steps", "first,last with 0 <= first < last")
    check_stage_flags(settings)
    _check_schedule(settings)


def _check_stop_when(settings):
    try:
        condition_of(settings.stop_when)
    except ArgumentError as error:
        raise error.of_flag("stop_when") from None
    if settings.stop_when != NEVER and not settings.evaluate_every:
        raise _refusal(settings, "stop_when", "never without evaluations", "Try --evaluate_every=auto.")


def _check_networks(settings):
    if settings.inception_path is not None and settings.feature_network is not None:
        raise _refusal(settings, "feature_network", "left out with --inception_path", "Leave one of them out.")


def seconds_of_budget(text):
    """Converts the text of --budget to seconds. Raises InputError if it is no duration."""
    try:
        return seconds_of("budget", text)
    except ArgumentError as error:
        raise error.of_flag("budget") from None


def _check_schedule(settings):
    spans = [
        f"--{flag}={value}"
        for flag, value in settings.values.items()
        if flag.startswith("optimizer.") and flag.endswith(".schedule") and value in SPANNING_SCHEDULES
    ]
    if spans and settings.schedule_steps is not None and settings.schedule_steps < settings.train_steps:
        raise _refusal(
            settings,
            "schedule_steps",
            f"at least --train_steps={settings.train_steps}: {spans[0]} would train the rest at a learning rate of 0",
            f"Train at most {settings.schedule_steps} steps, or start a new run with more --schedule_steps.",
        )


def _refusal(settings, name, accepted, advice=""):
    """The error for the value of one of the command's own flags."""
    return ArgumentError(name, settings.values[name], accepted, advice).of_flag(name)
