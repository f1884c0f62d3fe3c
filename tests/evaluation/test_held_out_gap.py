"""The place of held-out samples between training and generated samples."""

import numpy as np
import pytest

from tfgan2.data.kinds import IMAGES, POINTS
from tfgan2.evaluation.held_out_gap import HeldOutGap


def gap(training, held_out, generated, spread=0.0):
    draw = np.random.default_rng(0)
    sets = [mean + spread * draw.normal(size=(100, 1)) for mean in (training, held_out, generated)]
    return HeldOutGap(POINTS, *sets[:2]).of(lambda samples: samples[:, :1], sets[2])


@pytest.mark.parametrize(
    ("held_out", "expected"),
    [(2.0, 0.0), (-1.0, 1.0), (0.5, 0.5), (3.0, 0.0), (-4.0, 2.0)],
)
def test_place(held_out, expected):
    assert gap(2.0, held_out, -1.0) == {"held_out_gap": pytest.approx(expected)}


def test_an_undecided_discriminator_has_no_gap():
    assert gap(0.0, 0.0, 0.5) == {} and gap(0.0, 0.0, 0.0) == {}
    # The mean scores differ by 0.01, with a standard deviation of 1.
    assert gap(0.01, 0.0, 0.0, spread=1.0).get("held_out_gap", 0.0) == 0.0
    assert gap(1.0, 0.0, 0.0, spread=1.0)["held_out_gap"] == pytest.approx(0.7, abs=0.2)


def test_images_are_scored_in_data_units():
    images = [np.full((3, 2, 2, 1), level, np.uint8) for level in (255, 102, 0)]
    score = lambda samples: samples[:, 0, 0]  # noqa: E731
    assert HeldOutGap(IMAGES, *images[:2]).of(score, images[2]) == {"held_out_gap": pytest.approx(0.6)}
