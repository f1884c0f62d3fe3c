"""What the samples of a choice are called."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tfgan2.evaluation.sampling import names_of_choices
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP


class Chooser(StandardGAN):
    """Whose samples can be chosen."""

    offered_choices = (0, 1, 2)


@pytest.fixture
def experiment():
    """(choice, class names) -> what `names_of_choices` needs of a run."""

    def experiment(choice, class_names):
        latents, labels = keras.Input((2,)), keras.Input((), dtype="int32")
        generator = keras.Model([latents, labels], latents + keras.layers.Embedding(3, 2)(labels))
        model = Chooser(generator, MLP(hidden_units=4).discriminator((2,)))
        model.choice = choice
        return SimpleNamespace(model=model, facts=SimpleNamespace(class_names=class_names))

    return experiment


@pytest.mark.parametrize(
    ("choice", "class_names", "expected"),
    [
        ("label", ("cat", "dog", "owl"), ["owl", "cat", "owl", "cat"]),
        ("label", (), ["label 2", "label 0", "label 2", "label 0"]),
        ("generator", ("cat", "dog", "owl"), ["generator 2", "generator 0", "generator 2", "generator 0"]),
        ("partition", (), ["partition 2", "partition 0", "partition 2", "partition 0"]),
        (None, ("cat", "dog", "owl"), []),
    ],
)
def test_names(choice, class_names, expected, experiment):
    run = experiment(choice, class_names)
    assert list(names_of_choices(run, count=4, seed=0, choice=(2, 0) if choice else ())) == expected


def test_names_of_drawn_choices_are_those_of_the_samples(experiment):
    run = experiment("label", ("cat", "dog", "owl"))
    _, drawn = run.model.latents(3, 50)
    names = names_of_choices(run, count=50, seed=3)
    assert set(names) == {"cat", "dog", "owl"}
    np.testing.assert_array_equal(np.array(run.facts.class_names)[drawn], names)
