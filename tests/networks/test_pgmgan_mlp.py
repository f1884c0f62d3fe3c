"""PGMGAN's networks for points: the published layers, one head and one embedding for each partition."""

import keras
import numpy as np
import pytest

from tfgan2.networks.pgmgan_mlp import PGMGANMLP


def test_published_sizes():
    family = PGMGANMLP()
    generator, discriminator = family.generator((2,), generators=25), family.discriminator((2,), heads=25)
    # Latents 2 and an embedding of 32; 4 dense layers of 400 with 4 numbers of batch norm a unit; 2 outputs.
    hidden = (34 + 1) * 400 + 3 * (400 + 1) * 400 + 4 * 4 * 400
    assert generator.count_params() == 25 * 32 + hidden + (400 + 1) * 2
    # 3 layers of 200 units of 5 pieces, 25 outputs.
    assert discriminator.count_params() == (2 + 1) * 1000 + 2 * (200 + 1) * 1000 + (200 + 1) * 25


def test_a_unit_is_the_largest_of_its_pieces():
    family = PGMGANMLP(maxout_units=2, maxout_pieces=3, discriminator_hidden_layers=1, magnification=2.0)
    discriminator = family.discriminator((1,))
    pieces, output = discriminator.get_layer("features_pieces"), discriminator.get_layer("output")
    pieces.set_weights([np.array([[1.0, 0, -1, 0, 0, 2]]), np.array([0.0, 3, 0, 1, 2, 0])])
    output.set_weights([np.array([[1.0], [10]]), np.zeros(1)])
    # The pieces are x, 3; -x, 1; 2, 2x: the units max(x, -x, 2) and max(3, 1, 2x), of twice the points.
    np.testing.assert_allclose(discriminator(np.array([[-2.5], [0.5], [2.0]])), [[5 + 30], [2 + 30], [4 + 80]])
    generator = PGMGANMLP(hidden_units=3, magnification=4.0).generator((1,))
    generator.get_layer("output").set_weights([np.zeros((3, 1)), np.array([6.0])])
    np.testing.assert_array_equal(generator(np.ones((2, 2))), [[1.5], [1.5]])


def test_the_partition_reaches_the_samples():
    keras.utils.set_random_seed(0)
    generator = PGMGANMLP(hidden_units=8, magnification=1.0).generator((2,), generators=3)
    samples = generator((np.ones((3, 2)), np.arange(3))).numpy()
    assert np.abs(samples[0] - samples[1]).max() > 1e-3 and np.abs(samples[1] - samples[2]).max() > 1e-3


def test_one_of_each_is_an_ordinary_pair():
    family = PGMGANMLP(output_activation="tanh")
    samples = family.generator((4, 3))(np.ones((5, 2)))
    assert samples.shape == (5, 4, 3) and np.abs(samples).max() <= 1
    assert family.discriminator((4, 3))(samples).shape == (5, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"maxout_pieces": 0}, "maxout_pieces is 0; it must be in [1, 100]."),
        ({"magnification": 0.0}, "magnification is 0.0; it must be above 0."),
        ({"output_activation": "relu"}, "output_activation is 'relu'; it must be one of sigmoid, tanh, linear."),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError) as error:
        PGMGANMLP(**arguments)
    assert str(error.value) == message
