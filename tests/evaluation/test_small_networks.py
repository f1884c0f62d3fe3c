"""Parts of small networks: initial weights by a seed, batches of rows, and outputs as arrays."""

import itertools

import keras
import numpy as np

from tfgan2.evaluation.small_networks import answers_on_cpu, layers_with_seeds, row_batches, weights_by_name


def kernels(seed, count=2):
    layer = layers_with_seeds(seed)
    made = [layer(keras.layers.Dense, 3) for _ in range(count)]
    for dense in made:
        dense.build((None, 4))
    return [np.asarray(dense.kernel) for dense in made]


def test_each_layer_has_its_own_seed():
    first, second = kernels(5)
    again, other = kernels(5), kernels(6)
    np.testing.assert_array_equal([first, second], again)
    assert (first != second).all() and (first != other[0]).all()


def test_batches_pass_through_all_rows_epoch_by_epoch():
    rows = np.arange(10, 16)
    found = np.concatenate(list(itertools.islice(row_batches(rows, 4, seed=0), 6))).reshape(4, 6)
    assert (np.sort(found, axis=1) == rows).all() and len({tuple(epoch) for epoch in found}) > 1
    again = np.concatenate(list(itertools.islice(row_batches(6, 4, seed=0), 6))).reshape(4, 6)
    np.testing.assert_array_equal(found, again + 10)


def test_answers_and_weights():
    inputs = keras.Input((2, 2, 1), dtype="float32")
    dense = layers_with_seeds(0)(keras.layers.Dense, 3, activation=None)(keras.layers.Flatten()(inputs))
    network = keras.Model(inputs, [dense, 2 * dense])
    images = np.arange(8, dtype=np.uint8).reshape(2, 2, 2, 1)
    kernel, bias = weights_by_name(network).values()
    assert list(weights_by_name(network)) == ["weight_000", "weight_001"] and not bias.any()
    one, two = answers_on_cpu(network, lambda *outputs: outputs)(images)
    np.testing.assert_allclose(one, images.reshape(2, 4) / 255 @ kernel, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(two, 2 * one)
    np.testing.assert_array_equal(answers_on_cpu(network, lambda _, second: second)(images), two)
