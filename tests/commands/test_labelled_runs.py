"""Runs of methods that learn from labels: trained, sampled and exported by class, and refused without labels."""

import re

import numpy as np
import pytest
import tensorflow as tf

import tfgan2

ARGV = (
    *("--dataset=ring10", "--data.points_per_mode=50", "--network.hidden_units=8", "--batch_size=16"),
    *("--steps_per_execution=5", "--log_every=5", "--sample_every=0", "--checkpoint_every=5", "--evaluate_every=5"),
    *("--data.positive_classes=2,7", "--data.negative_classes=0,1,3"),
)
METHODS = ("acgan", "tacgan", "cgan_pd")


@pytest.fixture(scope="module", params=METHODS)
def workdir(request, call, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param) / "run"
    ended = call("train", f"--method={request.param}", *ARGV, "--train_steps=5", f"--workdir={folder}")
    assert ended.code == 0, ended.err
    return folder


def sampled(call, workdir, folder, *flags):
    assert call("sample", f"--workdir={workdir}", f"--output={folder / 'x.npz'}", "--count=6", *flags).code == 0
    with np.load(folder / "x.npz") as arrays:
        return arrays["samples"]


def test_samples_of_chosen_classes(call, workdir, tmp_path):
    run = tfgan2.load(workdir)
    assert (run.model.offered_choices, run.model.sampled_choices) == ((0, 1, 2, 3, 7), (2, 7))
    assert run.parts["real"].size == 250
    only_2, only_7, only_0 = (sampled(call, workdir, tmp_path, f"--choice={label}") for label in (2, 7, 0))
    both = sampled(call, workdir, tmp_path, "--choice=2,7")
    np.testing.assert_array_equal(both[0::2], only_2[0::2])
    np.testing.assert_array_equal(both[1::2], only_7[1::2])
    drawn = run.model.choices(0, 6).numpy()[:, None]
    np.testing.assert_array_equal(sampled(call, workdir, tmp_path), np.where(drawn == 2, only_2, only_7))
    assert np.abs(only_0 - only_2).min(axis=1).max() > 0
    np.testing.assert_array_equal(run.sample(6, choice=(0,)), only_0)


def test_a_class_that_is_not_there(call, workdir, tmp_path):
    for labels, wrong in (("5", 5), ("2,10", 10), ("-1", -1)):
        ended = call("sample", f"--workdir={workdir}", f"--output={tmp_path / 'x.npz'}", f"--choice={labels}")
        assert ended.code == 2
        assert re.fullmatch(
            rf"tfgan2: --choice is {wrong}; it must be one of the classes of the run, 0, 1, 2, 3, 7\.\n", ended.err
        )


def test_export(call, workdir, tmp_path):
    assert call("export", f"--workdir={workdir}", f"--output={tmp_path}").code == 0
    served = tf.saved_model.load(str(tmp_path / "1")).signatures
    run = tfgan2.load(workdir)
    count, seed = tf.constant(6, tf.int64), tf.constant(3, tf.int64)
    for label, labels in ((-1, ()), (0, (0,)), (7, (7,))):
        found = served["generate"](count=count, seed=seed, label=tf.constant(label, tf.int64))["samples"]
        np.testing.assert_allclose(found, run.sample(6, seed=3, choice=labels), rtol=1e-5, atol=1e-6)
    latents, labels = run.model.latents(3, 6, (0, 2))
    found = served["serving_default"](latents=latents, label=labels)["samples"]
    np.testing.assert_allclose(found, run.sample(6, seed=3, choice=(0, 2)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ("--negative_dataset=ring8",),
            "--method=acgan learns from the labels of one dataset; instead of --negative_dataset=ring8 put both into "
            "one folder, a sub-folder for each class",
        ),
        (
            ("--dataset=swiss_roll",),
            "--method=acgan learns from labels, and swiss_roll has none; sort images into sub-folders, or save labels "
            "beside arrays",
        ),
        (
            ("--network=tests_family:Plain",),
            "--network=tests_family:Plain does not fit --method=acgan: it has no method "
            "conditional_generator(sample_shape).",
        ),
    ],
)
def test_refused(call, tmp_path, monkeypatch, flags, message):
    (tmp_path / "tests_family.py").write_text("class Plain:\n    output_activation = 'linear'\n")
    monkeypatch.syspath_prepend(tmp_path)
    argv = ["--method=acgan", "--dataset=ring10", "--train_steps=5", f"--workdir={tmp_path / 'run'}", *flags]
    ended = call("train", *argv)
    assert (ended.code, ended.err) == (2, f"tfgan2: {message}\n")
