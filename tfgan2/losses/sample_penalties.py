"""Penalties on a discriminator's gradient at the samples themselves (Mescheder et al., 2018): R1 and R2.

R1 is at real samples, R2 at generated ones. Their gradients by the discriminator's weights draw it to a constant where
these samples are, which makes the standard GAN converge locally; R3GAN's relativistic loss needs both.
"""

import tensorflow as tf

from tfgan2.losses.gradients import input_gradient, sample_sums


def penalized(function, samples):
    """Logits of samples, and 1/2 E ||gradient of the logit by the sample||^2 from the same pass.

    With the weight gamma this is the gamma/2 E ||gradient||^2 of R1 and R2. The norms are sums in float32, whatever
    the precision of the networks. A loss that uses these logits saves a pass through the discriminator.

    Args:
      function: samples [n, ...] -> one logit a sample, [n] or [n, 1]; samples must not interact. Of a discriminator
        with several logits it is the one that the loss compares.
      samples: [n, ...].

    Returns:
      (logits, penalty): as `function` gives them, and a scalar >= 0.
    """
    logits, gradient = input_gradient(lambda inputs: tf.cast(function(inputs), tf.float32), samples)
    return logits, tf.reduce_mean(sample_sums(tf.square(tf.cast(gradient, tf.float32)))) / 2.0


def lazily(penalty, step, every):
    """A penalty that is computed every few steps only, and weighs as many times more then (StyleGAN2, 2020).

    Its sum over `every` steps has the same size as if it were computed at each.

    Args:
      penalty: () -> scalar.
      step: integer tensor, which counts the steps from 0.
      every: how many steps there are from one computation to the next, at least 1.

    Returns:
      every * penalty() where `every` divides the step, else 0.
    """
    if every == 1:
        return penalty()
    return tf.cond(step % every == 0, lambda: float(every) * penalty(), lambda: 0.0)
