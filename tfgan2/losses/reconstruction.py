"""Discriminator losses that take reconstructions as real samples, or as fakes (Dist-GAN; GN-GAN, Eq. 7 and 8)."""

import tensorflow as tf

from tfgan2.losses.gradients import GRADIENT_NORMS
from tfgan2.losses.penalties import interpolate, two_sided


def logistic(real_logits, reconstruction_logits, fake_logits, *, reconstruction_weight):
    """The negative of GN-GAN's Eq. 7 without its penalty, to be minimised.

    (1 - a) E[-log D(x)] + a E[-log D(G(E(x)))] + E[-log(1 - D(G(z)))], with D the sigmoid of the logits.

    Args:
      real_logits, reconstruction_logits, fake_logits: logits of x, G(E(x)) and G(z).
      reconstruction_weight: the weight a, in [0, 1].

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

    The hinge acts on probabilities, which never reach 1, so that it is linear in them:
    -(1 - a) E[D(x)] - a E[D(G(E(x)))] + E[D(G(z))]. Arguments and result as for `logistic`.
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
    """The negative of V_D, Eq. 7 or 8 of GN-GAN with its penalty V_P: (||grad|| - 1)^2 between real and generated.

    Args:
      discriminator: samples [n, ...] -> logits [n, 1].
      real, reconstructions, fake: x, G(E(x)) and G(z), [n, ...]; reconstructions None leaves them out.
      mixing: [n], where on the segment between x and G(z) the penalty looks, in [0, 1].
      adversarial_loss: `logistic` or `hinge` of this module.
      reconstruction_weight: the weight alpha of reconstructions; real samples have the weight 1 - alpha.
      penalty_weight: the weight lambda_p.
      gradient_penalty_on: "probability" or "logit", whose gradient norm is drawn to 1.
      gradient_norm: of that gradient, "l2" or "rms", the L2 norm over sqrt(d) of a sample of d elements.
      reconstructions_are: "real", or "fake" as in Dist-GAN's code for points.

    Returns:
      (loss, terms): the scalar to minimise, and what to report.
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
    terms = {
        "real_probability": tf.reduce_mean(tf.sigmoid(real_logits)),
        "fake_probability": tf.reduce_mean(tf.sigmoid(fake_logits)),
    }
    if penalty_weight:
        penalized = {"logit": discriminator, "probability": lambda samples: tf.sigmoid(discriminator(samples))}
        points, norm = interpolate(real, fake, mixing), GRADIENT_NORMS[gradient_norm]
        terms["gradient_penalty"] = two_sided(penalized[gradient_penalty_on], points, norm=norm)
        loss += penalty_weight * terms["gradient_penalty"]
    return loss, terms


RECONSTRUCTION_LOSSES = {"log": logistic, "hinge": hinge}
