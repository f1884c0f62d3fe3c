"""Tiny runs that are killed: their commands, and what a run that is never stopped leaves after each of them."""

import functools
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from torturing.numbers import METHODS
from torturing.nursery import Nursery, tf_configs
from torturing.run_folders import contents

STEPS = 8
_CADENCE = (
    *(f"--train_steps={STEPS}", "--steps_per_execution=2", "--log_every=2", "--sample_every=4", "--evaluate_every=4"),
    *("--checkpoint_every=2", "--keep_checkpoints=2", "--jit=off", "--batch_size=12", "--ema_decay=0.9"),
)
_POINTS = (
    *("--network.hidden_units=8", "--network.latent_dim=2", "--data.points_per_mode=20", "--ema_decay=0.9"),
    *_CADENCE,
)
_IMAGES = ("--network.width_multiplier=0.015625", "--network.latent_dim=2", *_CADENCE)
_TWO_DEVICES = """
import tensorflow as tf
devices = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], devices)
"""
_COMMAND = """
import importlib, os
os.chdir({folder!r})
os.environ["TFGAN2_CACHE"] = {folder!r} + "/cache"
from torturing import suicide
{before}
code = importlib.import_module("tfgan2.{command}").main(argv)
{after}
"""
WORKDIR = "--workdir=run"
_AUGMENTED = ("--network=sngan_cnn", "--network.augmentation=color")


class TinyRun(NamedTuple):
    """A run, and how it is started. All paths are in the working folder.

    Attributes:
      commands: Commands in order, each with its flags.
      devices: "one device", "two replicas" or "two workers".
      code: The exit code of each command that comes to its end.
    """

    commands: tuple
    devices: str = "one device"
    code: int = 0


def _train(method, *flags):
    shorter = (flag.replace("train_steps=10", "train_steps=4") for flag in METHODS[method])
    return ("train", f"--method={method}", *shorter, *_POINTS, *flags, WORKDIR)


def _train_images(*flags):
    return ("train", *_IMAGES, "--dataset=folder:pictures", "--data.image_size=8", *flags, WORKDIR)


_SCHEDULE = "--schedule_steps=8"
_FINISHED = _train("gngan")
_DIVERGING = _train("standard_gan", "--optimizer.learning_rate=1e30", "--recover=2", "--evaluate_every=0")
RUNS = {
    **{method: TinyRun((_train(method),)) for method in METHODS},
    "best": TinyRun((_train("standard_gan", "--best_metric=registered_points", "--export_at_end"),)),
    "short": TinyRun((_train("standard_gan", "--train_steps=2", "--sample_every=0", "--evaluate_every=0"),)),
    "longer": TinyRun((_train("gngan", "--train_steps=4", _SCHEDULE), _train("gngan", _SCHEDULE))),
    "stage by stage": TinyRun(tuple(_train("pgmgan", f"--stage={at}") for at in ("pretext", "partitioner", "main"))),
    "going back": TinyRun((_DIVERGING,), code=3),
    "pictures": TinyRun((_train_images("--method=standard_gan", *_AUGMENTED),)),
    "classes of pictures": TinyRun((_train_images("--method=acgan", "--network=acgan_cnn"),)),
    "evaluate": TinyRun((_FINISHED, ("evaluate", WORKDIR, "--protocol=modes-2k"))),
    "sample": TinyRun(
        (_FINISHED, ("sample", WORKDIR, "--output=samples.npz"), ("sample", WORKDIR, "--output=folder.png"))
    ),
    "export": TinyRun((_FINISHED, ("export", WORKDIR), ("report", WORKDIR))),
    **{
        f"{method}, {devices}": TinyRun((_train(method, f"--strategy={strategy}"),), devices)
        for devices, strategy, methods in (
            ("two replicas", "mirrored", ("standard_gan", "p2gan", "self_conditioned_gan", "pgmgan")),
            ("two workers", "multiworker", ("standard_gan", "self_conditioned_gan")),
        )
        for method in methods
    },
}


class Reference:
    """A run that is never stopped.

    Attributes:
      folders: The working folder before the first command and after each command.
      states: `contents` of these folders, then those of removed checkpoints.
      seconds: Time that each command takes.
      events: For each command, kind of event -> number of events.
    """

    def __init__(self, name, run, nursery, folder):
        self.folders, self.seconds, self.events = [folder / "0"], [], []
        _make_pictures(self.folders[0] / "pictures")
        for index, command in enumerate(run.commands):
            place = folder / str(index + 1)
            shutil.copytree(self.folders[-1], place, symlinks=True)
            counts = folder / f"{index}.json"
            before = f"note = suicide.note_events({str(folder / 'kept')!r})"
            began = time.monotonic()
            processes = start(run, command, nursery, place, [before, ""], f"note({str(counts)!r})")
            for process in processes:
                ended = process.end()
                if ended.code != run.code:
                    raise RuntimeError(f"{name}: {command}: exit code {ended.code}: {ended.err}")
            self.seconds.append(time.monotonic() - began)
            self.events.append(json.loads(counts.read_text()))
            self.folders.append(place)
        self.states = [contents(each) for each in [*self.folders, folder / "kept"]]


def start(run, command, nursery, folder, before=("", ""), after="", output="output"):
    """Starts the processes of a command in a folder: two for two workers, else one.

    Args:
      run: The `TinyRun`.
      command: The command with its flags.
      nursery: The `Nursery`.
      folder: Working folder.
      before: Code that each process runs before the command.
      after: Code that the first process runs after it.
      output: Beginning of the name of the folders beside it with the output of each process.
    """
    devices = _TWO_DEVICES if run.devices == "two replicas" else ""
    settings = [{"TF_CONFIG": config} for config in tf_configs(2)] if run.devices == "two workers" else [{}]
    started = []
    for index, environment in enumerate(settings):
        code = _COMMAND.format(folder=str(folder), command=command[0], before="{before}", after="" if index else after)
        code = code.replace("{before}", devices + before[index])
        streams = folder.with_name(f"{folder.name} {output} {index}")
        streams.mkdir(exist_ok=True)
        started.append(nursery.start(code, command[1:], streams, environment))
    return started


@functools.cache
def nursery_of_all():
    """The nursery of all cases. It ends with this process."""
    return Nursery()


@functools.cache
def reference_of(name, nursery):
    """The `Reference` of a run by name. Each is made once."""
    kept = tempfile.TemporaryDirectory(prefix="torture_reference")
    made = Reference(name, RUNS[name], nursery, Path(kept.name))
    made.kept = kept
    return made


def _make_pictures(folder):
    """A folder with two classes of small pictures."""
    drawn = np.random.default_rng(0)
    for number in range(24):
        path = folder / "ab"[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(drawn.integers(0, 256, (8, 8, 3), np.uint8)).save(path)
