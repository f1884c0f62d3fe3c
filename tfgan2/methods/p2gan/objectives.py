"""What P2GAN's players minimise (Eq. 2 of the paper), for the pulls or for the pushes.

A discriminator with batch norm sees all sources of its heads, data and generated samples, as one batch in every pass,
also in the generators' update and in the regulariser. The paper does not say what one batch is. If each source passed
alone, the discriminator would not recognise an image that the unwanted data and a generator share. In a probe with half
of the generated images unwanted, the push on these images had the weight 0.36 after 400 updates, and it fell. In one
batch the weight was 0.66; the exact value is 2/3.
"""

import tensorflow as tf

from tfgan2.losses.divergences import DIVERGENCES
from tfgan2.losses.verdicts import verdicts
from tfgan2.losses.weighted_means import weighted_means
from tfgan2.methods.base.judging import judge, regularizer
from tfgan2.methods.p2gan.forces import PULL, discriminator_weights, generator_weights, heads_of, sources_of


def discriminator_objective(kind, discriminator, all_heads, forces, samples, *, gamma):
    """The sum over the heads of the negative bounds on their divergences, and Roth's regulariser.

    Args:
      kind: "pull" or "push".
      discriminator: samples -> logits [n, heads].
      all_heads: The discriminator's heads.
      forces: The present forces of this kind. Their heads are trained.
      samples: source -> samples [n, ...].
      gamma: Weight of the regulariser; half of it multiplies the regulariser.

    Returns:
      (loss, terms to report).
    """
    heads = heads_of(forces)
    names = sources_of(heads)
    logits = judge(discriminator, {name: samples[name] for name in names}, names)
    loss = weighted_means(logits, discriminator_weights(all_heads, heads))
    terms = {f"{kind}_loss": loss}
    if kind == PULL:
        terms |= _verdicts(all_heads, heads, logits)
    if gamma:
        terms[f"{kind}_regularizer"] = regularizer(discriminator, all_heads, heads, samples)
        loss += 0.5 * gamma * terms[f"{kind}_regularizer"]
    return loss, terms


def compared(discriminator, all_heads, heads, samples):
    """What some heads compare: (function, samples) of their first sources, and the same of their second sources.

    The function maps samples, those of one head after the other, to the logits of their heads, [n].
    """

    def side(names):
        places = [
            tf.fill([samples[name].shape[0]], all_heads.index(head)) for head, name in zip(heads, names, strict=True)
        ]
        chosen = tf.one_hot(tf.concat(places, 0), len(all_heads))
        logits = lambda points: tf.reduce_sum(chosen * discriminator(points, training=True), axis=1)  # noqa: E731
        return logits, tf.concat([samples[name] for name in names], 0)

    return side([head.first for head in heads]), side([head.second for head in heads])


def generator_objective(discriminator, all_heads, forces, samples, *, saturating):
    """The divergences of the pulls, or the negative divergences of the pushes; a scalar."""
    weights = generator_weights(all_heads, forces, saturating=saturating)
    sources = {name: samples[name] for name in sources_of(heads_of(forces)) if name in samples}
    return weighted_means(judge(discriminator, sources, [name for _, name in weights]), weights)


def _verdicts(all_heads, heads, logits):
    """The terms to report of the log density ratios of the heads, over the sources and over the generators."""

    def ratios(side):
        return [
            DIVERGENCES[head.divergence].log_ratio(logits[getattr(head, side)][:, all_heads.index(head)])
            for head in heads
        ]

    return verdicts(tf.concat(ratios("first"), 0), tf.concat(ratios("second"), 0))
