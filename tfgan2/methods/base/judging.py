"""Samples of several sources in one pass through a discriminator."""

import collections

import keras
import tensorflow as tf

from tfgan2.layers.batch_statistics import BatchStatisticsNormalization
from tfgan2.losses.penalties import roth

_COUPLING = (keras.layers.BatchNormalization, BatchStatisticsNormalization)


def couples_samples(network):
    """Whether an output in training mode depends on the other samples of the batch, as with batch norm."""
    return any(isinstance(layer, _COUPLING) for layer in network._flatten_layers())


def judge(discriminator, samples, names):
    """The outputs of a discriminator in training mode for samples of several sources, in one pass.

    With batch norm the pass has the samples of all sources, even if only some outputs are needed. If each source passed
    alone, the discriminator could recognise a source by the statistics of its batch. One image would have different
    outputs in different batches, and the outputs would not estimate density ratios.

    Args:
      discriminator: Network: [n, ...] -> outputs [n, units].
      samples: source -> [n, ...]; n may differ.
      names: Sources whose outputs are needed.

    Returns:
      Name -> outputs [n, units].
    """
    passed = list(samples if couples_samples(discriminator) else dict.fromkeys(names))
    outputs = discriminator(tf.concat([samples[name] for name in passed], 0), training=True)
    parts = dict(zip(passed, tf.split(outputs, [samples[name].shape[0] for name in passed]), strict=True))
    return {name: parts[name] for name in names}


def regularizer(discriminator, heads, trained, samples):
    """Roth's regulariser of several heads, in one pass over the samples that each head compares.

    With batch norm the pass has each source equally often, as in `judge`. Samples that no head needs have the weight 0.

    Args:
      discriminator: Network: [n, ...] -> logits [n, heads].
      heads: All heads of the discriminator, each a `Head`.
      trained: The heads to regularise.
      samples: source -> [n, ...]; n may differ.

    Returns:
      A scalar.
    """
    parts = [(name, label, head, 1.0) for head in trained for name, label in ((head.first, 1.0), (head.second, 0.0))]
    if couples_samples(discriminator):
        counts = collections.Counter(name for name, *_ in parts)
        most = max(counts.values())
        parts += [(name, 0.0, trained[0], 0.0) for name, count in counts.items() for _ in range(most - count)]
    inputs, labels, weights, places = [], [], [], []
    for name, label, head, weight in parts:
        rows = samples[name].shape[0]
        inputs.append(samples[name])
        labels.append(tf.fill([rows], label))
        weights.append(tf.fill([rows], weight / rows))
        places.append(tf.fill([rows], heads.index(head)))
    chosen = tf.one_hot(tf.concat(places, 0), len(heads))
    logits = lambda x: tf.reduce_sum(chosen * discriminator(x, training=True), axis=1)  # noqa: E731
    return roth(logits, *(tf.concat(each, 0) for each in (inputs, labels, weights)))
