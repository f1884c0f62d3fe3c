"""The commands on a run that is trained on images."""

import contextlib
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import tfgan2
from tfgan2 import evaluate, export, sample, train
from tfgan2.data.images import load_images
from tfgan2.data.parts import Part
from tfgan2.run import restore

ARGV = (
    *("--method=gngan", "--dataset=digits", "--network=distgan_cnn", "--network.width_multiplier=0.05"),
    *("--network.latent_dim=3", "--batch_size=4", "--steps_per_execution=1", "--log_every=1", "--sample_every=1"),
    *("--checkpoint_every=1", "--evaluate_every=1", "--evaluate_metrics=frechet,reconstructions", "--jit=off"),
)


@pytest.fixture(scope="module")
def workdir(cache_with_digits, tmp_path_factory):
    """A run of two steps, in two sessions."""
    folder = tmp_path_factory.mktemp("images") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TFGAN2_CACHE", str(cache_with_digits))
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
    # Two in a row, each pixel eight times as large.
    np.testing.assert_array_equal(shown[:64:8, :64:8, 0], few[0, :, :, 0])
    np.testing.assert_array_equal(shown[:64:8, 66::8, 0], few[1, :, :, 0])
    np.testing.assert_array_equal(shown[66::8, :64:8, 0], few[2, :, :, 0])


def test_a_file_for_each_image(workdir, tmp_path, capsys):
    argv = [f"--workdir={workdir}", "--seed=5", "--count=12"]
    assert sample.main([*argv, f"--output={tmp_path / 'x.npz'}"]) == 0
    assert sample.main([*argv, f"--output={tmp_path / 'images'}/"]) == 0
    paths = sorted((tmp_path / "images").iterdir())
    assert [path.name for path in paths] == [f"{number:02d}.png" for number in range(12)]
    shown = np.stack([np.asarray(Image.open(path)) for path in paths])
    np.testing.assert_array_equal(shown[..., None], np.load(tmp_path / "x.npz")["samples"])
    capsys.readouterr()
    assert sample.main([*argv, f"--output={tmp_path / 'images'}"]) == 2
    assert capsys.readouterr().err.startswith(f"tfgan2: --output={tmp_path / 'images'} holds files; name a new folder")
    # And back: the same samples from their files.
    flags = ["--protocol=pixels-halves", "--dataset=digits"]
    for given in ("images", "x.npz"):
        assert evaluate.main([*flags, f"--samples={tmp_path / given}"]) == 2
        assert "holds 12 samples; pixels-halves takes 8,980. Give as many" in capsys.readouterr().err


def test_export(workdir, tmp_path):
    assert export.main([f"--workdir={workdir}", f"--output={tmp_path}"]) == 0
    signatures = tf.saved_model.load(str(tmp_path / "1")).signatures
    outputs = {name: function.structured_outputs for name, function in signatures.items()}
    assert outputs["serving_default"]["samples"] == tf.TensorSpec([None, 8, 8, 1], tf.float32, "samples")
    assert outputs["generate"]["samples"].dtype == tf.uint8
    assert outputs["reconstruct"]["samples"] == tf.TensorSpec([None, 8, 8, 1], tf.float32, "samples")
    assert outputs["encode"]["latents"] == tf.TensorSpec([None, 3], tf.float32, "latents")


def test_coverage_as_the_run_goes_on(workdir):
    lines = [json.loads(line) for line in (workdir / "metrics.jsonl").read_text().splitlines()]
    measured = {line["step"]: line["values"] for line in lines if line["kind"] == "evaluation"}
    assert list(measured) == [1, 2]
    shares = [measured[2][f"coverage/share_of_{digit}"] for digit in range(10)]
    assert sum(shares) == pytest.approx(1)
    # One in 100 of 1,000 samples covers a class.
    assert measured[2]["coverage/modes_covered"] == sum(share >= 0.01 for share in shares)
    assert measured[2]["coverage/collapsed"] == 0
    assert measured[2]["coverage/fd-classifier-digits"] > 10 and -1 <= measured[2]["coverage/ssim"] < 1


