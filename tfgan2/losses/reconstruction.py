"""Discriminator losses with reconstructions as real or fake samples (Dist-GAN; GN-GAN, Eq. 7 and 8).

They are not the losses of two kinds of samples in `adversarial.py`, which have like names.
"""

import tensorflow as tf

from tfgan2.losses.gradients import GRADIENT_NORMS
from tfgan2.losses.penalties import interpolate, two_sided
from tfgan2.losses.verdicts import verdicts


def logistic(real_logits, reconstruction_logits, fake_logits, *, reconstruction_weight):
    """The negative of GN-GAN's Eq. 7 without its penalty, to be minimised.

    (1 - a) E[-log D(x)] + a E[-log D(G(E(x)))] + E[-log(1 - D(G(z)))]; D is the sigmoid of the logits.

    Args:
      real_logits, reconstruction_logits, fake_logits: Logits of x, G(E(x)) and G(z), each of any shape.
      reconstruction_weight: The weight a, in [0, 1].

    Returns:
      A scalar.
    """
    return (
        (1.0 - reconstruction_weight) * tf.reduce_mean(tf.nn.softplus(-real_logits))
        + reconstruction_weight * tf.reduce_mean(tf.nn.softplus(-reconstruction_logits))
        + tf.reduce_mean(tf.nn.softplus(fake_logits))
    )


def hinge(real_logits, reconstruction_logits, fake_logits, *, reconstruction_weight):
    """The negative of GN-GAN's Eq. 8 without its penalty, to be minimised.

    The hinge acts on probabilities. Probabilities are below 1, so the hinge is never 0. Without its constant, the
    loss is -(1 - a) E[D(x)] - a E[D(G(E(x)))] + E[D(G(z))]. Arguments and result are those of `logistic`.
    """
    return (
        tf.reduce_mean(tf.sigmoid(fake_logits))
        - (1.0 - reconstruction_weight) * tf.reduce_mean(tf.sigmoid(real_logits))
        - reconstruction_weight * tf.reduce_mean(tf.sigmoid(reconstruction_logits))
    )


def discriminator_loss(
    discriminator,
    real,
    reconstructions,
    fake,
    mixing,
    *,
    adversarial_loss,
    reconstruction_weight,
    penalty_weight,
    gradient_penalty_on,
    gradient_norm,
    reconstructions_are="real",
):
    """-V_D: the negative of GN-GAN's Eq. 7 or 8, with the penalty V_P = (||grad|| - 1)^2 between x and G(z).

    Args:
      discriminator: Maps samples [n, ...] to logits [n, 1].
      real, reconstructions, fake: x, G(E(x)) and G(z), [n, ...]; None for no reconstructions.
      mixing: Numbers in [0, 1], [n]: the places of the penalty between x and G(z).
      adversarial_loss: `logistic` or `hinge` of this module.
      reconstruction_weight: Weight alpha of reconstructions; that of real samples is 1 - alpha.
      penalty_weight: Weight lambda_p of the penalty.
      gradient_penalty_on: Output whose gradient norm must be 1: "probability" or "logit".
      gradient_norm: Norm of that gradient: "l2", or "rms", which is the L2 norm over sqrt(d) for samples of d elements.
      reconstructions_are: Side of the reconstructions: "real", or "fake" as in Dist-GAN's code for points.

    Returns:
      (loss, terms): the scalar to minimise and the terms to report.
    """
    real_logits, fake_logits = discriminator(real), discriminator(fake)
    if reconstructions is None:
        reconstruction_logits, reconstruction_weight = real_logits, 0.0
    else:
        reconstruction_logits = discriminator(reconstructions)
    if reconstructions_are == "fake":
        reconstruction_logits = -reconstruction_logits  # 1 - D is the probability of being fake
    loss = adversarial_loss(
        real_logits, reconstruction_logits, fake_logits, reconstruction_weight=reconstruction_weight
    )
    terms = verdicts(real_logits, fake_logits)
    if penalty_weight:
        penalized = {"logit": discriminator, "probability": lambda samples: tf.sigmoid(discriminator(samples))}
        points, norm = interpolate(real, fake, mixing), GRADIENT_NORMS[gradient_norm]
        terms["gradient_penalty"] = two_sided(penalized[gradient_penalty_on], points, norm=norm)
        loss += penalty_weight * terms["gradient_penalty"]
    return loss, terms


RECONSTRUCTION_LOSSES = {"log": logistic, "hinge": hinge}
