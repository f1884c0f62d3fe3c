"""What is kept of data: whole, equal after reading, and different where the data are."""

import json

import numpy as np
import pytest

from tfgan2.data.facts import Facts, difference, facts_of_set, from_json, to_json
from tfgan2.data.images import load_images
from tfgan2.data.kinds import POINTS
from tfgan2.data.points import PointSet
from tfgan2.data.scaling import Scaling
from tfgan2.data.synthetic import ring8

AS_BEFORE = "2 points of 2 as before, with other content or in another order"
LABELS = np.arange(6, dtype=np.int32) % 2


def points(values, labels=None):
    names = () if labels is None else tuple(map(str, range(labels.max() + 1)))
    return PointSet("npz:x", np.asarray(values, np.float32), None, None, labels, names)


def facts(*sets):
    names = ("--dataset", "--negative_dataset")
    of_sets = {name: facts_of_set(one) for name, one in zip(names, sets, strict=False)}
    return Facts(POINTS, Scaling(0.1, 1 / 3), (0, 2), (2,), of_sets)


def test_equal_after_reading():
    kept = facts(ring8(), points(np.eye(2)))
    assert from_json(to_json(kept)) == kept
    assert kept.shape == (2,) and kept.class_names == tuple("01234567")


def test_content_decides():
    base = np.arange(12.0).reshape(6, 2)
    digest = facts_of_set(points(base, LABELS)).digest
    assert digest == facts_of_set(points(base.copy(), LABELS)._replace(name="npz:elsewhere")).digest
    changed = base.copy()
    changed[3, 1] = np.nextafter(np.float32(changed[3, 1]), np.float32(99))
    for other in (points(changed, LABELS), points(base[::-1], LABELS), points(base, 1 - LABELS), points(base[:5])):
        assert facts_of_set(other).digest != digest


def test_digests_of_images_come_from_the_cache(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (6, 8, 8), np.uint8)
    np.savez(tmp_path / "a.npz", images=images, labels=LABELS)
    np.savez(tmp_path / "b.npz", images=images, labels=1 - LABELS)
    np.savez(tmp_path / "c.npz", images=images, labels=LABELS, class_names=["x", "y"])
    a, b, c = (load_images(f"npz:{tmp_path}/{name}.npz") for name in "abc")
    assert a.digest == c.digest != b.digest and len(a.digest) == 64
    assert facts_of_set(a).digest == a.digest == load_images(f"npz:{tmp_path}/a.npz").digest


@pytest.mark.parametrize(
    ("before", "now", "lines"),
    [
        ((np.eye(2),), (np.eye(2),), []),
        ((np.eye(2),), (np.ones((3, 2)),), ["--dataset: was 2 points of 2, now 3 points of 2"]),
        ((np.eye(2),), (np.eye(3),), ["--dataset: was 2 points of 2, now 3 points of 3"]),
        (
            (np.eye(2),),
            (np.ones((2, 2)),),
            ["--dataset: 2 points of 2 as before, with other content or in another order"],
        ),
        ((np.eye(2), np.eye(2)), (np.eye(2),), ["--negative_dataset: is not given now"]),
        ((np.eye(2),), (np.eye(2), np.eye(2)), ["--negative_dataset: was not given"]),
    ],
)
def test_differences(before, now, lines):
    assert difference(facts(*map(points, before)), facts(*map(points, now))) == lines


def test_other_classes():
    before, now = facts(points(np.eye(2), LABELS[:2])), facts(points(np.eye(2), LABELS[:2] + 1))
    assert difference(before, now) == [f"--dataset: {AS_BEFORE}, and other classes"]


def test_damage_is_noticed():
    data = to_json(facts(ring8()))
    record = json.loads(data)
    record["data"]["scaling"]["scale"] = 0.5
    for bad, reason in (
        (data[:-30], "Expecting|Unterminated"),
        (b"", "Expecting value"),
        (b"\xff", "utf-8|decode"),
        (b"[]", "it has another form"),
        (b"{}", "it has another form"),
        (json.dumps(record).encode(), "its checksum is wrong"),
    ):
        with pytest.raises(ValueError, match=reason):
            from_json(bad)
