"""Cross-entropy of classes, and projections on labels."""

import math

import pytest
import tensorflow as tf

from tfgan2.losses.classification import class_loss, projected


def test_cross_entropy():
    # Of a sure right answer 0, of two equal logits ln 2, of a wrong answer by ln 3 ln 4.
    logits = tf.constant([[100.0, 0.0], [1.0, 1.0], [math.log(3), 0.0]])
    assert float(class_loss(logits, tf.constant([0, 1, 1]))) == pytest.approx((math.log(2) + math.log(4)) / 3, rel=1e-6)


def test_projection():
    found = projected(tf.constant([[1.0], [2.0]]), tf.constant([[10.0, 20.0], [30.0, 40.0]]), tf.constant([1, 0]))
    assert found.numpy().tolist() == [[21.0], [32.0]]
