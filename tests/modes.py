"""The modes in which TensorFlow executes a function."""

import tensorflow as tf

MODES = {
    "eager": lambda function: function,
    "graph": lambda function: tf.function(function, autograph=False),
    "xla": lambda function: tf.function(function, jit_compile=True, autograph=False),
}
"""Name -> a function that returns a given function in this mode."""
