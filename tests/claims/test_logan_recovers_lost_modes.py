"""Claim: the pair-wise penalty of LOGAN recovers rare modes after a collapse to the dominant mode."""

import numpy as np
import pytest

SHARES = """
import keras
import numpy as np
import tensorflow as tf
from tfgan2.methods.logan import LOGAN
from tfgan2.networks.mlp import MLP

CENTERS = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [-2.0, 0.0], [0.0, -2.0]])
SHARES = [0.68, 0.08, 0.08, 0.08, 0.08]


def batches(seed):
    random = np.random.default_rng(seed)
    modes = random.choice(5, size=20_000, p=SHARES)
    points = (CENTERS[modes] + random.normal(scale=0.05, size=(20_000, 2))).astype("float32")
    return iter(tf.data.Dataset.from_tensor_slices({"real": points}).repeat().batch(128, drop_remainder=True))


def build(seed, arguments):
    keras.utils.set_random_seed(seed)
    family = MLP(output_activation="linear", negative_slope=0.2, initializer="uniform_1.43")
    game = LOGAN(*LOGAN.make_networks(family, (2,), classes=0, arguments=arguments), **arguments)
    output = game.generator.get_layer("output")
    output.kernel.assign(0.02 * output.kernel)  # The samples begin at the dominant mode, with about its width.
    optimizers = {role: keras.optimizers.Adam(0.001, beta_1=0.5, beta_2=0.9) for role in game.trained_roles}
    game.compile(optimizers, jit_compile=True, ema_decay=0.99)
    return game


def shares(game):
    with game.averaged():
        points = game.generate(game.latents(1, 2000)).numpy()
    near = np.linalg.norm(points[:, None] - CENTERS, axis=-1) < 0.3
    return near.mean(axis=0).tolist()


measured = {}
for arm, penalty in (("bigan", "none"), ("pairwise", "pairwise")):
    arguments = {"bidirectional": True, "gradient_penalty": penalty}
    game = build(0, arguments)  # The step is compiled once and used for all seeds.
    measured[arm] = []
    for seed in range(2):
        for name, variable in build(seed, arguments).state().items():
            game.state()[name].assign(variable)
        at_first, data = shares(game), batches(seed)
        for _ in range(80):
            game.train_chunk(data, 100)
        measured[arm].append([at_first, shares(game)])
"""


@pytest.mark.slow
def test_rare_modes(measured):
    modes, near = {}, {}
    for arm, runs in measured(SHARES).items():
        at_first, at_last = np.moveaxis(np.array(runs), 1, 0)
        assert at_first[:, 0].min() > 0.9 and at_first[:, 1:].max() == 0  # The generator begins collapsed.
        # The number of the four rare modes with at least 20 of 2,000 points within 0.3, and the share near any mode.
        modes[arm], near[arm] = (at_last[:, 1:] >= 0.01).sum(axis=1).mean(), at_last.sum(axis=1).mean()
    # Observed for seeds 0 to 3: 1.0 and 3.75 rare modes, and 91 and 81 % of the points near a mode.
    assert modes["bigan"] < modes["pairwise"] - 1
    assert min(near.values()) > 0.7  # The points are not noise over the whole plane.
