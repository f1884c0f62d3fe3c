"""Penalties on a discriminator's gradient at the samples themselves (Mescheder et al., 2018): R1 and R2.

R1 is at real samples and R2 is at generated samples. Both flatten the discriminator where these samples lie. The
standard GAN then converges locally. R3GAN's relativistic loss needs both (NeurIPS 2024).
"""

import tensorflow as tf

from tfgan2.losses.gradients import input_gradient, sample_sums


def penalized(function, samples):
    """Logits of samples, and 1/2 E ||gradient of the logit with respect to the sample||^2 from the same pass.

    Times gamma it is the penalty gamma/2 E ||gradient||^2 of R1 or R2. Norms are computed in float32, whatever the
    precision of the networks. A loss that uses these logits saves a pass through the discriminator.

    Args:
      function: Maps samples [n, ...] to one logit per sample, [n] or [n, 1]. Samples must not interact. For a
        discriminator with several logits it returns the one that the loss compares.
      samples: Real or generated samples, [n, ...].

    Returns:
      (logits, penalty): the output of `function` in float32, and a scalar >= 0.
    """
    logits, gradient = input_gradient(lambda inputs: tf.cast(function(inputs), tf.float32), samples)
    return logits, tf.reduce_mean(sample_sums(tf.square(tf.cast(gradient, tf.float32)))) / 2.0


def lazily(penalty, step, every):
    """A penalty that is computed at every k-th step only, with k times the weight (StyleGAN2, 2020).

    Args:
      penalty: A function without arguments that returns a scalar.
      step: Integer tensor, the number of steps before this one.
      every: k, at least 1.

    Returns:
      k * penalty() if k divides the step, otherwise 0.
    """
    return tf.cond(step % every == 0, lambda: float(every) * penalty(), lambda: 0.0)
