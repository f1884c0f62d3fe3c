"""Samples that are alike or copied, lost modes, and a discriminator that overfits."""

import numpy as np
import pytest

from tfgan2.diagnosis.history import History
from tfgan2.diagnosis.samples import discriminator_overfits, modes_lost, samples_alike, training_copied


def history(epochs_per_step=0.0, modes=0, **values):
    made = History(epochs_per_step=epochs_per_step, modes=modes)
    for place in range(max(map(len, values.values()))):
        made.add(200 * (place + 1), {name.replace("__", "/"): series[place] for name, series in values.items()})
    return made


def test_samples_alike():
    assert samples_alike(history(health__spread=[0.1, 0.9, 0.9, 0.8], health__nearest=[0.2, 0.7, 0.2, 0.2])) is None
    assert samples_alike(history(health__spread=[0.1, 0.1])) is None
    young = History()
    for step in (20, 40, 60):
        young.add(step, {"health/spread": 0.1, "health/copies": 1.0})
    assert samples_alike(young) is None and training_copied(young) is None
    alike = samples_alike(history(health__spread=[0.9, 0.2, 0.2, 0.05]))
    assert alike.text == "the generated samples are alike: their distance is 5% of that between real samples."
    repeated = samples_alike(history(health__spread=[0.9] * 3, health__nearest=[0.1, 0.2, 0.1]))
    assert "repeat a few prototypes" in repeated.text and "10%" in repeated.text


def test_copies_of_training_pictures():
    assert training_copied(history(health__copies=[0.9, 0.0, 0.3])) is None
    assert training_copied(history(health__copies=[0.0, 0.3, 0.4])).text.startswith("40% of the generated pictures")


@pytest.mark.parametrize(
    ("called", "epochs_per_step", "warns"),
    [
        (0.99, 0.01, True),
        (0.8, 0.01, False),  # r_t = 0.6 is the aim of ADA.
        (0.99, 0.001, False),  # Each sample was seen six times.
    ],
)
def test_the_discriminator_overfits_by_r_t(run, called, epochs_per_step, warns):
    made = run(discriminator__real_called_real=called, history=History(epochs_per_step=epochs_per_step), noise=0.001)
    finding = discriminator_overfits(made)
    assert (finding is not None) == warns
    if warns:
        assert "since step 4,800 it is sure of the training samples: r_t = E[sign D(real)] is 0.98" in finding.text
        # A discriminator that calls everything real, as at the start of a training, knows nothing by heart.
        values = {f"discriminator__{side}_called_real": 0.99 for side in ("real", "fake")}
        assert discriminator_overfits(run(**values, history=History(epochs_per_step=0.01), noise=0.001)) is None
        # A discriminator that wins against a bad generator need not overfit.
        made.active = {"discriminator_won"}
        assert discriminator_overfits(made) is None


def test_the_discriminator_overfits_by_held_out_samples(run):
    certain = {"discriminator__real_called_real": 0.99, "noise": 0.001}
    for gap, warns in ((0.8, True), (0.1, False)):
        finding = discriminator_overfits(run(**certain, health__held_out_gap=gap))
        assert (finding is not None) == warns
        assert not warns or "on held-out samples it falls 80% of the way" in finding.text


def test_modes_lost():
    covered = np.array([10.0, 20, 19, 8])
    before = history(25, coverage__registered_modes=covered[:3], coverage__collapsed=[0, 0, 0])
    assert modes_lost(before) is None
    lost = modes_lost(history(modes=25, coverage__modes_covered=covered, coverage__collapsed=[0, 0, 0, 1]))
    assert lost.text == "mode collapse: covered modes fell from 20 at step 400 to 8 of 25 at step 800."
