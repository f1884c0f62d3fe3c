"""Checks of the flags of stages."""

from tfgan2.errors import ArgumentError, InputError
from tfgan2.flags.nearest import did_you_mean
from tfgan2.methods.base.stage import ALL, MAIN

_OF_STAGES = {"stage_from": None, "stage": ALL, "stages_dir": None}


def check_stage_flags(settings) -> None:
    """Raises InputError if flags of stages do not fit the method or each other."""
    method = settings.factories["method"]
    stages = method.stages_of(settings.arguments("method"))
    if settings.backbone is not None and not method.takes_backbone:
        raise InputError(f"--backbone={settings.backbone}: --method={settings.method} takes no backbone; leave it out")
    for name, default in _OF_STAGES.items():
        value = settings.values[name]
        if value != default and not method.stages:
            raise InputError(f"--{name}={value}: --method={settings.method} has no stages; leave it out")
    if settings.stage_from and not stages:
        raise InputError(f"--stage_from={settings.stage_from}: this run has no stages; leave out --stage_from")
    if settings.stage_from and settings.init_from:
        raise InputError(
            f"--stage_from={settings.stage_from} and --init_from={settings.init_from} are both given, and the second "
            "holds the result of the stages, too; leave one of them out"
        )
    if settings.backbone is None and any(stage.family == "backbone" for stage in stages):
        raise InputError(
            f"--method={settings.method} needs a --backbone; give --backbone=invertible_mlp for points, "
            "--backbone=invertible_resnet for images, or another one of --list"
        )
    for stage in stages:
        steps = settings.values[f"{stage.name}.train_steps"]
        if not steps and not stage.optional:
            raise ArgumentError("train_steps", steps, "at least 1").of_flag(f"{stage.name}.train_steps")
    _check_stage(settings, stages)


def _check_stage(settings, stages):
    if settings.stage_from or settings.init_from:
        stages = ()
    trained = [stage.name for stage in stages if settings.values[f"{stage.name}.train_steps"]]
    offered = [ALL, *trained, MAIN]
    if settings.stage not in offered:
        hint = did_you_mean(settings.stage, trained)
        raise InputError(f"--stage={settings.stage} is not a stage of this run; {hint}give one of {', '.join(offered)}")
