"""What an export tells of its run, and what it does not tell of the machine."""

import json
from types import SimpleNamespace

import pytest

from tfgan2 import flags
from tfgan2.errors import ArgumentError
from tfgan2.run import restore

PLACES = "/home/me/secret"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (f"--dataset=folder:{PLACES}/cats", "folder:cats"),
        (f"--dataset=folder:{PLACES}/cats/", "folder:cats"),
        ("--dataset=folder:cats", "folder:cats"),
        (f"--dataset=idx:{PLACES}/mnist", "idx:mnist"),
        (f"--dataset=stacked:idx:{PLACES}/mnist", "stacked:idx:mnist"),
        ("--dataset=tfds:imagenet_resized/32x32", "tfds:imagenet_resized/32x32"),
        (f"--negative_dataset=folder:{PLACES}/dogs", "folder:dogs"),
        (f"--auxiliary_dataset=folder:{PLACES}/a,folder:{PLACES}/b", ("folder:a", "folder:b")),
        (f"--init_from={PLACES}/runs/first", "first"),
        (f"--stage_from={PLACES}/runs/first", "first"),
    ],
)
def test_no_folder_of_the_machine_is_told(given, told):
    argv = ["--method=pgmgan", "--backbone=invertible_resnet", "--network=pgmgan_resnet", "--dataset=digits"]
    argv += ["--train_steps=1", "--workdir=w"]
    settings = flags.parse("train", [*argv, given])
    run = SimpleNamespace(settings=settings, facts=SimpleNamespace(class_names=(), sets={}))
    found = restore._provenance(run)["flags"]
    assert found[given.partition("=")[0].removeprefix("--")] == told
    assert PLACES not in json.dumps(found)


@pytest.mark.parametrize("workdir", ["", None, 3])
def test_a_workdir_that_is_no_path(workdir):
    message = f"^workdir is {workdir!r}; it must be the folder of a run. For example tfgan2.load\\('runs/demo'\\).$"
    with pytest.raises(ArgumentError, match=message):
        restore.load(workdir)


def test_a_run_is_printed_with_its_folder_and_step():
    run = object.__new__(restore.TrainedRun)
    run.settings = SimpleNamespace(workdir="runs/demo", method="gngan", dataset="grid25")
    run.model = SimpleNamespace(global_step=45)
    assert repr(run) == "<TrainedRun runs/demo: gngan on grid25, step 45>"
