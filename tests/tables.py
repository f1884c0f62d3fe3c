"""Finite distributions: a sample is a one-hot row, so that a dense layer without bias is a table of logits."""

import keras
import numpy as np
import tensorflow as tf


def rows_of(counts):
    """One-hot rows [sum of counts, values], as many of each value as its count."""
    return tf.constant(np.repeat(np.eye(len(counts)), counts, axis=0), tf.float32)


def table(logits):
    """A network: one-hot rows [n, values] -> their rows of a table [values, heads]."""
    logits = np.asarray(logits, "float32")
    network = keras.Sequential([keras.Input(logits.shape[:1]), keras.layers.Dense(logits.shape[1], use_bias=False)])
    network.set_weights([logits])
    return network


def same_rows(values, *, choices=False):
    """A generator that returns its latents, one-hot rows [n, values]."""
    latents = keras.Input((values,))
    rows = keras.layers.Dense(values, use_bias=False, kernel_initializer="identity")(latents)
    return keras.Model([latents, keras.Input((), dtype="int32")] if choices else latents, rows)


def slope(network, loss):
    """The largest absolute value in the gradient of a loss, a function of nothing, by the weights of a network."""
    with tf.GradientTape() as tape:
        value = loss()
    return max(np.abs(gradient).max() for gradient in tape.gradient(value, network.trainable_variables))
