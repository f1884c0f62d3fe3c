"""Partitioners: their losses on given logits, what each step varies, and that they find parts."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.batches import batches_of_parts
from tfgan2.data.neighbors import nearest_neighbors
from tfgan2.data.parts import Part
from tfgan2.data.synthetic import ring8
from tfgan2.layers.views import NOISE, view
from tfgan2.losses.partition import neighbor_loss
from tfgan2.methods.pgmgan.partition_learning import LabelPartitioner, NeighborPartitioner
from tfgan2.metrics.partitions import normalized_mutual_information

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(-1, 1, (6, 8, 8, 3)).astype("float32")
POINTS = RANDOM.normal(size=(6, 3)).astype("float32")


def partitioner(shape=(3,), parts=3):
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input(shape), keras.layers.Flatten(), keras.layers.Dense(parts)])


def identity():
    """Logits that are the points themselves."""
    layer = keras.layers.Dense(3, kernel_initializer="identity")
    return keras.Sequential([keras.Input((3,)), layer])


def noises():
    return [tf.constant(np.random.default_rng(seed).random((6, NOISE)), tf.float32) for seed in (1, 2)]


def test_the_loss_of_neighbours():
    game = NeighborPartitioner(identity(), entropy_weight=0.5, balance_weight=2.0)
    neighbors = tf.constant(POINTS[::-1])
    loss, terms = game.partition_loss(tf.constant(POINTS), neighbors, *noises())  # noise does nothing to points
    mean = functools.partial(tf.reduce_mean, axis=0)
    expected, of_loss = neighbor_loss(POINTS, neighbors, entropy_weight=0.5, balance_weight=2.0, mean=mean)
    assert float(loss) == pytest.approx(float(expected), rel=1e-5)
    assert terms.keys() == {"consistency", "entropy", "balance", "largest_part"} == of_loss.keys() | {"largest_part"}
    shares = np.bincount(POINTS.argmax(axis=1), minlength=3) / 6
    assert float(terms["largest_part"]) == pytest.approx(shares.max())


def test_images_and_their_neighbours_are_varied_each_by_itself():
    game = NeighborPartitioner(partitioner((8, 8, 3)), augmentations=("color", "flip"), image_range="unit")
    images, neighbors = (IMAGES + 1) / 2, (IMAGES[::-1] + 1) / 2
    loss, _ = game.partition_loss(images, neighbors, *noises())
    varied = [
        view(samples, noise, ("color", "flip"), output_range="unit")
        for samples, noise in zip((images, neighbors), noises(), strict=True)
    ]
    plain = NeighborPartitioner(game.partitioner, augmentations=())
    assert float(loss) == pytest.approx(float(plain.partition_loss(*varied, *noises())[0]), rel=1e-5)
    assert abs(float(loss - plain.partition_loss(images, neighbors, *noises())[0])) > 1e-4


def test_each_step_has_random_numbers_of_its_own(monkeypatch):
    game, played = NeighborPartitioner(partitioner((8, 8, 3))), []
    monkeypatch.setattr(game, "minimize", lambda player, loss, *tensors: played.append(tensors) or {})
    for step in range(2):
        game.step.assign(step)
        game.train_step({"real": IMAGES, "neighbors": IMAGES[::-1]})
    for real, neighbors, *_ in played:
        np.testing.assert_array_equal(real, IMAGES)
        np.testing.assert_array_equal(neighbors, IMAGES[::-1])
    numbers = np.array([tensors[2:] for tensors in played])
    assert numbers.shape == (2, 2, 6, NOISE) and len(np.unique(numbers)) == numbers.size


def test_the_loss_of_labels():
    game = LabelPartitioner(identity())
    labels = np.array([0, 1, 2, 0, 1, 2], "int32")
    loss, terms = game.label_loss(tf.constant(POINTS), tf.constant(labels))
    probabilities = np.exp(POINTS) / np.exp(POINTS).sum(axis=1, keepdims=True)
    assert float(loss) == pytest.approx(-np.log(probabilities[np.arange(6), labels]).mean(), rel=1e-5)
    assert float(terms["accuracy"]) == pytest.approx(np.mean(POINTS.argmax(axis=1) == labels))


@pytest.mark.parametrize("method", [NeighborPartitioner, LabelPartitioner])
def test_parts(method):
    found = method(identity()).partition(tf.constant([[0.0, 2.0, 1.0], [3.0, 2.0, 3.0], [0.0, 0.0, 0.5]]))
    assert found.dtype == tf.int32 and found.numpy().tolist() == [1, 0, 2]


@pytest.fixture
def clusters():
    """Points around three centres with a neighbour each of the same centre: (points, neighbours, centres' numbers)."""
    random = np.random.default_rng(0)
    labels = np.arange(60, dtype="int32") % 3
    centers = np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [-2.0, -2.0, 0.0]])
    points, neighbors = (centers[labels] + 0.2 * random.normal(size=(60, 3)) for _ in range(2))
    return points.astype("float32"), neighbors.astype("float32"), labels


@pytest.mark.parametrize("method", [NeighborPartitioner, LabelPartitioner])
def test_training_finds_the_clusters(method, clusters):
    points, neighbors, labels = clusters
    game = method(partitioner())
    game.compile({"partitioner": keras.optimizers.Adam(0.05)})
    batch = {"real": points, "neighbors": neighbors, "labels": labels}
    batch = {key: batch[key] for key in game.batch_keys}
    report = game.train_chunk(iter(tf.data.Dataset.from_tensors(batch).repeat()), 200)
    found = game.partition(points).numpy()
    assert len({*zip(found, labels, strict=True)}) == 3 == len(set(found))
    if method is NeighborPartitioner:
        assert report["partitioner/balance"] == pytest.approx(np.log(3), abs=0.05)
    else:
        np.testing.assert_array_equal(found, labels)


def test_a_graph_of_neighbours_is_cut_into_the_modes():
    data = ring8(points_per_mode=50)
    part = Part(data, neighbors=nearest_neighbors(data.samples, 10))
    scaling = data.scaling("symmetric")
    keras.utils.set_random_seed(0)
    hidden = [keras.layers.Dense(32, "relu"), keras.layers.Dense(32, "relu")]
    game = NeighborPartitioner(keras.Sequential([keras.Input((2,)), *hidden, keras.layers.Dense(8)]))
    game.compile({"partitioner": keras.optimizers.Adam(0.01)})
    game.train_chunk(iter(batches_of_parts({"real": part}, scaling, batch_size=64, seed=0)), 300)
    found = game.partition(scaling.to_network(data.samples)).numpy()
    assert normalized_mutual_information(found, data.labels) > 0.99  # 1 with each of four seeds


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"entropy_weight": -1.0}, "entropy_weight is -1.0; it must be at least 0."),
        ({"balance_weight": -1.0}, "balance_weight is -1.0; it must be at least 0."),
        ({"image_range": "raw"}, "image_range is 'raw'; it must be one of symmetric, unit."),
        ({"augmentations": ("blur",)}, "augmentations is \\('blur',\\); it must be made of crop, flip, color, grey."),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        NeighborPartitioner(partitioner((8, 8, 3)), **arguments)
