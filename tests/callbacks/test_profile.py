"""The profile covers the chunks between its two steps."""

import pytest

from tfgan2.callbacks.profile import Profile


@pytest.fixture
def calls(monkeypatch):
    calls = []
    monkeypatch.setattr("tensorflow.profiler.experimental.start", lambda folder: calls.append(f"start {folder}"))
    monkeypatch.setattr("tensorflow.profiler.experimental.stop", lambda: calls.append("stop"))
    return calls


@pytest.mark.parametrize(
    ("first", "last", "begin", "expected"),
    [
        (10, 30, 0, ["0", "start W", "10", "20", "stop", "30", "40"]),
        (5, 15, 0, ["0", "start W", "10", "stop", "20", "30", "40"]),
        (0, 10, 0, ["start W", "0", "stop", "10", "20", "30", "40"]),
        (10, 90, 0, ["0", "start W", "10", "20", "30", "40", "stop"]),
        (10, 60, 20, ["start W", "20", "30", "40", "stop"]),
        (10, 20, 20, ["20", "30", "40"]),
        (50, 60, 0, ["0", "10", "20", "30", "40"]),
    ],
)
def test_window(calls, game, first, last, begin, expected):
    played = game(begin)
    profile = Profile("W", first=first, last=last)
    profile.set_model(played)
    profile.on_train_begin()
    calls.append(str(begin))
    for step in range(begin + 10, 50, 10):
        played.global_step = step
        profile.on_train_batch_end(step)
        calls.append(str(step))
    profile.on_train_end()
    assert calls == expected


def test_leaves_a_profile(tmp_path, play):
    play([Profile(tmp_path, first=10, last=20)], [(10, {}), (10, {}), (10, {})])
    assert list(tmp_path.glob("plugins/profile/*/*.xplane.pb"))


@pytest.mark.parametrize("steps", [(-1, 5), (5, 5), (7, 3)])
def test_bad_steps(steps):
    first, last = steps
    with pytest.raises(ValueError, match=rf"profile are {first} and {last}; they must be 0 <= first < last\.$"):
        Profile("W", first=first, last=last)
