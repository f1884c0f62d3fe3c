"""What is chosen of a data set by classes, and how it comes in batches: positives, negatives, minorities."""

import itertools

import numpy as np
import pytest

from tfgan2.data.batches import batches_of_parts
from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part
from tfgan2.data.selection import select, with_negatives_of
from tfgan2.data.synthetic import ring10
from tfgan2.errors import InputError

RING = ring10(points_per_mode=20)
LABELS = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0], np.int32)
IMAGES = ImageSet(
    "animals", np.arange(10 * 16, dtype=np.uint8).reshape(10, 4, 4, 1), LABELS, ("cat", "dog", "owl", "elk")
)
OVERLAP = {"positive_classes": (1, 2, 4, 5, 7, 9), "negative_classes": (0, 2, 3, 6, 8, 9)}


def classes(part):
    return sorted(set(part.data.labels[part.rows].tolist()))


def test_nothing_is_chosen():
    chosen = select(RING, 0)
    assert chosen.positive == chosen.everything == chosen.target == Part(RING) and chosen.negative is None
    assert chosen.positive.size == 200 and chosen.positive.taken() is RING


def test_classes_that_overlap():
    chosen = select(RING, 0, **OVERLAP)
    assert classes(chosen.positive) == [1, 2, 4, 5, 7, 9] and classes(chosen.negative) == [0, 2, 3, 6, 8, 9]
    assert (chosen.positive.size, chosen.negative.size, chosen.everything.size) == (120, 120, 200)
    np.testing.assert_array_equal(chosen.target.rows, chosen.positive.rows)
    taken = chosen.target.taken()
    np.testing.assert_array_equal(taken.samples, RING.samples[np.isin(RING.labels, OVERLAP["positive_classes"])])
    np.testing.assert_array_equal(taken.centers, RING.centers[[1, 2, 4, 5, 7, 9]])
    assert taken.std == RING.std


def test_positives_are_what_is_not_negative():
    chosen = select(IMAGES, 0, negative_classes=(1,))
    assert classes(chosen.positive) == [0, 2] and chosen.everything.size == 10
    taken = chosen.positive.taken()
    np.testing.assert_array_equal(taken.samples, IMAGES.samples[LABELS != 1])
    assert taken.labels.tolist() == [0, 2, 0, 2, 0, 2, 0] and taken.class_names == IMAGES.class_names
    assert len(chosen.positive.taken(at_most=3).samples) == 4


def test_several_minorities():
    labels = RING.labels[select(RING, 3, minority=("5:4", "7:2")).positive.rows]
    assert np.bincount(labels).tolist() == [20, 20, 20, 20, 20, 4, 20, 2, 20, 20]


def test_auxiliary_samples_are_set_apart():
    chosen = select(RING, 3, positive_classes=(1, 5), auxiliary_classes=(5,), auxiliary_count=8, minority=("1:12",))
    assert np.bincount(RING.labels[chosen.positive.rows]).tolist() == [0, 12, 0, 0, 0, 12]
    assert RING.labels[chosen.auxiliary.rows].tolist() == [5] * 8
    assert not set(chosen.positive.rows) & set(chosen.auxiliary.rows)
    assert chosen.target.size == 40  # the distribution that is to be learnt knows nothing of parts
    assert select(RING, 3, auxiliary_classes=(5, 6)).auxiliary.size == 20  # half
    rows = [select(RING, seed, auxiliary_classes=(5,)).auxiliary.rows.tolist() for seed in (3, 3, 4)]
    assert rows[0] == rows[1] != rows[2]
    assert select(RING, 3).auxiliary is None


def test_classes_without_those_of_auxiliary_samples():
    chosen = select(RING, 3, positive_classes=(1, 5), auxiliary_classes=(5,))
    assert (classes(chosen.target), classes(chosen.target_without_auxiliary)) == ([1, 5], [1])
    assert classes(select(RING, 3, positive_classes=(5,), auxiliary_classes=(5,)).target_without_auxiliary) == [5]
    whole = select(RING, 3, positive_classes=(1, 5))
    np.testing.assert_array_equal(whole.target_without_auxiliary.rows, chosen.target.rows)
    assert select(RING, 3).target_without_auxiliary == Part(RING)


