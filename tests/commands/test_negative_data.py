"""Runs on positives and negatives: of one data set by classes, of two folders of pictures, resumed, and refused."""

import numpy as np
import pytest
from PIL import Image

import tfgan2
from tfgan2.evaluation.unwanted_look import unwanted_samples

RING = (
    *("--method=rumi", "--dataset=ring10", "--data.points_per_mode=50", "--network.hidden_units=8", "--batch_size=16"),
    *("--steps_per_execution=5", "--log_every=5", "--sample_every=0", "--checkpoint_every=5", "--evaluate_every=5"),
)
OVERLAP = ("--data.positive_classes=1,2,4,5,7,9", "--data.negative_classes=0,2,3,6,8,9")


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two folders of pictures: 6 bright ones and 40 dark ones."""
    root = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for name, count, low in (("wanted", 6, 150), ("unwanted", 40, 0)):
        (root / name).mkdir()
        for index in range(count):
            pixels = random.integers(low, low + 100, (12, 12, 3), np.uint8)
            Image.fromarray(pixels).save(root / name / f"{index}.png")
    return root


def of_folders(folders):
    return (
        *(
            "--method=rumi",
            f"--dataset=folder:{folders / 'wanted'}",
            f"--negative_dataset=folder:{folders / 'unwanted'}",
        ),
        *("--data.image_size=8", "--network=rumi_cnn", "--network.width_multiplier=0.05", "--network.latent_dim=3"),
        *("--batch_size=8", "--steps_per_execution=1", "--sample_every=2", "--jit=off"),
    )


def test_a_resumed_run_equals_one_that_never_stopped(call, differing, metrics_of, tmp_path):
    for steps in (5, 15):
        assert call("train", *RING, *OVERLAP, f"--train_steps={steps}", f"--workdir={tmp_path / 'stopped'}").code == 0
    ended = call("train", *RING, *OVERLAP, "--train_steps=15", f"--workdir={tmp_path / 'never'}")
    assert ended.code == 0 and " of 6 modes covered" in ended.out
    assert differing(tmp_path / "stopped", tmp_path / "never") == []
    assert metrics_of(tmp_path / "stopped") == metrics_of(tmp_path / "never")


def test_two_folders(call, folders, tmp_path):
    ended = call("train", *of_folders(folders), "--train_steps=2", f"--workdir={tmp_path / 'run'}")
    assert ended.code == 0, ended.err
    assert (
        "tfgan2: the 6 positive samples are fewer than the 8 of a step, so each is used several times in it\n"
        in ended.err
    )
    run = tfgan2.load(tmp_path / "run")
    assert {key: (part.size, part.data.name.rpartition("/")[2]) for key, part in run.parts.items()} == {
        "positive": (6, "wanted"),
        "negative": (40, "unwanted"),
    }
    assert unwanted_samples(run).shape == (40, 8, 8, 3)
    with Image.open(tmp_path / "run" / "samples" / "step_0000002.png") as picture:
        assert picture.size[0] > 100
    # The same data without the negatives, by another method.
    argv = [flag for flag in of_folders(folders) if not flag.startswith(("--method", "--negative", "--batch"))]
    assert (
        call(
            "train", *argv, "--method=standard_gan", "--batch_size=4", "--dry_run", "--train_steps=2", "--workdir=x"
        ).code
        == 0
    )


def test_a_dry_run_shows_the_parts(call):
    ended = call("train", *RING, *OVERLAP, "--data.minority=1:10", "--train_steps=5", "--workdir=x", "--dry_run")
    assert "\n  positive: 260 of ring10\n  negative: 300 of ring10\n" in ended.out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            (),
            "--method=rumi learns from negatives, too; name them by --data.negative_classes, such as "
            "--data.negative_classes=1,3, or by a dataset of them, --negative_dataset=folder:DIR",
        ),
        (
            ("--data.negative_classes=11",),
            "--data.negative_classes is 11; it must be made of classes of ring10: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
        ),
        (
            ("--data.negative_classes=1", "--data.positive_classes=1"),
            "--data.negative_classes is 1; it must be different from the positive_classes.",
        ),
        (
            ("--negative_dataset=ring10",),
            "--negative_dataset=ring10 is the same as --dataset=ring10; name it once, and choose from it by "
            "--data.positive_classes and --data.negative_classes",
        ),
        (
            ("--rumi.negatives=jigsaw,cutmix",),
            "--rumi.negatives is jigsaw,cutmix; it must be empty for points. Only images have such negatives.",
        ),
        (("--negative_dataset=ring11",), "--negative_dataset=ring11 is unknown; did you mean ring16? there are "),
        (
            ("--negative_dataset=modes1d",),
            "ring10 has samples of shape [2] and modes1d of [1]; give both the same, images by --data.image_size and "
            "--data.channels",
        ),
    ],
)
def test_refused(call, tmp_path, flags, message):
    ended = call("train", *RING, *flags, "--train_steps=5", f"--workdir={tmp_path / 'run'}")
    assert ended.code == 2 and ended.err.startswith(f"tfgan2: {message}")
    assert not (tmp_path / "run").exists()


def test_empty_and_equal_folders(call, folders, tmp_path):
    (tmp_path / "empty").mkdir()
    argv = [*of_folders(folders), "--train_steps=2", f"--workdir={tmp_path / 'run'}"]
    ended = call("train", *argv, f"--negative_dataset=folder:{tmp_path / 'empty'}")
    assert ended.code == 2 and " has no files; name a folder with images" in ended.err
    linked = tmp_path / "linked"
    linked.symlink_to(folders / "wanted")
    ended = call("train", *argv, f"--negative_dataset=folder:{linked}")
    assert ended.code == 2 and " is the same as --dataset=folder:" in ended.err
