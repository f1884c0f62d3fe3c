"""The modes in which TensorFlow executes a function."""

import tensorflow as tf

MODES = {
    "eager": lambda function: function,
    "graph": tf.function,
    "xla": lambda function: tf.function(function, jit_compile=True),
}
"""Name -> a function that returns a given function in this mode."""
