"""Images with opacity from files to files: training, samples, evaluation and export."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfgan2.data.images import load_images

ARGV = (
    *("--method=standard_gan", "--network=mlp", "--network.output_activation=tanh", "--network.hidden_units=8"),
    *("--batch_size=4", "--steps_per_execution=1", "--sample_every=1", "--evaluate_every=0", "--train_steps=1"),
    *("--jit=off", "--data.alpha=true", "--data.background=navy"),
)
CLAUSE = (
    "12 of 12 images have transparent pixels. The fourth channel is the opacity. Fully transparent pixels have the "
    "colour --data.background=navy."
)


@pytest.fixture(scope="module")
def root(call, tmp_path_factory):
    """A folder `data` with 12 images, and a run on it."""
    root = tmp_path_factory.mktemp("opacity")
    (root / "data").mkdir()
    for number, pixels in enumerate(np.random.default_rng(0).integers(0, 256, (12, 8, 8, 4), np.uint8)):
        pixels[:2, :, 3] = 0
        Image.fromarray(pixels).save(root / "data" / f"{number}.png")
    ended = call("train", *ARGV, f"--dataset=folder:{root / 'data'}", f"--workdir={root / 'run'}")
    assert ended.code == 0, ended.err
    assert f"folder:{root / 'data'}: {CLAUSE}\n" in ended.err
    return root


def test_what_a_dry_run_shows(call, root, tmp_path):
    ended = call("train", *ARGV, f"--dataset=folder:{root / 'data'}", f"--workdir={tmp_path}", "--dry_run")
    lines = ended.out.splitlines()
    at = lines.index(f"data: folder:{root / 'data'}, 12 images of 8 x 8 pixels and 4 channels")
    assert lines[at + 1] == f"  {CLAUSE}"
    assert "  the networks see the colours over the background, and the opacity" in lines


def test_samples_are_png_files_with_opacity(call, root, tmp_path):
    sample = ("sample", f"--workdir={root / 'run'}", "--count=12")
    for output in ("images", "x.npz", "x.png"):
        assert call(*sample, f"--output={tmp_path / output}").code == 0
    with np.load(tmp_path / "x.npz") as arrays:
        samples = arrays["samples"]
    assert samples.shape == (12, 8, 8, 4) and samples.dtype == np.uint8
    images = [Image.open(tmp_path / "images" / f"{number:02d}.png") for number in range(12)]
    assert {image.mode for image in images} == {"RGBA"}
    np.testing.assert_array_equal([np.asarray(image) for image in images], samples)
    back = load_images(f"folder:{tmp_path / 'images'}", alpha=True, background="navy").samples
    np.testing.assert_array_equal(back, samples)  # also where nothing shows
    assert np.asarray(Image.open(tmp_path / "x.png")).shape[2] == 3  # over a checkerboard


def test_an_evaluation_does_not_depend_on_hidden_colours(call, root, tmp_path):
    samples = np.stack([np.asarray(Image.open(root / "data" / f"{number}.png")) for number in range(6)])
    values = []
    for colour in (0, 255):
        samples[samples[..., 3] == 0] = (colour, colour, colour, 0)
        np.savez(tmp_path / "x.npz", samples=np.tile(samples, (10, 1, 1, 1)))
        argv = (f"--samples={tmp_path / 'x.npz'}", f"--dataset=folder:{root / 'data'}", "--protocol=pixels-halves")
        ended = call("evaluate", *argv, "--data.alpha=true", "--data.background=navy")
        assert ended.code == 0, ended.err
        values.append(ended.out)
    assert values[0] == values[1]


def test_an_export_generates_files_as_they_are_read(call, root, tmp_path):
    assert call("export", f"--workdir={root / 'run'}", f"--output={tmp_path}").code == 0
    generate = tf.saved_model.load(str(tmp_path / "1")).signatures["generate"]
    samples = generate(count=tf.constant(5, tf.int64), seed=tf.constant(0, tf.int64))["samples"].numpy()
    assert samples.shape == (5, 8, 8, 4) and samples.dtype == np.uint8
    call("sample", f"--workdir={root / 'run'}", "--count=5", f"--output={tmp_path / 'x.npz'}")
    with np.load(tmp_path / "x.npz") as arrays:
        assert np.abs(arrays["samples"].astype(int) - samples).max() <= 1
