"""Made-up runs: the numbers of a healthy run, which a test changes to those of a failing one."""

import numpy as np
import pytest

from tfgan2.diagnosis.history import History

POINTS = 60


@pytest.fixture
def run():
    """Function that makes the `History` of a run with 60 points, 100 steps apart.

    A keyword argument gives the values of a name, a number or an array [points], in place of those of a healthy run. A
    double underscore stands for the slash of the name. All values have noise.
    """

    def run(*, points=POINTS, noise=0.01, seed=0, history=None, **values):
        draw = np.random.default_rng(seed)
        healthy = {
            "discriminator/real_called_real": 0.75,
            "discriminator/fake_called_real": 0.25,
            "discriminator/real_probability": 0.65,
            "discriminator/fake_probability": 0.35,
            "generator/loss": 1.2,
            "generator/gradient_norm": 1.0,
        }
        values = healthy | {name.replace("__", "/"): value for name, value in values.items()}
        series = {
            name: np.broadcast_to(value, points) + noise * draw.normal(size=points) for name, value in values.items()
        }
        history = history or History(epochs_per_step=0.01)
        for point in range(points):
            history.add(100 * (point + 1), {name: values[point] for name, values in series.items()})
        return history

    return run
