"""How often a run goes back, what it writes before it does, and that all workers go back together."""

from types import SimpleNamespace

import pytest
import tensorflow as tf

from tfgan2.errors import NonFiniteError
from tfgan2.run import loop
from tfgan2.system.recoveries import Recovery, read_recoveries

REASON = "generator/loss is not finite at step 3."


def always_fails(monkeypatch, workdir, recover):
    """A run that fails at step 3, whose checkpoint is of step 2."""

    def fail(*_):
        raise NonFiniteError(REASON)

    monkeypatch.setattr(loop, "_train_on", fail)
    monkeypatch.setattr(loop, "restore", lambda run, team: None)
    model = SimpleNamespace(global_step=2, distribute_strategy=tf.distribute.get_strategy())
    return SimpleNamespace(training=SimpleNamespace(workdir=workdir, recover=recover), model=model)


@pytest.mark.parametrize(
    ("recover", "message"),
    [
        (0, REASON),
        (1, f"{REASON} The run has gone back 1 time, and --recover=1 allows no more."),
        (2, f"{REASON} The run has gone back 2 times, and --recover=2 allows no more."),
    ],
)
def test_a_run_goes_back_as_often_as_it_may(recover, message, monkeypatch, tmp_path):
    run = always_fails(monkeypatch, tmp_path, recover)
    for _ in range(2):  # Recoveries before a restart count.
        with pytest.raises(NonFiniteError) as raised:
            loop.train(run, [])
        assert str(raised.value) == message
        assert read_recoveries(tmp_path) == (Recovery(2, REASON),) * recover


class TwoWorkers:
    """A team of this worker and one with another fault."""

    def __init__(self, fault_of_the_other):
        self._other = float(fault_of_the_other)

    def gather(self, value):
        return [(float(value),), (self._other,)]


@pytest.mark.parametrize(
    ("mine", "other", "message"),
    [(True, False, REASON), (True, True, REASON), (False, True, "a number of another worker is not finite; see its ")],
)
def test_workers_fail_together(mine, other, message):
    with pytest.raises(NonFiniteError, match=message), loop._together(TwoWorkers(other)):
        if mine:
            raise NonFiniteError(REASON)


def test_workers_without_a_fault_go_on():
    with loop._together(TwoWorkers(False)):
        pass