def test_measuring_does_not_disturb_training(cache_with_digits, workdir, monkeypatch, tmp_path, differing):
    monkeypatch.setenv("TFGAN2_CACHE", str(cache_with_digits))
    argv = [*ARGV, "--evaluate_every=0", "--train_steps=2", f"--workdir={tmp_path / 'run'}"]
    assert train.main(argv) == 0
    assert "evaluation" not in (tmp_path / "run" / "metrics.jsonl").read_text()
    assert differing(workdir, tmp_path / "run") == []


def test_scores_that_cannot_be_had_are_told_before_training(tmp_path, capsys):
    folder = tmp_path / "images.npz"
    np.savez(folder, images=np.zeros((30, 8, 8), np.uint8))
    argv = [*ARGV, f"--dataset=npz:{folder}", "--train_steps=1", f"--workdir={tmp_path / 'run'}"]
    assert train.main([*argv, "--evaluate_metrics=frechet"]) == 2
    assert capsys.readouterr().err == (
        f"tfgan2: --evaluate_metrics=frechet measures by a network, but npz:{folder} has 30 images; a contrastive "
        "network needs 100. Measure them by pixels, or take more images.\n"
    )
    assert train.main([*ARGV, "--train_steps=1", f"--workdir={tmp_path / 'run'}", "--evaluate_metrics=fid"]) == 2
    assert "--evaluate_metrics=fid: 'fid' is none of classes, frechet, " in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.fixture(scope="module")
