"""tfgan2.sample with an encoder: latents, reconstructions and rows between samples, of points and of images."""

import re

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import tfgan2
from tfgan2 import train
from tfgan2.data.images import load_images

IMAGES = (
    *("--method=logan", "--dataset=digits", "--network=logan_cnn", "--network.width_multiplier=0.05"),
    *("--network.latent_dim=3", "--batch_size=4", "--steps_per_execution=1", "--log_every=0", "--sample_every=0"),
    *("--evaluate_every=0", "--jit=off", "--train_steps=2", "--ema_decay=0.9"),
)
UNSEEN = ("--sample_every=0", "--evaluate_every=0")


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """Workdir of LOGAN after two steps on digits."""
    folder = tmp_path_factory.mktemp("images")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TFGAN2_CACHE", str(folder / "cache"))
        assert train.main([*IMAGES, f"--workdir={folder / 'run'}"]) == 0
        yield folder / "run"


@pytest.fixture
def ask(call, tmp_path):
    """(workdir, task, flags) -> the array that the command writes."""

    def ask(workdir, task, *flags):
        output = tmp_path / f"{task}.npz"
        ended = call("sample", f"--workdir={workdir}", f"--task={task}", f"--output={output}", *flags)
        assert (ended.code, ended.out, ended.err) == (0, f"{output}\n", "")
        with np.load(output, allow_pickle=False) as arrays:
            assert arrays.files == ["latents" if task == "encode" else "samples"]
            return arrays[arrays.files[0]]

    return ask


