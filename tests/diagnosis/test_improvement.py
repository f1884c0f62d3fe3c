"""The trend test: it knows the noise of the evaluations."""

import numpy as np
import pytest
from scipy import stats

from tfgan2.diagnosis.history import History
from tfgan2.diagnosis.improvement import flat_since, gain, improved, improving, not_improving

STEPS = np.arange(1, 41) * 500.0
FALLING = 20.0 + 80.0 * np.exp(-STEPS / 3000)  # By step 20,000 only 0.1 is left.


def noisy(values, noise, seed):
    return values + noise * np.random.default_rng(seed).normal(size=len(values))


def test_bounds_of_the_gain_are_those_of_the_regression_line():
    values = noisy(-0.001 * STEPS, 3.0, 0)
    found, line = gain(STEPS, values), stats.linregress(STEPS, values)
    margin = stats.t.ppf(0.95, 38) * line.stderr
    span = STEPS[-1] - STEPS[0]
    assert found.lower == pytest.approx((-line.slope - margin) * span)
    assert found.upper == pytest.approx((-line.slope + margin) * span)
    assert found.noise == pytest.approx(3.0, rel=0.3)


@pytest.mark.parametrize("noise", [0.0, 0.5, 3.0])
def test_flat_since_the_gain_ended(noise):
    found = [flat_since({"a": (STEPS, noisy(FALLING, noise, seed))}) for seed in range(10)]
    dated = [since for since in found if since is not None]
    assert len(dated) >= 8 and all(2_000 <= since <= 15_000 for since in dated)


def test_a_run_that_improves_is_never_flat():
    for seed in range(15):
        series = {"a": (STEPS, noisy(100.0 - 0.004 * STEPS, 5.0, seed))}
        assert flat_since(series) is None and improved(series) == ["a"]
        # One score that improves is enough.
        assert flat_since({"b": (STEPS, noisy(FALLING, 1.0, seed)), **series}) is None


def test_without_any_gain_a_false_sign_of_improvement_is_rare():
    made = [{"a": (STEPS, noisy(0 * STEPS, 1.0, seed))} for seed in range(200)]
    assert np.mean([flat_since(series) is not None for series in made]) > 0.9
    assert np.mean([bool(improved(series)) for series in made]) < 0.1


def test_few_or_noisy_evaluations_say_nothing():
    assert flat_since({"a": (STEPS[:19], np.zeros(19))}) is None and flat_since({}) is None
    assert not improved({"a": (STEPS[:11], -STEPS[:11])})
    assert flat_since({"a": (STEPS[:20], np.zeros(20))}) == 500  # Equal values have no noise.
    # After a gain half as many are enough, but not a few steps.
    gained = np.r_[9.0, 5.0, 2.0, np.zeros(12)]
    assert flat_since({"a": (STEPS[:15], gained)}) in (1500, 2000)
    assert flat_since({"a": (np.arange(15.0), gained)}) is None


def run(values):
    history = History(modes=25, best={"registered_modes": np.inf, "total_variation": 0.0})
    for step, modes, variation in zip(STEPS, *values, strict=True):
        history.add(int(step), {"coverage/registered_modes": modes, "coverage/total_variation": variation})
    return history


def test_findings_by_the_distance_from_the_ideal_value():
    more = np.minimum(25.0, STEPS // 1000)
    flat = run([more, noisy(0.3 + 0 * STEPS, 0.02, 0)])
    found = improving(run([more, np.full(40, 0.3)]))
    assert found.text == "still improving at step 20,000: registered_modes improved by more than the noise."
    assert not_improving(run([more, np.full(40, 0.3)])) is None
    assert not_improving(run([more, noisy(FALLING, 3.0, 0)])) is None and improving(flat)
    done = run([np.minimum(25.0, STEPS // 300), noisy(0.3 + 0 * STEPS, 0.02, 0)])
    finding = not_improving(done)
    assert finding.level == "note" and improving(done) is None
    assert (
        finding.text.startswith("flat since step ") and "no score has improved by more than its noise" in finding.text
    )