def measured(workdir, cache_with_digits):
    """What the run's own protocol says of it: its record, and what was printed."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setenv("TFGAN2_CACHE", str(cache_with_digits))
        assert evaluate.main([f"--workdir={workdir}"]) == 0
    lines = out.getvalue().splitlines()
    return json.loads(Path(lines[-1]).read_text()), lines


def test_how_it_was_measured(measured, workdir):
    record, lines = measured
    protocol = record["protocol"]
    assert lines[-1] == str(workdir / "evaluations" / "classifier-digits" / "2.json")
    assert (record["step"], record["seed"], record["flags"]["batch_size"]) == (2, 0, 4)
    assert (protocol["name"], protocol["dataset"], protocol["averaged"]) == ("classifier-digits", "digits", False)
    assert (protocol["generated"], protocol["real"], protocol["floor"], protocol["repeats"]) == (
        898,
        898,
        [898, 898],
        5,
    )
    assert record["class_names"] == [str(digit) for digit in range(10)] and len(record["class_counts"]) == 10
    assert protocol["extractor"] == "classifier-digits" and re.fullmatch("[0-9a-f]{64}", protocol["weights"])
    assert protocol["accuracy"] >= 0.97 and protocol["tested_on"] == 360


def test_the_floor_of_real_digits_is_far_below_a_generator_that_learned_nothing(measured):
    record, _ = measured
    values, real, spread = record["values"], record["real_values"], record["real_spread"]
    assert set(values) == set(record["spread"]) == {*real, "ssim", "class_agreement"} and set(real) == set(spread)
    assert 0 <= values["class_agreement"] <= 1
    assert -1 <= values["ssim"] < 0.5  # GN-GAN has an encoder
    assert sum(record["class_counts"]) == 5 * 898 and len(record["class_counts"]) == 10
    assert real["modes_covered"] == 10 and values["modes_covered"] < 10
    assert real["reverse_kl_nats"] < 0.007 < values["reverse_kl_nats"]
    assert 0 < spread["fd-classifier-digits"] < real["fd-classifier-digits"] < values["fd-classifier-digits"] / 10
    assert spread["modes_covered"] == 0


def test_what_is_printed_of_a_measurement(measured):
    record, (title, columns, *rows, modes, accuracy, counts, repeats, _) = measured
    assert (title, columns.split()) == ("classifier-digits, step 2, raw weights", ["generated", "real", "data"])
    name, *cells = rows[list(record["values"]).index("fd-classifier-digits")].split()
    assert name == "fd-classifier-digits" and cells[1] == cells[4] == "±"
    expected = [record[kind][name] for kind in ("values", "spread", "real_values", "real_spread")]
    assert [float(cell) for cell in cells if cell != "±"] == pytest.approx(expected, rel=0.05)
    assert modes == (
        "modes_covered: classes with at least 8 of 898 samples by the classifier; modes_hit: classes with any sample; "
        "both can grow with the number of samples"
    )
    share = 100 * record["protocol"]["accuracy"]
    assert accuracy == f"classifier-digits: accuracy {share:.1f} % on 360 held-out images"
    assert counts == "generated: 898 against 898 real ones; real data: 898 against 898"
    assert repeats == "±: standard deviation over 5 repeats"


def test_a_file_of_the_same_samples(cache_with_digits, measured, workdir, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TFGAN2_CACHE", str(cache_with_digits))
    path = tmp_path / "samples.npz"
    assert sample.main([f"--workdir={workdir}", f"--output={path}", "--count=4490"]) == 0
    assert evaluate.main([f"--samples={path}", "--protocol=classifier-digits"]) == 0
    record = json.loads((tmp_path / "samples.classifier-digits.json").read_text())
    of_encoder = ("ssim", "class_agreement")  # which a file has not
    of_run = {name: value for name, value in measured[0]["values"].items() if name not in of_encoder}
    assert record["values"] == pytest.approx(of_run, rel=1e-4)
    capsys.readouterr()
    other = workdir / "evaluations" / "classifier-digits" / "2.json"
    assert evaluate.main([f"--compare={tmp_path / 'samples.classifier-digits.json'},{other}"]) == 0
    columns, *rows = capsys.readouterr().out.splitlines()
    assert columns.split() == [str(path), str(workdir)]
    assert {tuple(row.split()[:2]) for row in rows} >= {(name, "-") for name in of_encoder}


@pytest.mark.parametrize(
    ("images", "protocol", "message"),
    [
        (
            np.zeros((10, 8, 8, 1), np.uint8),
            "classifier-digits",
            "holds 10 samples; classifier-digits takes 4,490. Give as many, or choose another --protocol: "
            "classifier-1k takes 1,000, classifier-halves takes 8,980, contrastive-1k takes 1,000, contrastive-halves "
            "takes 8,980, pixels-1k takes 1,000, pixels-halves takes 8,980, rumi-classifier-10k takes 10,000, "
            "rumi-classifier-1k takes 1,000.",
        ),
        (
            np.full((4490, 8, 8, 1), -0.5),
            "classifier-digits",
            "holds images of float64 from -0.5 to -0.5; give them as uint8 or in [0, 1], or say what they are by "
            "--samples_range=unit, symmetric ([-1, 1]) or levels ([0, 255]).",
        ),
    ],
)
def test_files_that_cannot_be_measured(images, protocol, message, tmp_path, capsys):
    path = tmp_path / "samples.npz"
    np.savez(path, samples=images)
    assert evaluate.main([f"--samples={path}", f"--protocol={protocol}"]) == 2
    assert capsys.readouterr().err == f"tfgan2: {path} {message}\n"


def test_a_file_beside_a_dataset(cache_with_digits, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("TFGAN2_CACHE", str(cache_with_digits))
    digits = load_images("digits")
    np.savez(tmp_path / "samples.npz", samples=digits.samples[:1000])
    argv = [f"--samples={tmp_path / 'samples.npz'}", "--dataset=digits"]
    assert evaluate.main([*argv, "--protocol=pixels-1k"]) == 0
    record = json.loads((tmp_path / "samples.pixels-1k.json").read_text())
    assert record["protocol"]["dataset"] == "digits" and record["values"]["precision"] > 0.9
    # Training images, but for those that count as held out.
    assert 0.4 < record["values"]["duplicates"] < 0.7 and record["real_values"]["duplicates"] < 0.02
    # Half of the classes is to be left out; what a classifier of them all takes the samples for.
    assert evaluate.main([*argv, "--protocol=classifier-1k", "--negative_classes=9,8,7,7"]) == 0
    record = json.loads((tmp_path / "samples.classifier-1k.json").read_text())
    assert record["protocol"]["negative_classes"] == [7, 8, 9]
    assert record["values"]["negative_share"] == pytest.approx(
        np.isin(digits.labels[:1000], [7, 8, 9]).mean(), abs=0.01
    )
    assert record["values"]["modes_covered"] == 7 and record["real_values"]["negative_share"] < 0.01
    capsys.readouterr()


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("", "--samples needs their reference, a --dataset, or a --protocol; choose one of grid25-2k, "),
        (
            "--protocol=classifier-10k",
            "classifier-10k needs to know the real data; name them by --dataset beside --sam",
        ),
        ("--protocol=modes-2k", "modes-2k needs to know the modes; name the data by --dataset beside --samples."),
        ("--dataset=digits --protocol=grid25-2k", "the protocol grid25-2k is for grid25, and the data are digits."),
        (
            "--dataset=digits --data.std=1",
            "--data.std belongs to the dataset grid25 or ring8 or ring10 or ring16 or modes1d or",
        ),
        ("--dataset=grid25 --data.std=-1", "--data.std is -1; it must be above 0, or None."),
        ("--dataset=digit", "--dataset=digit is unknown; did you mean digits?"),
        (
            "--dataset=grid25 --negative_classes=1",
            "--negative_classes are classes of images, and grid25-2k measures po",
        ),
        (
            "--dataset=digits --negative_classes=1,10",
            "--negative_classes is 10; it must be made of classes of digits: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
        ),
        (
            "--dataset=digits --negative_classes=-1",
            "--negative_classes is -1; it must be made of classes of digits: 0, 1, 2, 3, ",
        ),
    ],
)
def test_files_beside_data_that_do_not_do(flags, message, tmp_path, capsys):
    np.savez(tmp_path / "samples.npz", samples=np.zeros((4490, 8, 8, 1), np.uint8))
    assert evaluate.main([f"--samples={tmp_path / 'samples.npz'}", *flags.split()]) == 2
    assert capsys.readouterr().err.startswith(f"tfgan2: {message}")


def test_negative_classes_of_the_run_itself(cache_with_digits, workdir, monkeypatch, capsys):
    def wanted(run):
        return Part(run.data, np.flatnonzero(run.data.labels != 3))

    monkeypatch.setattr(restore.TrainedRun, "wanted", property(wanted))
    monkeypatch.setenv("TFGAN2_CACHE", str(cache_with_digits))
    assert evaluate.main([f"--workdir={workdir}", "--protocol=classifier-1k"]) == 0
    record = json.loads(Path(capsys.readouterr().out.splitlines()[-1]).read_text())
    assert record["protocol"]["negative_classes"] == [3] and 0 <= record["values"]["negative_share"] <= 1


def test_few_images_are_measured_in_halves(tmp_path, capsys):
    digits = load_images("digits")
    np.savez(tmp_path / "real.npz", images=digits.samples[:40])
    np.savez(tmp_path / "samples.npz", samples=digits.samples[40:240])
    assert evaluate.main([f"--samples={tmp_path / 'samples.npz'}", f"--dataset=npz:{tmp_path / 'real.npz'}"]) == 0
    title, _, *rows, counts, worth, repeats, path = capsys.readouterr().out.splitlines()
    assert title.startswith("pixels-halves, ") and rows[0].split()[0] == "kd-pixels" and rows[0].count("±") == 2
    assert counts == "generated: 20 against 20 real ones; real data: 20 against 20"
    assert worth == (
        "this number of real samples reveals noise, copies and a single mode; a difference below 2 ± is not significant"
    )
    assert repeats == "±: standard deviation over 10 repeats"
    assert json.loads(Path(path).read_text())["protocol"]["repeats"] == 10


def test_protocols_that_do_not_fit(workdir, capsys):
    assert evaluate.main([f"--workdir={workdir}", "--protocol=grid25-2k"]) == 2
    assert evaluate.main([f"--workdir={workdir}", "--protocol=classifier-10k"]) == 2
    assert evaluate.main([f"--workdir={workdir}", "--protocol=p2gan-50k", "--inception_path=nowhere"]) == 2
    *lines, nowhere = capsys.readouterr().err.splitlines()
    assert nowhere.startswith("tfgan2: --inception_path=nowhere does not exist; fetch https://")
    assert evaluate.main([f"--workdir={workdir}", "--protocol=p2gan-50k"]) == 2
    (fid,) = capsys.readouterr().err.splitlines()
    assert fid.startswith("tfgan2: FID needs the Inception network of 2015, which is not part of this program: fetch ")
    assert lines == [
        "tfgan2: the protocol grid25-2k is for grid25, and the data are digits. Choose one of classifier-digits, "
        "classifier-1k, classifier-halves, contrastive-1k, contrastive-halves, pixels-1k, pixels-halves, "
        "rumi-classifier-10k, rumi-classifier-1k, or leave --protocol out.",
        "tfgan2: digits has 1,797 images, and classifier-10k compares with 10,000; choose another protocol, or take "
        "more images.",
    ]
