"""Nearest training samples: as by brute force, also over several blocks and for subsets."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part
from tfgan2.evaluation import nearest_samples as module
from tfgan2.evaluation.nearest_samples import nearest_samples

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 4, 4, 1), np.uint8)
DATA = ImageSet("some", IMAGES, None, ())


def flat(samples):
    return samples.reshape(len(samples), -1).astype(np.float32)


@pytest.mark.parametrize("values", [2**24, 16 * 7])
@pytest.mark.parametrize("rows", [None, np.arange(0, 40, 3)])
def test_nearest_by_brute_force(values, rows, monkeypatch):
    monkeypatch.setattr(module, "_VALUES", values)
    queries = np.concatenate([IMAGES[[9, 21]], IMAGES[:5] // 2])
    found = nearest_samples(queries, Part(DATA, rows), 3, flat)
    allowed = np.arange(40) if rows is None else rows
    distances = np.linalg.norm(flat(queries)[:, None].astype(float) - flat(IMAGES[allowed])[None], axis=2)
    order = np.argsort(distances, axis=1)[:, :3]
    np.testing.assert_array_equal(found.rows, allowed[order])
    np.testing.assert_allclose(found.distances, np.take_along_axis(distances, order, axis=1), rtol=1e-12)
    assert found.distances[:2, 0].tolist() == [0.0, 0.0] and found.rows[:2, 0].tolist() == [9, 21]
