"""Communication of one and of two workers, and a worker that ends early."""

import signal

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.distribution.team import Team

JOIN = """
import os
from tfgan2.distribution import strategy
from tfgan2.distribution.team import Team
"""
GATHER = """
team = Team(strategy.join_workers({}, cluster=None, timeout=60))
with team.leaving_together():
    print(team.is_chief, team.gather(team.index + 0.5, 7), team.gather(team.index))
"""
ONE_ENDS_BEFORE_IT_JOINS = """
strategy._CONNECT_SECONDS = 3
if '"index": 1' in os.environ["TF_CONFIG"]:
    strategy.tf.distribute.MultiWorkerMirroredStrategy = lambda _: os._exit(0)
strategy.join_workers({}, cluster=None, timeout=60)
"""


@pytest.mark.parametrize("replicas", [1, 2])
def test_one_process(replicas, two_replicas):
    strategy = two_replicas if replicas == 2 else tf.distribute.get_strategy()
    team = Team(strategy)
    assert (team.index, team.count, team.is_chief) == (0, 1, True)
    assert team.gather(1.0, 2.0) == [(1.0, 2.0)]
    with team.leaving_together():
        team.wait()
    batch = next(team.distribute(tf.data.Dataset.from_tensors({"real": np.arange(4.0)})))["real"]
    parts = [part.numpy() for part in strategy.experimental_local_results(batch)]
    assert len(parts) == replicas
    np.testing.assert_array_equal(np.concatenate(parts), np.arange(4.0))


def test_two_workers_exchange_numbers(start_workers):
    gathered = "[(0.5, 7.0), (1.5, 7.0)] [(0.0,), (1.0,)]\n"
    ended = [process.end() for process in start_workers(JOIN + GATHER, [[], []])]
    assert ended == [(0, f"True {gathered}", ""), (0, f"False {gathered}", "")]


def test_a_worker_that_ends_before_it_connects(start_workers):
    chief, other = [process.end() for process in start_workers(JOIN + ONE_ENDS_BEFORE_IT_JOINS, [[], []])]
    assert (chief.code, other.code) == (-signal.SIGALRM, 0)
