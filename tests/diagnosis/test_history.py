"""Values by name, phases, and the last stretch of a run."""

import numpy as np

from tfgan2.diagnosis.history import History


def test_values_of_a_name_in_order():
    history = History()
    history.add(10, {"a": 1.0, "b": None})
    history.add(20, {"a": float("nan"), "b": 2.0})
    history.add(30, {"a": 3.0})
    np.testing.assert_array_equal(history.of("a"), [[10, 30], [1, 3]])
    assert history.of("c").shape == (2, 0) and history.step == 30
    assert history.last("a", 3) is None and history.last("a", 1).tolist() == [3]


def test_a_phase_begins_anew():
    history = History(first_step=20)
    history.add(20, {"a": 1.0})
    history.add(21, {"a": 2.0})
    np.testing.assert_array_equal(history.of("a"), [[21], [2]])


def test_last_stretch():
    history = History()
    for step in range(100, 10_001, 100):
        history.add(step, {"a": step, "b": -step})
    since, values, others = history.recent("a", "b")
    assert since == 8000 and values.tolist() == list(range(8100, 10_001, 100)) and others.tolist() == (-values).tolist()
    assert history.recent("a", "missing") is None


def test_last_stretch_has_eight_points_and_500_steps():
    def recent(points, every):
        history = History()
        for point in range(points):
            history.add((point + 1) * every, {"a": 0.0})
        return history.recent("a")

    assert recent(7, 500) is None and recent(8, 50) is None
    since, values = recent(8, 500)
    assert since == 0 and len(values) == 8
    since, values = recent(15, 50)
    assert since == 250 and len(values) == 10
