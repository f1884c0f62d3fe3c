"""What a function of the user's own may return as a dataset."""

import numpy as np
import tensorflow as tf

from tfgan2.data.images import ImageSet
from tfgan2.data.own import as_data_set
from tfgan2.data.points import PointSet

POINTS, IMAGES, LABELS = np.arange(6.0).reshape(3, 2), np.zeros((3, 8, 8, 1), np.uint8), np.array([0, 2, 2])


def test_points():
    for made in (POINTS, tf.constant(POINTS), (POINTS, None), POINTS.astype(int)):
        data = as_data_set("my:points", made)
        assert isinstance(data, PointSet) and data.samples.dtype == np.float32
        assert (data.name, data.labels, data.class_names, data.centers) == ("my:points", None, (), None)
        np.testing.assert_array_equal(data.samples, POINTS)


def test_images():
    data = as_data_set("my:images", IMAGES)
    assert isinstance(data, ImageSet) and data.samples is IMAGES
    assert (data.name, data.labels, data.class_names) == ("my:images", None, ())


def test_hidden_colours_are_not_kept():
    images = np.random.default_rng(0).integers(1, 256, (3, 8, 8, 4), np.uint8)
    images[:, 2:4, :, 3] = 0
    expected = np.where(images[..., 3:] > 0, images, (255, 255, 255, 0))
    np.testing.assert_array_equal(as_data_set("my:images", images).samples, expected)
    data = as_data_set("my:images", ImageSet("other", images, None, (), background="navy"))
    assert data.samples[:, 2:4].reshape(-1, 4).tolist() == 48 * [[0, 0, 128, 0]] and (images[:, 2:4, :, :3] > 0).all()
    np.testing.assert_array_equal(data.as_stored(images), data.samples)


def test_labels():
    for samples in (POINTS, IMAGES):
        data = as_data_set("my:data", (samples, LABELS))
        assert data.labels.dtype == np.int32 and data.labels.tolist() == [0, 2, 2]
        assert data.class_names == ("0", "1", "2")


def test_sets_keep_what_they_know():
    centers = np.eye(2)
    data = as_data_set("my:points", PointSet("other", POINTS, centers, 0.5, LABELS, ("a", "b", "c")))
    assert data[:1] + data[2:4] == ("my:points", centers, 0.5) and data.class_names == ("a", "b", "c")
    data = as_data_set("my:images", ImageSet("other", IMAGES, LABELS, ("a", "b", "c"), flip=True))
    assert (data.name, data.flip, data.class_names) == ("my:images", True, ("a", "b", "c"))
