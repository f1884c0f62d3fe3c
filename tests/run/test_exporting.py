"""What an export tells about its run."""

import json
from types import SimpleNamespace

import pytest

from tfgan2 import flags
from tfgan2.run import exporting

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
    found = exporting._provenance(run)["flags"]
    assert found[given.partition("=")[0].removeprefix("--")] == told
    assert PLACES not in json.dumps(found)
