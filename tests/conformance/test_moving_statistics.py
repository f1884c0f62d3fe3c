"""Promise: moving batch statistics are from inputs as at inference.

Those of the generator are from prior latents only, and those of the encoder from real samples only.
"""

import functools

import numpy as np

FAR = 1e3
BOUND = 6.0  # Largest absolute value of prior latents and of real samples.


def test_codes_and_generated_samples_do_not_change_moving_statistics(
    generative_configuration, complete, iterator, batch_norm
):
    linear = functools.partial(batch_norm, output_activation="linear")
    game = complete(generative_configuration, family=linear)
    served = [game.networks[role] for role in ("generator", "encoder") if role in game.networks]
    for network in served:  # Codes and generated samples are far from prior latents and real samples.
        output = network.layers[-1].get_layer("output")
        output.bias.assign(output.bias + FAR)
    game.update(next(iterator(game)))
    for network in served:
        assert moved(network) > 0.0 and largest_statistic(network) < BOUND**2
    with game.averaged():
        for network in served:
            assert moved(network) > 0.0 and largest_statistic(network) < BOUND**2


def moved(network):
    return np.abs(network.get_layer("norm").moving_variance - 1.0).min()


def largest_statistic(network):
    norm = network.get_layer("norm")
    return max(np.abs(norm.moving_mean).max(), np.abs(norm.moving_variance).max())
