"""Functions and networks with values and gradients that can be computed by hand."""

import keras
import numpy as np
import tensorflow as tf


def tensors(*arrays):
    """Float32 tensors of arrays."""
    return [tf.constant(array, tf.float32) for array in arrays]


def linear(kernel, bias):
    """A network x -> x @ kernel + bias."""
    layer = keras.layers.Dense(len(bias))
    network = keras.Sequential([keras.Input((len(kernel),)), layer])
    layer.set_weights([np.array(kernel, "float32"), np.array(bias, "float32")])
    return network


def linear_logits(weights):
    """A function [n, d] -> logits [n, 1]. Its gradient is `weights` everywhere."""
    return lambda inputs: tf.linalg.matvec(inputs, weights)[:, None]


def softplus(values):
    """log(1 + exp(values)), the logistic loss of logits -values."""
    return np.log1p(np.exp(values))


def sigmoid(values):
    """1 / (1 + exp(-values)), the probability of logits."""
    return 1.0 / (1.0 + np.exp(-values))