def test_classes_by_name():
    for by_name, by_number in (
        ({"positive_classes": ("cat", "2")}, {"positive_classes": (0, 2)}),
        ({"negative_classes": ("dog",)}, {"negative_classes": (1,)}),
        ({"auxiliary_classes": ("owl", "cat")}, {"auxiliary_classes": (2, 0)}),
        ({"minority": ("cat:2", "owl: 1")}, {"minority": ("0:2", "2:1")}),
    ):
        named, numbered = select(IMAGES, 3, **by_name), select(IMAGES, 3, **by_number)
        assert named.auxiliary_classes == numbered.auxiliary_classes
        for one, other in zip(named[:4], numbered[:4], strict=True):
            assert (one is None) == (other is None)
            if one is not None:
                np.testing.assert_array_equal(one.all_rows, other.all_rows)
    colon = IMAGES._replace(class_names=("a:b", "c,d", "owl"))
    assert classes(select(colon, 0, minority=("a:b:1",), negative_classes=("c,d",)).negative) == [1]
    with pytest.raises(InputError) as raised:
        select(IMAGES, 0, positive_classes=("dgo",))
    assert str(raised.value) == (
        "positive_classes is 'dgo'; it must be made of classes of animals: 0 = cat, 1 = dog, 2 = owl, 3 = elk. Did you "
        "mean dog?"
    )


def test_a_minority():
    chosen = select(RING, 3, positive_classes=(5,), negative_classes=(0, 1), minority=("5:4",))
    assert chosen.positive.size == 4 and set(chosen.positive.rows) < set(range(100, 120))
    assert (chosen.negative.size, chosen.everything.size, chosen.target.size) == (40, 44, 20)
    again, other = (select(RING, seed, minority=("5:4",)).positive.rows for seed in (3, 4))
    assert set(chosen.positive.rows) <= set(again) and len(again) == 184
    assert set(again) != set(other)


def test_contamination():
    chosen = select(RING, 0, positive_classes=(0, 1, 2, 3), negative_classes=(5, 6), contamination=0.2)
    # 20 of 100 are negative.
    of_negatives = np.isin(RING.labels[chosen.positive.rows], (5, 6))
    assert (of_negatives.sum(), chosen.positive.size, chosen.target.size) == (20, 100, 80)
    # Each sample once, although some negatives are among the positives.
    np.testing.assert_array_equal(chosen.everything.rows, np.flatnonzero(np.isin(RING.labels, (0, 1, 2, 3, 5, 6))))


def test_negatives_of_another_set():
    other = ring10(points_per_mode=3, seed=1)
    chosen = with_negatives_of(select(RING, 0, positive_classes=(0,)), Part(other))
    assert chosen.positive.size == 20 and chosen.negative.size == 30
    assert chosen.everything is chosen.positive


@pytest.mark.parametrize(
    ("data", "arguments", "message"),
    [
        (
            RING,
            {"positive_classes": (10,)},
            "positive_classes is 10; it must be made of classes of ring10: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
        ),
        (
            IMAGES,
            {"negative_classes": (-1,)},
            "negative_classes is -1; it must be made of classes of animals: 0 = cat, 1 = dog, 2 = owl, 3 = elk.",
        ),
        (
            IMAGES,
            {"negative_classes": (3,)},
            "negative_classes is 3; it must be made of classes that animals has samples of.",
        ),
        (
            IMAGES,
            {"positive_classes": (0, 1), "negative_classes": (1, 0)},
            "negative_classes is (1, 0); it must be different from the positive_classes.",
        ),
        (
            IMAGES,
            {"negative_classes": (0, 1, 2)},
            "negative_classes is (0, 1, 2); it must be fewer than all classes of animals.",
        ),
        (
            IMAGES._replace(labels=None),
            {"positive_classes": (0,)},
            "positive_classes is (0,); it must be empty for animals, which has no classes. Sort images into "
            "sub-folders, save labels beside arrays, or give the negatives as a separate dataset by "
            "--negative_dataset.",
        ),
        (
            IMAGES._replace(class_names=tuple(map(str, range(30)))),
            {"positive_classes": (30,)},
            "positive_classes is 30; it must be made of classes of animals: 0 to 29.",
        ),
        (
            RING,
            {"auxiliary_classes": (11,)},
            "auxiliary_classes is 11; it must be made of classes of ring10: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
        ),
        (
            RING,
            {"auxiliary_classes": (5,), "auxiliary_count": 21},
            "auxiliary_count is 21; it must be in [1, 20], the number of positive samples of the auxiliary_classes 5.",
        ),
        (
            RING,
            {"positive_classes": (5,), "auxiliary_classes": (5,), "auxiliary_count": 20},
            "auxiliary_count is 20; it must be smaller, as it sets all positive samples apart.",
        ),
        (
            RING,
            {"minority": ("5",)},
            "minority is '5'; it must be CLASS:COUNT, such as 5:200 for 200 samples of class 5.",
        ),
        (
            RING,
            {"minority": ("5:0",)},
            "minority is '5:0'; it must be CLASS:COUNT, such as 5:200 for 200 samples of class 5.",
        ),
        (
            RING,
            {"minority": ("5:21",)},
            "minority is '5:21'; it must be 5:COUNT with at most 20, the samples of class 5 in ring10.",
        ),
        (
            RING,
            {"minority": ("11:2",)},
            "minority is '11'; it must be made of classes of ring10: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.",
        ),
        (RING, {"contamination": 1.0}, "contamination is 1.0; it must be in [0, 1)."),
        (
            RING,
            {"contamination": 0.1},
            "contamination is 0.1; it must be 0 without negative_classes, which the samples are taken of.",
        ),
        (
            RING,
            {"contamination": 0.5, "negative_classes": (0,)},
            "contamination is 0.5; it must be smaller: it needs 180 negative samples, and only 20 exist.",
        ),
    ],
)
def test_what_cannot_be_chosen(data, arguments, message):
    with pytest.raises(InputError) as raised:
        select(data, 0, **arguments)
    assert str(raised.value) == message


