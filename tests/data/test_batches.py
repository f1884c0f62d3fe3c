"""Batches of points and of images in a network's range: pure functions of (seed, step)."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.batches import batches_of_parts, flipped, training_batches
from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part
from tfgan2.data.pipeline import batch_stream
from tfgan2.data.scaling import Scaling
from tfgan2.data.synthetic import grid25

IMAGES = np.random.default_rng(0).integers(0, 256, (60, 6, 5, 3), np.uint8)
POINTS = grid25(points_per_mode=4)


def image_set(images=IMAGES, **options):
    return ImageSet("images", images, None, (), **options)


def real(data, output_range="unit", steps=3, **options):
    options = {"batch_size": 16, "seed": 7} | options
    dataset = training_batches(data, data.scaling(output_range), **options)
    return np.stack([batch["real"].numpy() for batch in itertools.islice(dataset, steps)])


def uint8(values):
    return np.round(values * 255).astype(np.uint8)


def test_points():
    scaling = POINTS.scaling("unit")
    found = real(POINTS, steps=5)
    expected = [
        batch["real"].numpy()
        for batch in batch_stream({"real": scaling.to_network(POINTS.samples)}, batch_size=16, seed=7, last_step=5)
    ]
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.array(expected, np.float32))


@pytest.mark.parametrize(("output_range", "low"), [("unit", 0), ("raw", 0), ("symmetric", -1)])
def test_every_grey_level_has_its_value(output_range, low):
    levels = np.arange(256, dtype=np.uint8).reshape(256, 1, 1, 1)
    found = np.sort(real(image_set(levels), output_range, steps=1, batch_size=256).ravel())
    assert (found[0], found[-1]) == (low, 1)  # exactly
    np.testing.assert_allclose(found, np.linspace(low, 1, 256), rtol=0, atol=2e-7)


def test_an_epoch_has_every_image_once():
    found = real(image_set(), steps=4, batch_size=15).reshape(IMAGES.shape)
    assert {image.tobytes() for image in uint8(found)} == {image.tobytes() for image in IMAGES}


def test_images_with_opacity_lie_over_their_background():
    images = np.tile(np.random.default_rng(0).integers(0, 256, (1, 6, 5, 4), np.uint8), (16, 1, 1, 1))
    scaling = image_set(images, background="navy").scaling("symmetric")
    assert scaling.background == pytest.approx((0, 0, 128 / 255))
    seen = real(image_set(images, background="navy"), "symmetric", steps=1)[0]
    np.testing.assert_allclose(seen, scaling.to_network(images / np.float32(255)), atol=1e-6)
    opacity = images[..., 3:] / 255
    np.testing.assert_allclose((seen[..., :1] + 1) / 2, images[..., :1] / 255 * opacity, atol=1e-6)


@pytest.mark.parametrize("options", [{}, {"flip": True}, {"dequantize": True}, {"flip": True, "dequantize": True}])
def test_batches_depend_on_seed_and_step_only(options):
    data = image_set(**options)
    whole = real(data, steps=9)
    for first_step in (1, 6):
        np.testing.assert_array_equal(real(data, steps=9 - first_step, first_step=first_step), whole[first_step:])
    np.testing.assert_array_equal(real(data, steps=9, prefetch=1), whole)
    np.testing.assert_array_equal(real(data, steps=None, last_step=9), whole)
    assert not np.array_equal(real(data, steps=9, seed=8), whole)


def test_workers_share_the_batch():
    data = image_set(flip=True, dequantize=True)
    whole = real(data, steps=6)
    for count in (2, 4):
        parts = [real(data, steps=6, shard=(index, count)) for index in range(count)]
        np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)


def test_flips():
    mask = [True, False, False, True]
    found = flipped(tf.constant(IMAGES[:4]), tf.constant(mask)).numpy()
    for image, original, mirrored in zip(found, IMAGES, mask, strict=False):
        np.testing.assert_array_equal(image, original[:, ::-1] if mirrored else original)
    for everything in (True, False):
        found = flipped(tf.constant(IMAGES[:4]), tf.fill([4], everything))
        np.testing.assert_array_equal(found, IMAGES[:4, :, ::-1] if everything else IMAGES[:4])


def test_half_of_the_images_are_mirrored_in_every_epoch_anew():
    plain, varied = (uint8(real(image_set(flip=flip), steps=200, batch_size=30)) for flip in (False, True))
    mirrored = (varied == plain[:, :, :, ::-1]).all(axis=(2, 3, 4))
    assert (mirrored | (varied == plain).all(axis=(2, 3, 4))).all()
    # 6,000 draws: the standard error of their mean is .0065. Neither images nor rows of the batch have a side.
    assert mirrored.mean() == pytest.approx(0.5, abs=0.03)
    assert mirrored.mean(axis=0).min() > 0.3 and mirrored.mean(axis=0).max() < 0.7  # 200 draws: .035
    of_first = mirrored[(plain == IMAGES[0]).all(axis=(2, 3, 4))]
    assert len(of_first) == 100 and 0.3 < of_first.mean() < 0.7


def test_dequantization_is_uniform_within_a_grey_level():
    levels = np.repeat(np.array([0, 100, 255], np.uint8), 3000).reshape(3, 25, 40, 3)
    data = image_set(levels, dequantize=True)
    values = real(data, steps=1, batch_size=3)[0] * 256
    found = {int(np.floor(image.min())): image - np.floor(image.min()) for image in values}
    assert set(found) == {0, 100, 255}  # every value stays in the level of its pixel
    for noise in found.values():
        assert noise.min() > 0 and noise.max() < 1
        # Uniform: mean 1/2 (standard error .0053), standard deviation .2887, a tenth in each tenth (.0055).
        assert noise.mean() == pytest.approx(0.5, abs=0.025) and noise.std() == pytest.approx(0.2887, abs=0.012)
        assert np.histogram(noise, 10, (0, 1))[0] / 3000 == pytest.approx(0.1, abs=0.025)
    # Another step, the same image: other noise, equal once in 256 values.
    first, second = (batch[np.argsort(batch[:, 0, 0, 0])] for batch in real(data, steps=2, batch_size=3))
    assert np.mean(first == second) < 0.015
    symmetric = real(data, "symmetric", steps=1, batch_size=3)[0]
    np.testing.assert_allclose(symmetric, values / 128 - 1, atol=1e-6)


@pytest.mark.parametrize("key", ["real", "neighbors"])
def test_memory_mapped_images_are_not_copied(key, tmp_path):
    np.save(tmp_path / "images.npy", IMAGES)
    images = np.load(tmp_path / "images.npy", mmap_mode="c")
    neighbors = np.arange(60, dtype=np.int32)[:, None] if key == "neighbors" else None  # of each itself
    options = {"batch_size": 60, "seed": 0, "neighbors": neighbors}
    dataset = training_batches(image_set(images), image_set().scaling("unit"), **options)
    iterator = iter(dataset.map(lambda batch: batch))
    before = np.sort(next(iterator)[key].numpy().ravel())
    np.testing.assert_array_equal(before, np.sort((IMAGES / 255).astype(np.float32).ravel()))
    # What is written to this process' view of the file appears in later batches, so they read the very same memory.
    images[:] = 51
    for _ in range(20):
        last = next(iterator)[key].numpy()
    np.testing.assert_allclose(last, 0.2, rtol=1e-6)
    assert np.load(tmp_path / "images.npy").sum() == IMAGES.sum(dtype=int)


@pytest.mark.parametrize("mode", ["r", "part"])
def test_memory_that_cannot_be_shared_is_copied(tmp_path, mode):
    np.save(tmp_path / "images.npy", IMAGES)
    images = np.load(tmp_path / "images.npy", mmap_mode="r" if mode == "r" else "c")
    images, expected = (images[1::2], IMAGES[1::2]) if mode == "part" else (images, IMAGES)
    found = real(image_set(images), steps=1, batch_size=len(images))[0]
    assert {image.tobytes() for image in uint8(found)} == {image.tobytes() for image in expected}


RING = ((np.arange(60)[:, None] + [1, 2]) % 60).astype(np.int32)


def pairs(data, steps=6, **options):
    """[steps, batch, ...] twice: samples and their neighbours."""
    options = {"batch_size": 16, "seed": 7} | options
    stream = batches_of_parts({"real": Part(data, neighbors=RING)}, data.scaling("unit"), **options)
    batches = list(itertools.islice(stream, steps))
    return [np.stack([batch[key].numpy() for batch in batches]) for key in ("real", "neighbors")]


def numbers_of(images):
    """Which of IMAGES they are, mirrored or not, and whether they are mirrored."""
    known = {image.tobytes(): (number, False) for number, image in enumerate(IMAGES)}
    known |= {image[:, ::-1].tobytes(): (number, True) for number, image in enumerate(IMAGES)}
    found = np.array([known[image.tobytes()] for image in uint8(images).reshape(-1, *IMAGES.shape[1:])])
    return found[:, 0], found[:, 1].astype(bool)


def test_pairs_of_images_are_varied_each_by_itself():
    real_images, neighbors = pairs(image_set(flip=True), steps=100)
    (number, mirrored), (neighbor, neighbor_mirrored) = numbers_of(real_images), numbers_of(neighbors)
    ahead = (neighbor - number) % 60
    assert set(ahead) == {1, 2}
    # 1,600 draws: standard errors .0125. Neighbours, flips and flips of neighbours have nothing to do with each other.
    assert np.mean(ahead == 1) == pytest.approx(0.5, abs=0.05)
    for first, second in itertools.combinations((mirrored, neighbor_mirrored, ahead == 1), 2):
        assert np.mean(first == second) == pytest.approx(0.5, abs=0.05)
    np.testing.assert_array_equal(real_images, real(image_set(flip=True), steps=100))  # as without pairs


def test_pairs_of_images_are_dequantized_each_by_itself():
    grey = image_set(np.full((60, 6, 5, 3), 100, np.uint8), dequantize=True)
    first, second = (256 * values - 100 for values in pairs(grey))
    for noise in (first, second):
        assert 0 < noise.min() < 0.01 and 0.99 < noise.max() < 1
    assert np.mean(first == second) < 0.015  # equal once in 256 values


def test_pairs_of_points():
    points = POINTS._replace(samples=POINTS.samples[:60], labels=POINTS.labels[:60])
    scaling = points.scaling("unit")
    number, neighbor = (
        np.argmin(np.square(scaling.to_data(values)[:, :, None] - points.samples).sum(axis=3), axis=2)
        for values in pairs(points)
    )
    assert set(((neighbor - number) % 60).ravel()) == {1, 2}


@pytest.mark.parametrize("options", [{}, {"flip": True, "dequantize": True}])
def test_pairs_depend_on_seed_and_step_only(options):
    data = image_set(**options)
    whole = np.array(pairs(data))
    np.testing.assert_array_equal(pairs(data, steps=4, first_step=2), whole[:, 2:])
    np.testing.assert_array_equal(np.concatenate([pairs(data, shard=(i, 2)) for i in (0, 1)], axis=2), whole)
    assert not np.array_equal(pairs(data, seed=8), whole)


def test_pairs_of_some_samples_with_labels():
    data = image_set()._replace(labels=np.arange(60, dtype=np.int32))
    part = Part(data, np.array([3, 8]), RING)
    (batch,) = itertools.islice(
        batches_of_parts({"real": part}, data.scaling("unit"), batch_size=16, seed=0, labels=True), 1
    )
    numbers, neighbors = (numbers_of(batch[key].numpy())[0] for key in ("real", "neighbors"))
    np.testing.assert_array_equal(numbers, batch["labels"])
    assert set(numbers) == {3, 8} and set(neighbors) == {4, 5, 9, 10}


def test_few_large_batches_are_made_ahead(monkeypatch):
    asked = []
    original = tf.data.Dataset.prefetch
    monkeypatch.setattr(tf.data.Dataset, "prefetch", lambda self, size: asked.append(size) or original(self, size))
    large = np.zeros((64, 256, 256, 3), np.uint8)  # 50,331,648 bytes a batch of floats: 5 in 2^28
    for images, prefetch in ((large, 50), (large, 3), (IMAGES, 50), (IMAGES, 1)):
        training_batches(image_set(images), Scaling(0.0, 1.0), batch_size=len(images), seed=0, prefetch=prefetch)
    assert asked == [5, 3, 50, 2]
    graph = np.zeros((64, 1), np.int32)  # with their neighbours twice as large
    training_batches(image_set(large), Scaling(0.0, 1.0), batch_size=64, seed=0, prefetch=50, neighbors=graph)
    assert asked[-1] == 2