def test_points(trained, ask, tmp_path):
    run = tfgan2.load(trained.workdir)
    points = run.data.samples[:6]
    np.savez(tmp_path / "points.npz", samples=points)
    given = f"--samples={tmp_path / 'points.npz'}"
    latents = ask(trained.workdir, "encode", given)
    assert latents.shape == (6, 2) and latents.dtype == np.float32
    with run.model.averaged():
        np.testing.assert_allclose(latents, run.model.encode(run.scaling.to_network(points)), rtol=1e-5, atol=1e-6)
        expected = run.scaling.to_data(run.model.generate(latents))
    reconstructions = ask(trained.workdir, "reconstruct", given)
    np.testing.assert_allclose(reconstructions, expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(run.reconstruct(points), reconstructions)
    raw = ask(trained.workdir, "reconstruct", given, "--averaged=false")
    assert np.abs(raw - reconstructions).max() > 1e-4
    rows = ask(trained.workdir, "interpolate", given, "--between=5")
    assert rows.shape == (3, 5, 2)
    np.testing.assert_allclose(rows[:, 0], reconstructions[::2], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(rows[:, -1], reconstructions[1::2], rtol=1e-5, atol=1e-5)
    middle = run.decode(np.clip((latents[::2] + latents[1::2]) / 2, -1, 1))
    np.testing.assert_allclose(rows[:, 2], middle, rtol=1e-4, atol=1e-4)


def test_images(images, ask, tmp_path):
    run = tfgan2.load(images)
    originals = run.data.samples[:70]  # more than are made at once
    np.savez(tmp_path / "digits.npz", samples=originals)
    given = f"--samples={tmp_path / 'digits.npz'}"
    latents = ask(images, "encode", given)
    assert latents.shape == (70, 3) and np.abs(latents).max() <= 1
    reconstructions = ask(images, "reconstruct", given)
    assert reconstructions.shape == originals.shape and reconstructions.dtype == np.uint8
    np.testing.assert_array_equal(ask(images, "reconstruct", f"--latents={tmp_path / 'encode.npz'}"), reconstructions)
    # As floating point numbers the images are the same.
    np.testing.assert_allclose(run.encode(originals / 255.0), latents, rtol=1e-5, atol=1e-6)
    rows = ask(images, "interpolate", given)
    assert rows.shape == (35, 8, 8, 8, 1)
    np.testing.assert_allclose(rows[:, 0].astype(int), reconstructions[::2], atol=1)


def test_a_folder_of_images_is_resized_as_the_data_of_the_run(images, ask, tmp_path):
    (tmp_path / "folder").mkdir()
    for number, size in enumerate([(8, 8), (12, 10)]):
        pixels = np.random.default_rng(number).integers(0, 256, size[::-1]).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / "folder" / f"{number}.png")
    latents = ask(images, "encode", f"--samples={tmp_path / 'folder'}")
    run = tfgan2.load(images)
    originals = load_images(f"folder:{tmp_path / 'folder'}", image_size=8).samples
    np.testing.assert_allclose(latents, run.encode(originals), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("distribution", ["uniform", "normal", "bimodal"])
def test_what_a_run_encodes_it_decodes(distribution, call, fast, tmp_path):
    flags = (f"--logan.prior={distribution}", "--logan.gradient_penalty=none", "--train_steps=2", "--export_at_end")
    workdir = tmp_path / "run"
    ended = call("train", "--method=logan", *fast, *UNSEEN, *flags, f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    points = (3 * np.random.default_rng(0).normal(size=(20, 2))).astype(np.float32)
    np.savez(tmp_path / "points.npz", samples=points)
    samples, latents = (
        f"--{name}={tmp_path / f'{file}.npz'}" for name, file in (("samples", "points"), ("latents", "l"))
    )
    outside = np.full((20, 2), 2.0, np.float32)
    np.savez(tmp_path / "l.npz", latents=outside)
    ended = call("sample", f"--workdir={workdir}", "--task=reconstruct", latents, f"--output={tmp_path / 'x.npz'}")
    assert ended.code == 0
    assert (
        ended.err == ""
        if distribution == "normal"
        else ended.err.startswith("tfgan2: warning: 40 of 40 latent numbers lie ")
    )
    served = tf.saved_model.load(str(workdir / "export" / "1")).signatures["serving_default"]
    np.testing.assert_allclose(
        served(latents=tf.constant(outside))["samples"], np.load(tmp_path / "x.npz")["samples"], rtol=1e-5, atol=1e-5
    )
    for task, given in (("encode", samples), ("reconstruct", samples)):
        ended = call("sample", f"--workdir={workdir}", f"--task={task}", given, f"--output={tmp_path / task}.npz")
        assert ended.code == 0
    given = f"--latents={tmp_path / 'encode.npz'}"
    ended = call("sample", f"--workdir={workdir}", "--task=reconstruct", given, f"--output={tmp_path / 'again'}.npz")
    assert ended.code == 0
    again, once = (np.load(tmp_path / f"{name}.npz")["samples"] for name in ("again", "reconstruct"))
    np.testing.assert_array_equal(again, once)


def test_samples_of_the_data(images, ask):
    first, again, other = (ask(images, "encode", "--count=5", f"--seed={seed}") for seed in (1, 1, 2))
    assert first.shape == (5, 3)
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-4


def test_pictures(images, trained, call, tmp_path):
    sizes = {}
    for workdir, kind in ((images, "images"), (trained.workdir, "points")):
        for task in ("reconstruct", "interpolate"):
            output = tmp_path / f"{kind}_{task}.png"
            argv = (f"--workdir={workdir}", f"--task={task}", "--count=10", f"--output={output}")
            assert call("sample", *argv).code == 0
            with Image.open(output) as picture:
                sizes[kind, task] = picture.size
    # Rows of 8 and of 2, each with its reconstructions; 5 rows of 8 between two originals. Pixels are 8 wide, gaps 2.
    assert sizes["images", "reconstruct"] == (8 * 66 - 2, 4 * 66 - 2)
    assert sizes["images", "interpolate"] == (10 * 66 - 2, 5 * 66 - 2)
    assert min(sizes["points", "reconstruct"]) > 300 and min(sizes["points", "interpolate"]) > 300


@pytest.mark.parametrize(
    ("arrays", "flags", "message"),
    [
        (
            {"samples": np.zeros((2, 28, 28, 1), np.uint8)},
            ("--task=encode", "--samples=FILE"),
            "--task=encode --samples=FILE: samples have the shape [28, 28, 1]; the encoder takes [8, 8, 1].",
        ),
        (
            {"samples": np.zeros((2, 2))},
            ("--task=reconstruct", "--samples=FILE"),
            "--task=reconstruct --samples=FILE: samples have the shape [2]; the encoder takes [8, 8, 1].",
        ),
        (
            {"latents": np.full((2, 3), 1e39)},
            ("--task=reconstruct", "--latents=FILE"),
            "--task=reconstruct --latents=FILE: latents have inf in row 0; give finite numbers of float32.",
        ),
        (
            {"latents": np.zeros((2, 4))},
            ("--task=reconstruct", "--latents=FILE"),
            "--task=reconstruct --latents=FILE: latents have the shape [2, 4]; the generator takes [count, 3].",
        ),
        (
            {"samples": np.zeros((3, 8, 8, 1), np.uint8)},
            ("--task=interpolate", "--samples=FILE"),
            "--task=interpolate takes pairs of samples, and there are 3; leave out the last one",
        ),
        (
            {"samples": np.zeros((1, 8, 8, 1), np.uint8)},
            ("--task=interpolate", "--samples=FILE"),
            "--task=interpolate takes pairs of samples, and there are 1; give two or more",
        ),
        (
            {"samples": np.full((2, 8, 8, 1), 256)},
            ("--task=encode", "--samples=FILE"),
            "FILE holds images of int64 from 256 to 256; give them as uint8 or in [0, 1], or say what they are by ",
        ),
        (
            {"samples": np.full((2, 8, 8, 1), -0.5)},
            ("--task=reconstruct", "--samples=FILE"),
            "FILE holds images of float64 from -0.5 to -0.5; give them as uint8 or in [0, 1], or say",
        ),
        (
            {"digits": np.zeros(3)},
            ("--task=encode", "--samples=FILE"),
            "FILE holds digits of type float64 and shape [3]; give finite real numbers",
        ),
        (
            {"samples": np.array([[[["a"]]]])},
            ("--task=encode", "--samples=FILE"),
            "FILE holds samples of type <U1 and shape [1, 1, 1, 1]; give finite real numbers",
        ),
        (
            {},
            ("--task=encode", "--output=x.png"),
            "--output is x.png; it must be a file that ends in .npz for latents, because latents are not a picture.",
        ),
        (
            {},
            ("--samples=FILE",),
            "--samples is FILE; it must be left out with --task=generate. Try --task=reconstruct.",
        ),
        (
            {},
            ("--task=encode", "--latents=FILE"),
            "--latents is FILE; it must be left out with --task=encode. Try --task=reconstruct.",
        ),
        (
            {},
            ("--task=reconstruct", "--latents=FILE", "--samples=FILE"),
            "--latents is FILE; it must be left out with --samples. Leave one of them out.",
        ),
        (
            {},
            ("--task=encode", "--choice=1"),
            "--choice is 1; it must be left out with --task=encode. Try --task=generate.",
        ),
        ({}, ("--task=interpolate", "--between=1"), "--between is 1; it must be in [2, 4096]."),
    ],
)
def test_bad_input(images, call, tmp_path, arrays, flags, message):
    np.savez(tmp_path / "file.npz", **arrays)
    file = str(tmp_path / "file.npz")
    argv = [f"--workdir={images}", f"--output={tmp_path / 'x.npz'}", *(flag.replace("FILE", file) for flag in flags)]
    ended = call("sample", *argv)
    assert ended.code == 2
    assert message.replace("FILE", file) in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["file.npz"]


def test_python_errors(images):
    run = tfgan2.load(images)
    digits = run.data.samples[:3]
    with pytest.raises(ValueError, match=r"^first has 3 samples and second has 2; they must have the same number\.$"):
        run.interpolate(digits, digits[:2], 4)
    with pytest.raises(ValueError, match=r"^count is 1; it must be at least 2, the two ends of a row\.$"):
        run.interpolate(digits, digits, 1)
    with pytest.raises(ValueError, match=r"^images are float64 from nan to nan; give them as uint8, or as floating "):
        run.encode(np.full((2, 8, 8, 1), np.nan))


def test_points_that_are_no_numbers(trained):
    with pytest.raises(ValueError, match=r"^samples are not all finite numbers; leave out what is not\.$"):
        tfgan2.load(trained.workdir).encode(np.array([[0.5, np.inf]]))


def test_a_model_without_an_encoder(call, fast, tmp_path):
    argv = ("--method=logan", "--logan.bidirectional=false", "--logan.gradient_penalty=none", "--train_steps=2")
    assert call("train", *fast, *UNSEEN, *argv, f"--workdir={tmp_path / 'run'}").code == 0
    for task in ("encode", "reconstruct", "interpolate"):
        ended = call("sample", f"--workdir={tmp_path / 'run'}", f"--task={task}", f"--output={tmp_path / 'x.npz'}")
        assert ended.code == 2
        assert f"--task={task}: LOGAN was built without an encoder; it cannot encode samples." in ended.err
    np.savez(tmp_path / "latents.npz", latents=np.zeros((3, 2)))
    argv = (f"--latents={tmp_path / 'latents.npz'}", "--task=reconstruct", f"--output={tmp_path / 'x.npz'}")
    assert call("sample", f"--workdir={tmp_path / 'run'}", *argv).code == 0


def test_samples_that_are_chosen_have_more_than_latents(call, fast, tmp_path):
    argv = ("--method=p2gan", "--p2gan.num_generators=2", "--p2gan.push_weight=0.3", "--train_steps=2")
    assert call("train", *fast, *UNSEEN, *argv, f"--workdir={tmp_path / 'run'}").code == 0
    run = tfgan2.load(tmp_path / "run")
    with pytest.raises(ValueError, match=re.escape("samples of P2GAN have a generator beside latents.")):
        run.decode(np.zeros((3, 2)))
