"""Tiny folders of pictures, a machine, and a measurement of the speed that takes no time."""

import numpy as np
import pytest
from PIL import Image

from tfgan2.methods.base.stage import MAIN
from tfgan2.recipe.machine import Machine
from tfgan2.recipe.timing import Pace

SMALL = ("--data.image_size=8", "--network.width_multiplier=0.05", "--network.latent_dim=4", "--jit=off")


@pytest.fixture(scope="session")
def small():
    """Flags that make the networks of a recipe tiny."""
    return SMALL


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Folder of folders: colour, alpha, grey, classes and others."""
    root, random = tmp_path_factory.mktemp("pictures"), np.random.default_rng(0)

    def draw(folder, count, mode="RGB", size=(20, 24)):
        (root / folder).mkdir(parents=True)
        channels = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
        for number in range(count):
            pixels = random.integers(0, 256, (*size, *channels), np.uint8)
            Image.fromarray(pixels).save(root / folder / f"{number}.png")

    draw("colour", 24)
    draw("alpha", 24, "RGBA")
    draw("grey", 24, "L")
    draw("classes/cats", 12)
    draw("classes/dogs", 12)
    draw("others", 12, "L", (30, 30))
    return root


@pytest.fixture(scope="session")
def machine():
    """A CPU with two cores."""
    return Machine(cores=2, gpus=0, bfloat16=False)


@pytest.fixture
def paces():
    """(seconds of a step at 32 pixels) -> function of the settings that returns the `Pace` of each training."""

    def made(seconds):
        def paces_of(settings):
            stages = settings.factories["method"].stages_of(settings.arguments("method"))
            size = settings.values["data.image_size"]
            main = Pace(1.0, seconds * (size / 32) ** 2 * (settings.values["network.width_multiplier"] / 0.25) ** 2)
            trained = [stage.name for stage in stages if settings.values[f"{stage.name}.train_steps"]]
            return {name: Pace(1.0, seconds) for name in trained} | {MAIN: main}

        return paces_of

    return made
