"""The dataset without its flag."""

import pytest

from tfgan2 import flags
from tfgan2.errors import InputError

REST = ("--method=gngan", "--train_steps=1", "--workdir=w")


@pytest.mark.parametrize(
    "argv",
    [
        ("ring8", *REST),
        (*REST, "ring8"),
        ("--method", "gngan", "ring8", "--train_steps", "1", "--workdir=w"),
        ("--dry_run", "ring8", *REST),
        ("--nodry_run", "ring8", *REST),
        ("--data.std", "0.1", "ring8", *REST),
    ],
)
def test_one_argument_without_a_flag_is_the_dataset(argv):
    assert flags.parse("train", argv).dataset == "ring8"


def test_it_cannot_be_named_twice():
    for argv in (("ring8", "--dataset=ring8"), ("ring8", "grid25")):
        with pytest.raises(InputError, match="is not a flag; did you mean --dataset="):
            flags.parse("train", [*argv, *REST])


def test_the_name_of_a_method_is_no_dataset():
    with pytest.raises(InputError, match="'gngan' is not a flag; did you mean --method=gngan"):
        flags.parse("train", ["gngan", "--dataset=ring8", *REST[1:]])
    with pytest.raises(InputError, match="'gngan' is not a flag; did you mean --method=gngan"):
        flags.parse("train", ["gngan"])


def test_other_commands_have_none():
    with pytest.raises(InputError, match="'ring8' is not a flag"):
        flags.parse("export", ["ring8", "--workdir=w"])


@pytest.mark.parametrize("dataset", ["folder:x", "idx:x", "digits", "mnist", "tfds:x", "stacked:digits"])
def test_images_need_a_network(dataset):
    argv = ["--method=standard_gan", f"--dataset={dataset}", *REST[1:]]
    with pytest.raises(InputError, match=f"--network is missing: {dataset} has images, and the default network, mlp, "):
        flags.parse("train", argv)
    assert flags.parse("train", [*argv, "--network=mlp"]).network == "mlp"
