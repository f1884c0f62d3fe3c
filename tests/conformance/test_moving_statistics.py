"""Promise: moving batch statistics are from inputs as at inference.

Those of the generator are from prior latents only, and those of the encoder from real samples only.
"""

import numpy as np
import pytest

BOUND = 6.0  # Largest absolute value of prior latents and of real samples.


@pytest.mark.parametrize("weights", ["raw", "averaged"])
def test_codes_and_generated_samples_do_not_change_moving_statistics(generative_configuration, weights, watched):
    statistics = watched(generative_configuration).statistics[weights]
    assert statistics
    for mean, variance in statistics.values():
        assert np.abs(variance - 1.0).min() > 0.0
        assert max(np.abs(mean).max(), np.abs(variance).max()) < BOUND**2
