"""What a run is built from, and which flags do not fit together."""

import re

import pytest

from tfgan2 import experiment, flags
from tfgan2.errors import InputError


def settings_of(*argv):
    return flags.parse("train", ["--train_steps=4", "--workdir=runs/x", "--jit=off", *argv])


def test_a_network_that_does_not_fit_the_data():
    message = (
        "--network=sngan_cnn does not fit --dataset=grid25, whose samples have the shape [2]: samples have the shape "
        "(2,); image networks take (size, size, channels): use the network mlp, or images."
    )
    with pytest.raises(InputError, match=re.escape(message)):
        experiment.build(settings_of("--method=standard_gan", "--dataset=grid25", "--network=sngan_cnn"))


def test_synchronized_statistics_cannot_be_compiled():
    message = (
        "--network.synchronized=true exchanges statistics between the 2 devices, which XLA cannot compile; "
        "add --jit=off, or leave the statistics to each device."
    )
    devices = ("--method=standard_gan", "--dataset=grid25", "--network=sngan_cnn", "--strategy=mirrored", "--jit=on")
    with pytest.raises(InputError, match=re.escape(message)):
        experiment.build(settings_of(*devices, "--network.synchronized=true"))
    with pytest.raises(InputError, match="does not fit"):
        experiment.build(settings_of(*devices))
    with pytest.raises(InputError, match="does not fit"):
        experiment.build(settings_of(*devices, "--network.synchronized=true", "--jit=off"))


def test_description():
    built = experiment.build(settings_of("--method=standard_gan", "--dataset=grid25", "--network.hidden_units=8"))
    lines = experiment.description(built).splitlines()
    assert "data: grid25, 50,000 points of 2 dimensions" in lines
    assert "generator: (2,) -> (2,), 114 parameters" in lines
    assert "  hidden_1       Dense       (8,)            24" in lines
    assert lines[-2:] == ["players: discriminator moves discriminator; generator moves generator", "devices: 1, no XLA"]