def test_negatives_that_do_not_fit():
    chosen = select(IMAGES, 0)
    wide = IMAGES._replace(name="wide", samples=np.zeros((5, 4, 4, 3), np.uint8))
    with pytest.raises(InputError) as raised:
        with_negatives_of(chosen, Part(wide))
    assert str(raised.value) == (
        "animals has samples of shape [4, 4, 1] and wide of [4, 4, 3]; give both the same, images by --data.image_size "
        "and --data.channels"
    )
    with pytest.raises(InputError) as raised:
        with_negatives_of(chosen, Part(IMAGES._replace(name="copy", samples=IMAGES.samples.copy())))
    assert str(raised.value) == "animals and copy hold the same samples; the negatives must differ"


def drawn(parts, first_step=0, steps=5, batch_size=8, **options):
    """Key -> [steps, batch_size, ...]."""
    data = next(iter(parts.values())).data
    stream = batches_of_parts(
        parts, data.scaling("raw"), batch_size=batch_size, seed=7, first_step=first_step, **options
    )
    batches = list(itertools.islice(stream, steps))
    return {key: np.stack([batch[key].numpy() for batch in batches]) for key in batches[0]}


def test_parts_are_shuffled_by_themselves_and_the_smaller_one_is_repeated():
    chosen = select(RING, 0, positive_classes=(0, 1, 2, 3), negative_classes=(5, 6))
    found = drawn({"positive": chosen.positive, "negative": chosen.negative}, steps=10)
    # 10 steps of 8 are one pass over the 80 positives and two over the 40 negatives.
    wanted = {tuple(point) for point in RING.samples[chosen.positive.rows]}
    assert sorted(map(tuple, found["positive"].reshape(-1, 2))) == sorted(wanted)
    halves = found["negative"].reshape(2, 40, 2)
    for half in halves:
        assert {tuple(point) for point in half} == {tuple(point) for point in RING.samples[chosen.negative.rows]}
    assert not np.array_equal(*halves)


def test_parts_of_one_set_have_orders_of_their_own():
    found = drawn({"positive": Part(RING), "negative": Part(RING)}, steps=25)
    assert not np.array_equal(found["positive"], found["negative"])


def test_batches_are_a_function_of_the_step():
    chosen = select(IMAGES, 0, negative_classes=(1,))
    parts = {"positive": chosen.positive, "negative": chosen.negative}
    whole = drawn(parts, steps=6, batch_size=3)
    resumed = drawn(parts, first_step=4, steps=2, batch_size=3)
    for key in parts:
        np.testing.assert_array_equal(resumed[key], whole[key][4:])


def test_a_part_smaller_than_a_batch_fills_it():
    part = Part(IMAGES, np.array([2, 5, 8]))
    (batch,) = drawn({"real": part}, steps=1)["real"]
    values, counts = np.unique((batch * 255).round().astype(int)[:, 0, 0, 0], return_counts=True)
    assert values.tolist() == [32, 80, 128] and counts.sum() == 8 and counts.min() >= 2


def test_labels_come_with_their_samples():
    found = drawn({"real": Part(RING, np.arange(40))}, labels=True)
    assert found["labels"].dtype == np.int32 and set(found["labels"].ravel()) == {0, 1}
    nearest = np.linalg.norm(found["real"][:, :, None] - RING.centers, axis=-1).argmin(-1)
    np.testing.assert_array_equal(found["labels"], nearest)
