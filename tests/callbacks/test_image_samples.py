"""Pictures of generated images: their grids, their files, and the picture of the evolution."""

import contextlib
import io

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfgan2.callbacks import image_samples
from tfgan2.callbacks.image_samples import ImageSamples
from tfgan2.data.images import ImageSet
from tfgan2.data.scaling import Scaling

SYMMETRIC = Scaling(0.5, 0.5)
REAL = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), dtype=np.uint8)
DIGITS = ImageSet("digits", REAL, None, ())


class ImageGame:
    """Generates one grey level per latent with averaged weights, and white otherwise. Reconstructs negatives."""

    def __init__(self, *, encoder, global_step=0):
        self.global_step = global_step
        self.stop_training = False
        self.phase = "train"
        self.networks = {"generator": None} | ({"encoder": None} if encoder else {})
        self._is_averaged = False

    def check_finite(self):
        """All numbers are finite."""

    @contextlib.contextmanager
    def averaged(self):
        self._is_averaged = True
        yield self
        self._is_averaged = False

    def latents(self, seed, count, choice=()):
        return tf.range(seed, seed + count)

    def generate(self, latents):
        levels = tf.cast(latents, tf.float32) / 127.5 - 1.0 if self._is_averaged else tf.ones(latents.shape[0])
        return tf.broadcast_to(levels[:, None, None, None], [latents.shape[0], 8, 8, 1])

    def reconstruct(self, samples):
        return -samples if self._is_averaged else samples

    def play(self, callback, steps):
        callbacks = keras.callbacks.CallbackList([callback], model=self)
        callbacks.on_train_begin()
        for count in steps:
            self.global_step += count
            callbacks.on_train_batch_end(self.global_step, {})
        callbacks.on_train_end()


@pytest.fixture
def shown(monkeypatch):
    """Records each grid as a pair (images, columns)."""
    calls = []
    original = image_samples.grid
    monkeypatch.setattr(image_samples, "grid", lambda *given: calls.append(given) or original(*given))
    return calls


def pictures(folder, **options):
    return ImageSamples(folder, DIGITS, SYMMETRIC, every=10, count=20, **options)


def pixels(path):
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        return np.asarray(image)


def test_real_images_beside_generated_ones(tmp_path, shown):
    ImageGame(encoder=False).play(pictures(tmp_path, seed=3), [10])
    (real, _), (fake, _) = shown[:2]
    assert real.shape == fake.shape == (20, 8, 8, 1)
    rows = {row.tobytes() for row in REAL}
    assert len({image.tobytes() for image in real} & rows) == 20
    assert fake.dtype == np.uint8 and fake[:, 0, 0, 0].tolist() == list(range(3, 23))
    assert len(shown) == 4  # Two grids per picture.


def test_reconstructions_below_their_originals(tmp_path, shown):
    ImageGame(encoder=True).play(pictures(tmp_path), [10])
    (real, _), _, (pairs, columns) = shown[:3]
    assert columns == 8 and pairs.shape == (16, 8, 8, 1)
    np.testing.assert_array_equal(pairs[:8], real[:8])
    np.testing.assert_array_equal(pairs[8:], 255 - real[:8])


def test_files_and_board(tmp_path, board):
    ImageGame(encoder=True).play(pictures(tmp_path, board=board), [10, 5])
    steps = [0, 10, 15]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["evolution.png", *(f"step_{step:07d}.{end}" for step in steps for end in ("npz", "png"))]
    )
    assert [shown[:2] for shown in board.images] == [*((step, "samples") for step in steps), (15, "evolution")]
    names = [*(f"step_{step:07d}" for step in steps), "evolution"]
    for (_, _, picture), name in zip(board.images, names, strict=True):
        np.testing.assert_array_equal(pixels(tmp_path / f"{name}.png"), picture, err_msg=name)
    with np.load(tmp_path / "step_0000010.npz", allow_pickle=False) as archive:
        assert archive["images"].dtype == np.uint8
        assert archive["images"][:, 0, 0, 0].tolist() == list(range(8))


def test_evolution_spans_a_resume(tmp_path, monkeypatch):
    filmed = []
    monkeypatch.setattr(image_samples, "film", lambda frames: filmed.append(frames) or np.zeros((2, 2, 3), np.uint8))
    ImageGame(encoder=False).play(pictures(tmp_path), [10, 10, 10])
    # The picture of step 30 is not from this run.
    ImageGame(encoder=False, global_step=20).play(pictures(tmp_path), [5])
    assert [title for title, _ in filmed[-1]] == ["step 0", "step 10", "step 20", "step 25"]
    assert filmed[-1][0][1].shape == (8, 8, 8, 1)


def test_fewer_real_images_than_places(tmp_path, shown):
    callback = ImageSamples(tmp_path, DIGITS.taken(np.arange(3)), SYMMETRIC, every=10)
    ImageGame(encoder=True).play(callback, [10])
    assert [len(images) for images, _ in shown[:3]] == [3, 64, 6]
