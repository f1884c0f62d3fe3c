"""The f-divergences of f-GAN (Nowozin, Cseke and Tomioka, 2016), as functions of a discriminator's logits.

D_f(P||Q) is the integral of q f(p / q). It is at least E_P[T] - E_Q[f*(T)] for every T, with equality for T = f'(p /
q). The discriminator gives T = g(v) for its logit v. The activation g increases, and its range is the domain of f*.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf

_LOG_2 = math.log(2.0)
_SMALLEST = 1e-12  # lower bound of a ratio before the logarithm
_LARGEST = 30.0  # upper bound of a logit before the exponential; e^30 is 1e13


class Divergence(NamedTuple):
    """One f-divergence, element by element.

    The functions avoid logarithms of exponentials and are finite for every finite logit.

    Attributes:
      activation: logits -> T = g(v), increasing, of the same shape.
      conjugate: logits -> f*(g(v)), of the same shape.
      log_ratio: logits of the optimal discriminator -> log(p / q), of the same shape.
    """

    activation: Callable[[tf.Tensor], tf.Tensor]
    conjugate: Callable[[tf.Tensor], tf.Tensor]
    log_ratio: Callable[[tf.Tensor], tf.Tensor]


def _exp(logits):
    return tf.exp(tf.minimum(logits, _LARGEST))


def _minus_one(logits):
    return logits - 1.0


def _kl_conjugate(logits):
    return _exp(logits - 1.0)


def _reverse_kl_activation(logits):
    return -_exp(-logits)


def _pearson_conjugate(logits):
    return tf.square(logits) / 4.0 + logits


def _pearson_log_ratio(logits):
    return tf.math.log(tf.maximum(logits / 2.0 + 1.0, _SMALLEST))


def _hellinger_activation(logits):
    return 1.0 - _exp(-logits)


def _hellinger_conjugate(logits):
    return _exp(logits) - 1.0


def _twice(logits):
    return 2.0 * logits


def _gan_activation(logits):
    return -tf.nn.softplus(-logits)


def _jensen_shannon_activation(logits):
    return _LOG_2 + _gan_activation(logits)


def _jensen_shannon_conjugate(logits):
    return tf.nn.softplus(logits) - _LOG_2


kl = Divergence(tf.identity, _kl_conjugate, _minus_one)
"""f(u) = u log u; at the optimum v = 1 + log(p / q)."""

reverse_kl = Divergence(_reverse_kl_activation, _minus_one, tf.identity)
"""f(u) = -log u; at the optimum v = log(p / q). A preprint of f-GAN prints the activation -e^v, which decreases."""

pearson = Divergence(tf.identity, _pearson_conjugate, _pearson_log_ratio)
"""f(u) = (u - 1)^2; at the optimum v = 2 (p / q - 1) >= -2. For v < -2 the conjugate is that of f on all of R."""

squared_hellinger = Divergence(_hellinger_activation, _hellinger_conjugate, _twice)
"""f(u) = (sqrt(u) - 1)^2; at the optimum v = log(p / q) / 2."""

jensen_shannon = Divergence(_jensen_shannon_activation, _jensen_shannon_conjugate, tf.identity)
"""f(u) = u log u - (u + 1) log((1 + u) / 2), twice the usual divergence in nats; at the optimum v = log(p / q)."""

gan = Divergence(_gan_activation, tf.nn.softplus, tf.identity)
"""f(u) = u log u - (u + 1) log(u + 1), that of the standard GAN; at the optimum v = log(p / q)."""

DIVERGENCES = {
    "kl": kl,
    "reverse_kl": reverse_kl,
    "pearson": pearson,
    "squared_hellinger": squared_hellinger,
    "jensen_shannon": jensen_shannon,
    "gan": gan,
}
