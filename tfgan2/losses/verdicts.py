"""What a discriminator thinks of real and of generated samples: terms that every method reports beside its loss."""

import tensorflow as tf


def verdicts(real_logits, fake_logits, boundary=0.0):
    """The terms to report beside a discriminator's loss.

    `real_probability` and `fake_probability` are the mean sigmoids of the logits minus the boundary, for real and for
    generated samples. With the logistic loss they are the discriminator's mean probabilities of being real.
    `real_called_real` and `fake_called_real` are the shares of samples above the boundary. With a boundary, the
    heuristic r_t of ADA (Karras et al., NeurIPS 2020) is 2 `real_called_real` - 1.

    Args:
      real_logits, fake_logits: Logits of any shapes.
      boundary: The logit above which the discriminator calls a sample real. None if only differences of logits count.
        Each real sample is then compared with the generated sample of the same row, whose logit is its boundary, and
        the reverse. There must be as many of both.

    Returns:
      Name -> scalar.
    """
    real_boundary, fake_boundary = (fake_logits, real_logits) if boundary is None else (boundary, boundary)
    sides = {"real": real_logits - real_boundary, "fake": fake_logits - fake_boundary}
    terms = {f"{side}_probability": tf.reduce_mean(tf.sigmoid(logits)) for side, logits in sides.items()}
    called = {f"{side}_called_real": tf.cast(logits > 0, tf.float32) for side, logits in sides.items()}
    return terms | {name: tf.reduce_mean(values) for name, values in called.items()}
