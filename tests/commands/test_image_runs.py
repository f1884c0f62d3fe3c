"""The commands on a run that is trained on images."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import tfgan2
from tfgan2 import evaluate, export, sample, train

ARGV = (
    *("--method=gngan", "--dataset=digits", "--network=distgan_cnn", "--network.width_multiplier=0.05"),
    *("--network.latent_dim=3", "--batch_size=4", "--steps_per_execution=1", "--log_every=1", "--sample_every=1"),
    *("--checkpoint_every=1", "--evaluate_every=1", "--jit=off"),
)


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    """A run of two steps, in two sessions."""
    folder = tmp_path_factory.mktemp("images") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TFGAN2_CACHE", str(folder.parent / "cache"))
        assert train.main([*ARGV, "--train_steps=1", f"--workdir={folder}"]) == 0
        assert train.main([*ARGV, "--train_steps=2", f"--workdir={folder}"]) == 0
    return folder


def test_pictures(workdir):
    names = {path.name for path in (workdir / "samples").iterdir()}
    assert names == {"evolution.png", *(f"step_000000{step}.{end}" for step in range(3) for end in ("npz", "png"))}


def test_samples(workdir, tmp_path, capsys):
    for name in ("many.npz", "few.npz", "few.png"):
        count = 66 if name == "many.npz" else 3  # more than are made at once
        argv = [f"--workdir={workdir}", f"--output={tmp_path / name}", f"--count={count}", "--seed=5"]
        assert sample.main(argv) == 0
    many, few = (np.load(tmp_path / f"{name}.npz")["samples"] for name in ("many", "few"))
    assert many.dtype == np.uint8 and many.shape == (66, 8, 8, 1)
    np.testing.assert_array_equal(many[:3], few)
    images = tfgan2.load(workdir).sample(3, seed=5)
    assert images.dtype == np.float32
    np.testing.assert_array_equal(np.rint(images * 255), few)
    with Image.open(io.BytesIO((tmp_path / "few.png").read_bytes())) as picture:
        shown = np.asarray(picture)
    # Two in a row, each pixel six times as large.
    np.testing.assert_array_equal(shown[:48:6, :48:6, 0], few[0, :, :, 0])
    np.testing.assert_array_equal(shown[:48:6, 50::6, 0], few[1, :, :, 0])
    np.testing.assert_array_equal(shown[50::6, :48:6, 0], few[2, :, :, 0])


def test_export(workdir, tmp_path):
    assert export.main([f"--workdir={workdir}", f"--output={tmp_path}"]) == 0
    signatures = tf.saved_model.load(str(tmp_path / "1")).signatures
    outputs = {name: function.structured_outputs for name, function in signatures.items()}
    assert outputs["serving_default"]["samples"] == tf.TensorSpec([None, 8, 8, 1], tf.float32, "samples")
    assert outputs["generate"]["samples"].dtype == tf.uint8
    assert outputs["reconstruct"]["samples"] == tf.TensorSpec([None, 8, 8, 1], tf.float32, "samples")
    assert outputs["encode"]["latents"] == tf.TensorSpec([None, 3], tf.float32, "latents")


def test_no_protocol_measures_images(workdir, capsys):
    assert evaluate.main([f"--workdir={workdir}"]) == 2
    expected = "tfgan2: no protocol measures digits; there are protocols for grid25, ring8, ring16, modes1d.\n"
    assert capsys.readouterr().err == expected
