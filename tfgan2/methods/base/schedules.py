"""Schedules of weights, decays and probabilities: functions of the step that work in graphs and XLA."""

import math

import tensorflow as tf


def cosine(step, steps, start, end):
    """From `start` at step 0 to `end` at `steps` by half a cosine; `end` after it.

    R3GAN schedules the learning rate, Adam's beta_2, the weight of its penalties and the probability of augmentation
    in this way (NeurIPS 2024).

    Args:
      step: Number of steps before this one, an integer or a tensor.
      steps: Length of the schedule in steps, at least 1.
      start: First value.
      end: Last value.

    Returns:
      float32 scalar.
    """
    progress = tf.clip_by_value(tf.cast(step, tf.float32) / float(steps), 0.0, 1.0)
    return end + (start - end) * (1.0 + tf.cos(math.pi * progress)) / 2.0


def half_life_decay(step, batch_size, half_life, ramp=None):
    """The decay of a moving average for a half-life in samples (StyleGAN2, 2020).

    With a ramp the half-life is at most this share of the samples so far. The average then forgets the untrained
    weights of the start; its first decay is 0.

    Args:
      step: Number of steps before this one, an integer or a tensor.
      batch_size: Number of samples in a step, over all replicas.
      half_life: Half-life in samples, above 0.
      ramp: Share of the samples so far, above 0; None for a constant half-life.

    Returns:
      float32 scalar in [0, 1): 0.5^(batch_size / half_life).
    """
    half_life = tf.constant(float(half_life))
    if ramp is not None:
        half_life = tf.minimum(half_life, ramp * float(batch_size) * tf.cast(step, tf.float32))
    return tf.pow(0.5, float(batch_size) / tf.maximum(half_life, 1e-8))
