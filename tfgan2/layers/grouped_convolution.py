"""Convolutions in groups of channels."""

import functools

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("tfgan2")
class GroupedConv2D(keras.layers.Conv2D):
    """`keras.layers.Conv2D` with `groups`, at the speed of TensorFlow's own operation.

    TensorFlow cannot differentiate grouped convolutions on CPUs without oneDNN. Keras therefore compiles each with XLA,
    anew at every call. This layer uses TensorFlow's operation where it can be differentiated, and otherwise one
    convolution for each group.
    """

    def convolution_op(self, inputs, kernel):
        strides, padding = list(self.strides), self.padding.upper()
        if self.groups == 1 or differentiates_groups():
            return tf.nn.conv2d(inputs, kernel, strides, padding)
        pairs = zip(tf.split(inputs, self.groups, axis=-1), tf.split(kernel, self.groups, axis=-1), strict=True)
        return tf.concat([tf.nn.conv2d(part, own, strides, padding) for part, own in pairs], axis=-1)


@functools.cache
def differentiates_groups():
    """Whether TensorFlow can differentiate grouped convolutions on this machine, found by trying a small one."""
    with tf.init_scope():
        images, kernel = tf.ones([1, 2, 2, 2]), tf.ones([1, 1, 1, 2])
        with tf.GradientTape() as tape:
            tape.watch([images, kernel])
            outputs = tf.nn.conv2d(images, kernel, 1, "SAME")
        try:
            tape.gradient(outputs, [images, kernel])
        except (tf.errors.UnimplementedError, tf.errors.InvalidArgumentError):
            return False
    return True
