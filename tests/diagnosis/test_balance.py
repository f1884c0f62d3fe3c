"""A player has won, or the players swing; and a healthy run, of which nothing is said."""

import numpy as np
import pytest

from tfgan2.diagnosis.balance import discriminator_won, generator_won, losses_oscillate
from tfgan2.diagnosis.history import History

CHECKS = (discriminator_won, generator_won, losses_oscillate)
APART = {"discriminator__real_called_real": 1.0, "discriminator__fake_called_real": 0.0}
RISING = np.linspace(2.0, 8.0, 60)


def found(history):
    return [finding.name for check in CHECKS if (finding := check(history))]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"noise": 0.05},
        # At the solution the discriminator is undecided.
        {f"discriminator__{side}_probability": 0.5 for side in ("real", "fake")}
        | {f"discriminator__{side}_called_real": 0.5 for side in ("real", "fake")},
        # The discriminator separates all, and the generator catches up.
        APART | {"generator__loss": RISING[::-1], "noise": 0.001},
        # A good start of the discriminator.
        {"discriminator__fake_called_real": np.repeat([0.0, 0.2], 30), "discriminator__real_called_real": 0.99},
    ],
)
def test_healthy(run, values, seed):
    assert found(run(seed=seed, **values)) == []


@pytest.mark.parametrize("loss", [7.9, RISING])
def test_the_discriminator_has_won(run, loss):
    finding = discriminator_won(run(**APART, generator__loss=loss, noise=0.001))
    assert finding.name == "discriminator_won" and finding.level == "warning"
    assert finding.text.startswith(
        "the discriminator has won since step 4,800: it is right about 100.0% of the samples"
    )
    assert "does not fall" in finding.text and "--optimizer.discriminator.learning_rate" in finding.advice


def test_the_gradients_of_the_generator_have_vanished(run):
    norms = np.geomspace(1.0, 1e-4, 60)
    history = run(**APART, generator__loss=RISING[::-1], generator__gradient_norm=norms, noise=1e-6)
    assert "its gradients have vanished" in discriminator_won(history).text


def test_a_discriminator_that_has_won_while_a_score_improves(run):
    falling = np.linspace(90.0, 30.0, 60)
    history = run(**APART, coverage__fid=falling, noise=0.001, history=History(best={"fid": -np.inf}))
    assert found(history) == []
    assert found(run(**APART, coverage__fid=50.0, noise=0.001, history=History(best={"fid": -np.inf}))) == [
        "discriminator_won"
    ]


def test_the_generator_has_won(run):
    finding = generator_won(run(discriminator__real_probability=0.5, discriminator__fake_probability=0.8))
    assert finding.text == (
        "the generator has won since step 4,800: the discriminator takes generated samples for real (D(fake) is 0.79) "
        "more than real samples (D(real) is 0.50)."
    )


def test_the_losses_swing(run):
    swing = 0.3 * np.sign(np.sin(np.arange(60) * 2 * np.pi / 8 + 0.1))
    history = run(discriminator__real_probability=0.7 + swing, discriminator__fake_probability=0.3)
    finding = losses_oscillate(history)
    assert "since step 3,100 D(real) - D(fake) went 7 times between about 0.09 and 0.72" in finding.text
    # One change for good is no swing.
    once = run(discriminator__real_probability=np.repeat([0.4, 0.9], 30), discriminator__fake_probability=0.3)
    assert losses_oscillate(once) is None


def test_too_few_points_say_nothing(run):
    history = run(points=7, **APART, generator__loss=7.9, discriminator__fake_probability=0.9)
    assert found(history) == []
