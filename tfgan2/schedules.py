"""How a weight, a decay or a probability moves over training: functions of the step, for graphs and XLA."""

import math

import tensorflow as tf


def cosine(step, steps, start, end):
    """From `start` at step 0 to `end` at `steps` by half a cosine; `end` after it.

    R3GAN lets the learning rate, Adam's beta_2, the weight of its penalties and the probability of augmentation move
    so (NeurIPS 2024).

    Args:
      step: steps before this one, integer or tensor.
      steps: length of the schedule, at least 1.
      start: value at first.
      end: value at last.

    Returns:
      float32 scalar.
    """
    progress = tf.clip_by_value(tf.cast(step, tf.float32) / float(steps), 0.0, 1.0)
    return end + (start - end) * (1.0 + tf.cos(math.pi * progress)) / 2.0


def half_life_decay(step, batch_size, half_life, ramp=None):
    """The decay of a moving average that forgets half within so many samples, whatever the batch (StyleGAN2, 2020).

    With a ramp the half-life is at most this share of all samples so far, so that an average does not hold on to the
    untrained weights of the start; that of the first step is 0.

    Args:
      step: steps before this one, integer or tensor.
      batch_size: samples in a step, of all replicas.
      half_life: in samples, above 0.
      ramp: share, above 0, such as .05; None for a constant half-life.

    Returns:
      float32 scalar in [0, 1): 0.5^(batch_size / half_life).
    """
    half_life = tf.constant(float(half_life))
    if ramp is not None:
        half_life = tf.minimum(half_life, ramp * float(batch_size) * tf.cast(step, tf.float32))
    return tf.pow(0.5, float(batch_size) / tf.maximum(half_life, 1e-8))
