"""Negative images: each transformation against NumPy, pairs, draws, XLA, and errors."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.errors import ArgumentError
from tfgan2.layers.negative_images import NEGATIVES, NOISE, check_shape, negatives_of, paired

COUNT, SIDE = 12, 6
IMAGES = np.random.default_rng(0).uniform(-1, 1, (COUNT, SIDE, SIDE, 3)).astype("float32")
DRAWN = np.random.default_rng(1).random((COUNT, NOISE)).astype("float32")
PARTNERS = IMAGES.reshape(COUNT // 2, 2, SIDE, SIDE, 3)[:, ::-1].reshape(IMAGES.shape)


def corner(first, second):
    """Top left corner of the rectangle of 3 x 3 pixels. Each side has four places."""
    return int(first * 4), int(second * 4)


def jigsaw(image, partner, first, second):
    """The image with its quarters in another order: number int(23 first) of the 23 orders that change it."""
    orders = [(a, b, c, d) for a in range(4) for b in range(4) for c in range(4) for d in range(4)]
    orders = [order for order in orders if len(set(order)) == 4 and order != (0, 1, 2, 3)]
    half = SIDE // 2
    quarters = [image[r : r + half, c : c + half] for r in (0, half) for c in (0, half)]
    one, two, three, four = (quarters[place] for place in orders[int(first * 23)])
    return np.concatenate([np.concatenate([one, two], 1), np.concatenate([three, four], 1)], 0)


def stitch(image, partner, first, second):
    joined, half = partner.copy(), SIDE // 2
    if first < 0.5:
        joined[:half] = image[:half]
    else:
        joined[:, :half] = image[:, :half]
    return joined


def mixup(image, partner, first, second):
    weight = 0.25 + first / 2
    return weight * image + (1 - weight) * partner


def cutout(image, partner, first, second):
    (row, column), filled = corner(first, second), image.copy()
    filled[row : row + 3, column : column + 3] = image.mean(axis=(0, 1))
    return filled


def cutmix(image, partner, first, second):
    (row, column), filled = corner(first, second), image.copy()
    filled[row : row + 3, column : column + 3] = partner[row : row + 3, column : column + 3]
    return filled


REFERENCES = {"jigsaw": jigsaw, "stitch": stitch, "mixup": mixup, "cutout": cutout, "cutmix": cutmix}


@pytest.mark.parametrize("kind", NEGATIVES)
def test_each_kind_is_that_of_numpy(kind):
    found = negatives_of(IMAGES, DRAWN, (kind,))
    rows = zip(IMAGES, PARTNERS, DRAWN[:, 1], DRAWN[:, 2], strict=True)
    np.testing.assert_allclose(found, [REFERENCES[kind](*row) for row in rows], atol=1e-6)
    # No image stays, and all results are within the range of the images.
    assert np.abs(found - IMAGES).max(axis=(1, 2, 3)).min() > 0.1
    assert np.abs(found).max() <= 1


def test_each_image_draws_a_kind():
    kinds = ("cutmix", "jigsaw", "mixup")
    found = negatives_of(IMAGES, DRAWN, kinds)
    of_kinds = {kind: negatives_of(IMAGES, DRAWN, (kind,)) for kind in kinds}
    chosen = [kinds[int(3 * draw)] for draw in DRAWN[:, 0]]
    assert set(chosen) == set(kinds)
    np.testing.assert_array_equal(found, [of_kinds[kind][row] for row, kind in enumerate(chosen)])


def test_xla_and_low_precision():
    compiled = tf.function(lambda images, noise: negatives_of(images, noise, tuple(NEGATIVES)), jit_compile=True)
    np.testing.assert_allclose(compiled(IMAGES, DRAWN), negatives_of(IMAGES, DRAWN, tuple(NEGATIVES)), atol=1e-6)
    halves = negatives_of(tf.cast(IMAGES, tf.bfloat16), DRAWN, tuple(NEGATIVES))
    assert halves.dtype == tf.bfloat16 and halves.shape == IMAGES.shape


def test_pairs():
    assert paired(np.arange(6)).numpy().tolist() == [1, 0, 3, 2, 5, 4]
    assert paired(np.arange(5)).numpy().tolist() == [1, 0, 3, 2, 3]
    assert paired(np.arange(1)).numpy().tolist() == [0]


def test_draws_are_uniform():
    # Each order of four numbered quarters, and each of 4 x 4 rectangles, has its share of many draws.
    count = 9200
    noise = np.random.default_rng(2).random((count, NOISE)).astype("float32")
    image = np.repeat(np.repeat(np.arange(4.0).reshape(2, 2), 3, 0), 3, 1)[None, ..., None].astype("float32")
    made = negatives_of(np.repeat(image, count, 0), noise, ("jigsaw",)).numpy()[:, ::3, ::3, 0].reshape(count, 4)
    orders, counts = np.unique(made, axis=0, return_counts=True)
    assert len(orders) == 23 and np.abs(counts - 400).max() < 5 * 20
    flat = np.arange(36, dtype="float32").reshape(1, 6, 6, 1)
    cut = negatives_of(np.repeat(flat, count, 0), noise, ("cutout",)).numpy() == flat.mean()
    assert (cut.sum(axis=(1, 2, 3)) == 9).all() and len(np.unique(cut, axis=0)) == 16


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: check_shape((2,), ("jigsaw",)),
            "negatives is ('jigsaw',); it must be empty for points. Only images have such negatives.",
        ),
        (
            lambda: check_shape((6, 7, 1), ("mixup", "stitch")),
            "negatives is ('mixup', 'stitch'); it must be made of mixup, cutout and cutmix for images of 6 x 7 pixels. "
            "The others need even sides.",
        ),
        (
            lambda: negatives_of(IMAGES[:1], DRAWN[:1], ("jigsaw", "mixup")),
            "negatives is ('mixup',); it must be jigsaw or cutout for one image. Take a larger batch: these kinds mix "
            "images of a device's part of it.",
        ),
    ],
)
def test_refused(call, message):
    with pytest.raises(ArgumentError) as raised:
        call()
    assert str(raised.value) == message
