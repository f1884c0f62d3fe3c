"""Losses of partitioners: known answers, and what a descent makes of neighbours."""

import functools
import math

import numpy as np
import pytest
import tensorflow as tf
from modes import MODES

from tfgan2.losses.partition import neighbor_loss

batch_mean = functools.partial(tf.reduce_mean, axis=0)


def loss_of(anchors, neighbors, entropy_weight=0.1, balance_weight=5.0, mean=batch_mean):
    logits = [tf.constant(array, tf.float32) for array in (anchors, neighbors)]
    loss, terms = neighbor_loss(*logits, entropy_weight=entropy_weight, balance_weight=balance_weight, mean=mean)
    return float(loss), {name: float(value) for name, value in terms.items()}


def test_equal_logits():
    loss, terms = loss_of(np.zeros([6, 4]), np.zeros([6, 4]))
    log_k = math.log(4)
    assert terms == pytest.approx({"consistency": -log_k, "entropy": log_k, "balance": log_k}, rel=1e-5)
    assert loss == pytest.approx(log_k + 0.1 * log_k - 5 * log_k, rel=1e-5)


def test_sure_logits():
    sure = 100.0 * np.eye(4)
    loss, terms = loss_of(sure, sure)  # each part has a sample with its neighbour: the lowest loss there is
    assert terms == pytest.approx({"consistency": 0, "entropy": 0, "balance": math.log(4)}, abs=1e-6)
    assert loss == pytest.approx(-5 * math.log(4), rel=1e-5)
    # Neighbours in other parts: log 1e-8. All in one part: no balance.
    assert loss_of(sure, np.roll(sure, 1, axis=0))[1]["consistency"] == pytest.approx(math.log(1e-8), rel=1e-5)
    assert loss_of(sure[[0, 0]], sure[[0, 0]])[1]["balance"] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("mode", MODES)
def test_the_formula(mode):
    random = np.random.default_rng(0)
    anchors, neighbors = random.normal(size=(2, 9, 3))
    first, second = (np.exp(f) / np.exp(f).sum(1, keepdims=True) for f in (anchors, neighbors))
    mean = first.mean(0)
    terms = {
        "consistency": np.mean(np.log((first * second).sum(1))),
        "entropy": -np.mean((first * np.log(first)).sum(1)),
        "balance": -(mean * np.log(mean)).sum(),
    }
    function = functools.partial(neighbor_loss, entropy_weight=0.7, balance_weight=2.0, mean=batch_mean)
    loss, found = MODES[mode](function)(tf.constant(anchors, tf.float32), tf.constant(neighbors, tf.float32))
    assert {name: float(value) for name, value in found.items()} == pytest.approx(terms, rel=1e-5)
    expected = -terms["consistency"] + 0.7 * terms["entropy"] - 2.0 * terms["balance"]
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_the_mean_is_the_callers():
    sure = 100.0 * np.eye(2)
    elsewhere = lambda probabilities: (batch_mean(probabilities) + np.float32([1, 0])) / 2.0  # noqa: E731
    _, terms = loss_of(sure, sure, mean=elsewhere)
    assert terms["balance"] == pytest.approx(-0.75 * math.log(0.75) - 0.25 * math.log(0.25), rel=1e-5)


def test_the_gradient_is_finite_for_sure_logits():
    logits = tf.constant(1000.0 * np.eye(3), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss, _ = neighbor_loss(logits, logits[::-1], entropy_weight=0.1, balance_weight=5.0, mean=batch_mean)
    assert np.isfinite(tape.gradient(loss, logits)).all()


def test_descent_gives_each_group_of_neighbours_a_part():
    # Three groups of four, each sample with the next of its group as neighbour.
    neighbors = np.array([4 * (i // 4) + (i + 1) % 4 for i in range(12)])
    logits = tf.Variable(0.1 * np.random.default_rng(3).normal(size=(12, 3)), dtype=tf.float32)

    @tf.function
    def descend():
        with tf.GradientTape() as tape:
            near = tf.gather(logits, neighbors)
            loss, terms = neighbor_loss(logits, near, entropy_weight=0.1, balance_weight=1.0, mean=batch_mean)
        logits.assign_sub(tf.convert_to_tensor(tape.gradient(loss, logits)))
        return terms

    for _ in range(600):
        terms = descend()
    parts = np.argmax(logits, axis=1).reshape(3, 4)
    assert (parts == parts[:, :1]).all() and len(set(parts[:, 0])) == 3
    assert float(terms["consistency"]) > -0.05 and float(terms["balance"]) == pytest.approx(math.log(3), abs=0.01)
