"""tfgan2.sample: rows that do not depend on how many are drawn, and files that hold them."""

import io
import itertools
import json

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import tfgan2


@pytest.fixture
def sample(trained, call, tmp_path):
    """(flags) -> the samples of the .npz that the command writes."""

    def sample(*flags):
        ended = call("sample", f"--workdir={trained.workdir}", f"--output={tmp_path / 'new' / 'x.npz'}", *flags)
        assert (ended.code, ended.out, ended.err) == (0, f"{tmp_path / 'new' / 'x.npz'}\n", "")
        with np.load(tmp_path / "new" / "x.npz", allow_pickle=False) as arrays:
            assert arrays.files == ["samples"]
            return arrays["samples"]

    return sample


def test_row_i_depends_on_seed_and_i_alone(sample):
    many = sample("--count=1500", "--seed=5")
    assert many.shape == (1500, 2) and many.dtype == np.float32
    for count in (1, 10, 1025):
        np.testing.assert_array_equal(sample(f"--count={count}", "--seed=5"), many[:count])
    assert np.abs(sample("--count=10", "--seed=6") - many[:10]).max() > 1e-3
    # Neither are the blocks that are generated together alike.
    assert np.abs(many[1024:] - many[:476]).max() > 1e-3


def test_data_units(sample, trained):
    # GN-GAN's networks see the grid as [0, 1]: a sigmoid reaches from -M to M, M the largest coordinate of the data.
    samples = sample("--count=1000")
    largest = np.abs(tfgan2.load(trained.workdir).data.samples).max()
    assert 4.0 < largest < 4.4
    assert 0.1 < np.abs(samples).max() <= largest


def test_equals_the_export(sample, trained):
    samples = sample("--count=1500", "--seed=7")
    served = tf.saved_model.load(str(trained.workdir / "export" / "1"))
    generate = served.signatures["generate"]
    outputs = generate(count=tf.constant(1500, tf.int64), seed=tf.constant(7, tf.int64))
    np.testing.assert_allclose(outputs["samples"], samples, rtol=1e-6, atol=1e-6)


def test_equals_the_python_interface(sample, trained):
    np.testing.assert_array_equal(sample("--count=20", "--seed=2"), tfgan2.load(trained.workdir).sample(20, seed=2))


def test_truncated_latents(sample, trained, call, tmp_path):
    run, half = tfgan2.load(trained.workdir), tfgan2.load(trained.workdir, truncation=0.5)
    np.testing.assert_array_equal(half.model.latents(3, 20), 0.5 * run.model.latents(3, 20))
    samples = sample("--count=20", "--seed=3", "--truncation=0.5")
    np.testing.assert_array_equal(samples, half.sample(20, seed=3))
    assert np.abs(samples - run.sample(20, seed=3)).max() > 1e-3
    ended = call("export", f"--workdir={trained.workdir}", f"--output={tmp_path / 'served'}", "--truncation=0.5")
    assert ended.code == 0
    served = tf.saved_model.load(str(tmp_path / "served" / "1"))
    outputs = served.signatures["generate"](count=tf.constant(20, tf.int64), seed=tf.constant(3, tf.int64))
    np.testing.assert_allclose(outputs["samples"], samples, rtol=1e-6, atol=1e-6)
    assert json.loads((tmp_path / "served/1/assets.extra/tfgan2.json").read_text())["truncation"] == 0.5


def test_averaged_or_raw_weights_of_a_step(sample, trained):
    choices = itertools.product((20, 45), (True, False))
    kept = {(step, raw): sample(f"--step={step}", f"--averaged={not raw}") for step, raw in choices}
    values = list(kept.values())
    for index, one in enumerate(values):
        assert one.shape == (2000, 2)
        for other in values[:index]:
            assert np.abs(one - other).max() > 1e-4
    loaded = tfgan2.load(trained.workdir, step=20)
    np.testing.assert_array_equal(kept[20, True], loaded.sample(2000, averaged=False))


def test_a_picture(trained, call, tmp_path):
    for count in ("1", "500"):
        ended = call("sample", f"--workdir={trained.workdir}", f"--count={count}", f"--output={tmp_path / count}.png")
        assert (ended.code, ended.out) == (0, f"{tmp_path / count}.png\n")
    one, many = (np.asarray(Image.open(tmp_path / f"{count}.png").convert("RGB")) for count in ("1", "500"))
    assert one.shape == many.shape and min(one.shape[:2]) > 300
    assert np.any(one != many)
    assert len(np.unique(many.reshape(-1, 3), axis=0)) > 20
    picture = Image.open(io.BytesIO((tmp_path / "500.png").read_bytes()))
    picture.verify()
    assert picture.format == "PNG"


def test_more_than_the_memory_holds(trained, call, tmp_path, monkeypatch):
    monkeypatch.setattr("tfgan2.sample._LARGEST_BYTES", 800)
    ended = call("sample", f"--workdir={trained.workdir}", "--count=101", f"--output={tmp_path / 'x.npz'}")
    assert (ended.code, ended.err) == (
        2,
        "tfgan2: --count is 101; it must be at most 100. Draw more with another --seed each time.\n",
    )


def test_points_are_no_images(trained, call, tmp_path):
    ended = call("sample", f"--workdir={trained.workdir}", f"--output={tmp_path / 'folder'}/")
    assert ended.code == 2 and ended.err.endswith(
        "folder is a folder, but points are not images. Name a .png or .npz file.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_leaves_the_run_alone(trained, call, tree, tmp_path):
    before = tree(trained.workdir)
    assert call("sample", f"--workdir={trained.workdir}", f"--output={tmp_path / 'x.npz'}").code == 0
    assert tree(trained.workdir) == before
    assert [path.name for path in tmp_path.iterdir()] == ["x.npz"]
