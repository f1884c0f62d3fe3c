"""The rules of a recipe: what follows from the pictures, from the machine and from the speed."""

import numpy as np
import pytest

from tfgan2.data.images import ImageSet
from tfgan2.data.survey import Survey
from tfgan2.recipe import rules
from tfgan2.recipe.machine import Machine

CPU = Machine(cores=2, gpus=0, bfloat16=False)
GPU = Machine(cores=8, gpus=3, bfloat16=True)
SURVEY = Survey(1000, 0, (60, 62, 64, 66, 90), 0, 0, 0, 0, 0)
VALUES = {"method": "standard_gan", "batch_size": 32, "standard_gan.discriminator_steps": 1, "ema_decay": 0.999}


def chosen(choices):
    return {choice.flag: choice.text for choice in choices}


def of_pictures(machine=CPU, other=None, values=(), **survey):
    surveys = {"dataset": SURVEY._replace(**survey)} | ({"negative_dataset": other} if other else {})
    return chosen(rules.of_pictures(surveys, machine, VALUES | dict(values)))


@pytest.mark.parametrize(("side", "largest"), [(5, 16), (23, 16), (24, 32), (28, 32), (64, 64), (95, 64), (3000, 128)])
def test_pictures_are_hardly_enlarged(side, largest):
    assert rules.sizes_for(side)[-1] == largest


def test_size_before_the_speed_is_known():
    assert rules.first_size(500, CPU).text == "32" and "2 CPU cores" in rules.first_size(500, CPU).reason
    assert rules.first_size(500, GPU).text == "64"
    assert rules.first_size(20, GPU).text == "16" and "about 20 pixels" in rules.first_size(20, GPU).reason


def test_nothing_follows_from_plain_pictures_on_a_cpu():
    assert of_pictures() == {}


def test_colours():
    grey = SURVEY._replace(grey=1000)
    assert of_pictures(grey=1000) == {"data.channels": "1"}
    assert of_pictures(other=grey) == {"data.channels": "3"}
    assert of_pictures(other=grey, grey=1000) == {"data.channels": "1"}
    assert of_pictures(grey=999) == {}


def test_few_files_that_cannot_be_used_are_left_out():
    assert of_pictures(left_out=100) == {"data.skip_corrupt": "true"}
    assert of_pictures(left_out=101) == {}  # Then the folder is refused.


def test_batches_of_few_pictures():
    assert of_pictures(count=31) == {"batch_size": "16"}
    assert of_pictures(count=32) == {}
    values = {"standard_gan.discriminator_steps": 4, "pretext.batch_size": 128, "partitioner.neighbors": 20}
    found = of_pictures(count=20, values=values | {"pgmgan.partitions": 25})
    assert found == {
        "batch_size": "4",
        "pretext.batch_size": "16",
        "partitioner.neighbors": "2",
        "pgmgan.partitions": "2",
    }


def test_many_pictures_are_not_learned_by_heart():
    assert of_pictures(count=50_000) == {"network.augmentation": ""}


def test_gpus():
    found = of_pictures(GPU, values={"network.preset": "base"})
    assert found == {"batch_size": "66", "precision": "mixed_bfloat16", "network.preset": "small"}


def test_losses_with_their_regularisers():
    relativistic = {"regularizer.r1_weight": "1.0", "regularizer.r2_weight": "1.0"}
    assert of_pictures(values={"standard_gan.loss": "relativistic"}) == relativistic
    assert set(of_pictures(values={"standard_gan.loss": "wasserstein"})) == {
        "standard_gan.gradient_penalty",
        "standard_gan.discriminator_steps",
    }


def test_forces_for_the_number_of_auxiliary_data():
    forces = ("real:0:pull:1", "auxiliary_0:0:push:0.5")
    values = {"p2gan.forces": forces, "auxiliary_dataset": ("folder:a",)}
    assert of_pictures(values=values) == {}
    assert of_pictures(values=values | {"auxiliary_dataset": ("folder:a", "folder:b")}) == {
        "p2gan.forces": "real:0:pull:1,auxiliary_0:0:push:0.5,auxiliary_1:0:push:0.5"
    }
    assert of_pictures(values=values | {"auxiliary_dataset": ()})["p2gan.forces"] == ""


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        (10, {"data.image_size": "16"}),
        (60, {}),
        (3600, {"data.image_size": "64"}),
        (6 * 3600, {"data.image_size": "128"}),
        (40 * 3600, {"data.image_size": "128", "network.width_multiplier": "0.5"}),
        (400 * 3600, {"data.image_size": "128", "network.width_multiplier": "1.0"}),
    ],
)
def test_larger_networks_for_more_time(seconds, found):
    values = {"data.image_size": 32, "network.width_multiplier": 0.25, "batch_size": 32}
    assert chosen(rules.of_speed(rules.SIZES, values, 0.005, seconds)) == found


def test_a_size_that_is_fixed():
    values = {"data.image_size": 32, "batch_size": 32}
    assert list(rules.of_speed([32], values, 0.005, 1e6)) == list(rules.of_speed([32], values, 0.005, 1)) == []


@pytest.mark.parametrize("steps", [1, 7, 20, 48, 399, 1000, 61_000, 5_000_000])
def test_pictures_in_every_run(steps):
    chunk = int(chosen(rules.of_length(steps, VALUES, set()))["steps_per_execution"])
    assert 1 <= chunk <= 50 and steps // chunk >= min(20, steps)


def test_a_chunk_takes_two_seconds_at_most():
    assert chosen(rules.of_length(10_000, VALUES, set(), seconds_per_step=0.15))["steps_per_execution"] == "10"
    assert chosen(rules.of_length(10_000, VALUES, set(), seconds_per_step=30.0))["steps_per_execution"] == "1"


def test_chunks_follow_the_cadences_of_the_user():
    assert rules.chunk(50, {}) == 50
    assert rules.chunk(50, {"sample_every": 70, "log_every": "auto", "evaluate_every": 0}) == 10
    assert rules.chunk(7, {"sample_every": 3}) == 1


def pictures(count, labels=None):
    return ImageSet("pictures", np.zeros((count, 2, 2, 1), np.uint8), labels, ())


@pytest.mark.parametrize(
    "sets", [[pictures(100)], [pictures(100), pictures(20)], [pictures(100, np.arange(100) % 2)]], ids=len
)
def test_a_tenth_is_held_out(sets):
    assert chosen(rules.of_measurement(sets)) == {"data.held_out": "0.1"}


@pytest.mark.parametrize(
    "sets", [[pictures(99)], [pictures(100), pictures(19)], [pictures(100, np.arange(100))]], ids=len
)
def test_nothing_is_held_out_of_too_few_pictures(sets):
    assert chosen(rules.of_measurement(sets)) == {}


def test_a_short_run_trains_no_classifier():
    options = {"labelled": True, "seconds_per_step": 0.1}
    assert chosen(rules.of_length(10_000, VALUES, set(), **options))["evaluate_every"] == "0"
    assert "evaluate_every" not in chosen(rules.of_length(20_000, VALUES, set(), **options))


@pytest.mark.parametrize(("steps", "decay"), [(10_000, None), (9_999, "0.99"), (999, "0.9"), (5, "0.9")])
def test_averages_over_a_part_of_the_run(steps, decay):
    found = chosen(rules.of_length(steps, VALUES, set()))
    assert found.get("ema_decay") == decay


def test_two_digits():
    assert [rules.nice(number) for number in (0, 7, 42, 128, 61_993)] == [0, 7, 42, 120, 61_000]
