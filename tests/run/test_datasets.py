"""The data that flags choose, and the parts of them that a method trains on."""

from types import SimpleNamespace

import numpy as np
import pytest

from tfgan2 import flags
from tfgan2.data.facts import difference, from_json, to_json
from tfgan2.data.kinds import POINTS
from tfgan2.errors import InputError
from tfgan2.methods import METHODS
from tfgan2.run.datasets import check_labels, facts_of, load_data, parts_for, wanted_part


def chosen(*argv, method="standard_gan"):
    common = (f"--method={method}", "--dataset=ring8", "--data.points_per_mode=10", "--train_steps=1", "--workdir=w")
    return load_data(flags.parse("train", [*common, *argv]))


def game(*keys, learns_every_class=False, steps=1, made_negatives=()):
    return SimpleNamespace(
        batch_keys=keys,
        wanted_keys=keys,
        learns_every_class=learns_every_class,
        discriminator_steps=steps,
        made_negatives=made_negatives,
    )


def classes(part):
    return sorted(set(part.data.labels[part.all_rows].tolist()))


CHOSEN = ("--data.positive_classes=1,2", "--data.negative_classes=2,5")


def test_positive_or_negative_or_everything():
    data = chosen(*CHOSEN, method="rumi")
    options = {"name": "rumi", "batch_size": 4}
    assert classes(parts_for(game("real"), data, **options)["real"]) == [1, 2]
    assert classes(parts_for(game("real", learns_every_class=True), data, **options)["real"]) == [1, 2, 5]
    parts = parts_for(game("positive", "negative"), data, **options)
    assert {key: classes(part) for key, part in parts.items()} == {"positive": [1, 2], "negative": [2, 5]}
    assert data.names_negatives and data.sampled_classes == (1, 2)


def test_facts():
    data = chosen(*CHOSEN)
    facts = facts_of(data, data.data.scaling("unit"))
    assert (facts.kind, facts.trained_classes, facts.sampled_classes) == (POINTS, (1, 2, 5), (1, 2))
    assert facts.scaling == data.data.scaling("unit") and facts.sets["--dataset"].count == 80


def test_auxiliary_classes_are_wanted_if_they_pull():
    data = chosen("--data.positive_classes=1,2", "--data.auxiliary_classes=2")
    assert classes(wanted_part(game("real"), data)) == [1]
    assert classes(wanted_part(game("real", "auxiliary_0"), data)) == [1, 2]
    parts = parts_for(game("real", "auxiliary_0"), data, name="p2gan", batch_size=4)
    assert np.bincount(data.data.labels[parts["auxiliary_0"].rows]).tolist() == [0, 0, 5]


def test_negatives_that_are_missing():
    data = chosen()
    assert not data.names_negatives
    with pytest.raises(InputError, match=r"^--method=rumi learns from negatives, too; name them by "):
        parts_for(game("positive", "negative"), data, name="rumi", batch_size=4)


@pytest.mark.parametrize("flags", [("--data.negative_classes=2",), ("--negative_dataset=ring10",)])
def test_negatives_that_are_made_and_given(flags):
    maker = game("real", made_negatives=("jigsaw", "mixup"))
    assert classes(parts_for(maker, chosen("--data.positive_classes=1"), name="rumi", batch_size=4)["real"]) == [1]
    message = (
        "^--method=rumi makes its negatives from the real images, by --rumi.negatives=jigsaw,mixup; leave out this "
        "flag, or --data.negative_classes and --negative_dataset$"
    )
    with pytest.raises(InputError, match=message):
        parts_for(maker, chosen(*flags, method="rumi"), name="rumi", batch_size=4)


def test_steps_that_need_more_samples_than_there_are():
    message = (
        r"^a step needs 120 samples \(--batch_size=40 times 3 discriminator steps\), but ring8 has 80; take a smaller"
    )
    with pytest.raises(InputError, match=message):
        parts_for(game("real", steps=3), chosen(), name="logan", batch_size=40)


def test_labels_of_two_data_sets():
    data = chosen("--negative_dataset=ring10", method="rumi")
    message = r"^--method=acgan learns from the labels of one dataset; instead of --negative_dataset=ring10 put both"
    with pytest.raises(InputError, match=message):
        check_labels(METHODS["acgan"], data, name="acgan")
    check_labels(METHODS["gngan"], data, name="gngan")


def test_held_out_samples_of_every_dataset(tmp_path):
    for name, mean in (("negative", 1), ("auxiliary", 2)):
        points = np.random.default_rng(mean).normal(mean, 1, (40, 2)).astype(np.float32)
        np.savez(tmp_path / f"{name}.npz", points=points)
    places = {name: f"npz:{tmp_path / name}.npz" for name in ("negative", "auxiliary")}
    flags_of = [f"--negative_dataset={places['negative']}", f"--auxiliary_dataset={places['auxiliary']}"]
    data = chosen("--data.held_out=0.25", *flags_of, method="rumi")
    parts = parts_for(game("positive", "negative"), data, name="rumi", batch_size=4)
    parts["auxiliary"] = data.auxiliary[0]
    for key, held_out in (("positive", 20), ("negative", 10), ("auxiliary", 10)):
        rows = parts[key].all_rows
        assert len(parts[key].data.held_out) == held_out and len(rows) == 3 * held_out
        assert not np.isin(rows, parts[key].data.held_out).any()
    facts, other = (
        facts_of(one, data.data.scaling("unit"))
        for one in (data, chosen("--data.held_out=0.25", "--seed=1", *flags_of, method="rumi"))
    )
    assert {flag: one.held_out for flag, one in facts.sets.items()} == {
        "--dataset": 20,
        "--negative_dataset": 10,
        "--auxiliary_dataset (0)": 10,
    }
    assert from_json(to_json(facts)) == facts
    assert difference(facts, other)[0] == "--dataset: 20 samples were held out, and 20 are now, but others"
