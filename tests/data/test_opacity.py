"""Images over colours, against Pillow; random colours; checkerboards."""

import numpy as np
from PIL import Image

from tfgan2.data.opacity import checkerboard, colour_of, laid_over, random_colour


def test_images_over_a_colour():
    images = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 4), np.uint8)
    images[..., 3] = np.linspace(0, 255, 64).reshape(8, 8)
    board = checkerboard(8, 8)
    board[4:] = (10, 200, 30)
    for below in (np.array([255, 0, 17], np.uint8), board):
        found = laid_over(images, below)
        assert found.dtype == np.uint8
        for image, over in zip(images, found, strict=True):
            back = Image.fromarray(np.broadcast_to(below, (8, 8, 3)).astype(np.uint8)).convert("RGBA")
            expected = np.asarray(Image.alpha_composite(back, Image.fromarray(image)).convert("RGB")).astype(int)
            assert np.abs(over - expected).max() <= 1
            np.testing.assert_array_equal(over[0, 0], np.broadcast_to(below, (8, 8, 3))[0, 0])
            np.testing.assert_array_equal(over[7, 7], image[7, 7, :3])


def test_colours():
    assert colour_of("navy").tolist() == [0, 0, 128] and colour_of("#0180fE").tolist() == [1, 128, 254]
    drawn = np.array([colour_of(random_colour(5, number)) for number in range(300)])
    assert 110 < drawn.mean() < 145 and drawn.min() < 10 and drawn.max() > 245
    assert random_colour(5, 7) == random_colour(5, 7) != random_colour(6, 7)


def test_checkerboard():
    board = checkerboard(16, 24)
    assert board.shape == (16, 24, 3) and board.dtype == np.uint8
    assert board[:8, :8].min() == board[8:, 8:16].min() == 255 and board[:8, 8:16].max() == 208
