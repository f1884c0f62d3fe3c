"""Batches for training, drawn from parts of datasets."""

import zlib

import numpy as np
import tensorflow as tf

from tfgan2.data.pipeline import batch_stream

_READY_BYTES = 2**28  # Largest size of prefetched batches.


def batches_of_parts(parts, scaling, *, seed, labels=False, **options):
    """Returns batches of all parts together: {key: float32 [batch_size, ...]}.

    Each part is shuffled separately and repeated, each time in a new order. If the first part has neighbours, batches
    also have "neighbors": a neighbour of each of its samples.

    Args:
      parts: Key -> `Part`.
      scaling: The `Scaling` of the data.
      seed: Seed of the order, flips and noise.
      labels: Whether batches also have "labels", int32 [batch_size], the classes of the first part.
      **options: Further arguments of `training_batches`.
    """
    streams = []
    for place, (key, part) in enumerate(parts.items()):
        own_seed = seed ^ zlib.crc32(key.encode()) << 31 if place else seed
        own = {"key": key, "rows": part.rows, "seed": own_seed, "labels": labels and not place}
        own |= {"neighbors": None if place else part.neighbors}
        streams.append(training_batches(part.data, scaling, **own, **options))
    if len(streams) == 1:
        return streams[0]
    return tf.data.Dataset.zip(*streams).map(lambda *batches: {k: v for batch in batches for k, v in batch.items()})


def training_batches(
    data,
    scaling,
    *,
    batch_size,
    seed,
    key="real",
    rows=None,
    labels=False,
    neighbors=None,
    first_step=0,
    last_step=None,
    prefetch=8,
    shard=(0, 1),
):
    """Returns batches {key: float32 [batch_size, ...]} in the range of the networks. See `batch_stream`.

    A value v of an image is v / 255 in data units. With `dequantize` it is (v + u) / 256, with u uniform in (0, 1) in
    steps of 1/256.

    Args:
      data: A `DataSet`.
      scaling: The `Scaling` of the data.
      batch_size: Samples of one batch over all workers.
      key: Key of the samples in a batch.
      rows: int64 [m], the training samples. None takes all. If there are fewer than a batch, they are repeated.
      labels: Whether batches also have "labels", int32 [batch_size].
      neighbors: int32 [n, K], the neighbours of each sample, or None. Batches then also have "neighbors", a random
        neighbour of each sample with its own flips and noise.
      seed: Seed of the order, neighbours, flips and noise.
      first_step: Number of the first batch.
      last_step: Number of the last batch plus 1. None gives an infinite stream.
      prefetch: Number of batches to prepare in advance. It is smaller if they take more than 256 MiB.
      shard: (index, count) of this worker.
    """
    if rows is not None and len(rows) < batch_size:
        rows = np.tile(rows, -(-batch_size // len(rows)))
    partners = {} if neighbors is None else {"neighbors": (key, neighbors)}
    samples, transform = _INPUTS[data.kind.name](data, scaling, key, partners)
    values = (1 + len(partners)) * batch_size // shard[1] * int(np.prod(data.shape))
    return batch_stream(
        {key: samples} | ({"labels": data.labels} if labels else {}),
        batch_size=batch_size,
        seed=seed,
        first_step=first_step,
        last_step=last_step,
        prefetch=max(2, min(prefetch, _READY_BYTES // (4 * values))),
        parallel_calls=1 if transform is None else 2,
        transform=transform,
        shard=shard,
        rows=rows,
        partners=partners,
    )


def _points(data, scaling, key, partners):
    """All points in the range of the networks. Batches need no transform."""
    return scaling.to_network(data.samples).astype("float32"), None


def _images(data, scaling, key, partners):
    """Stored images, and the transform of a batch: flips, noise, and the range of the networks."""

    def varied(images, random_bytes, of=""):
        if data.flip:
            images = flipped(images, random_bytes(f"{of}flip", 1)[:, 0] < 128)
        levels, noise = 255, 0.0
        if data.dequantize:
            levels = 256
            noise = tf.reshape(random_bytes(f"{of}dequantize", int(np.prod(images.shape[1:]))), tf.shape(images))
            noise = (tf.cast(noise, tf.float32) + 0.5) / 256
        images = tf.cast(images, tf.float32) + noise
        if scaling.background is not None:
            return scaling.to_network(images / levels)
        return images / (levels * scaling.scale) - scaling.offset / scaling.scale

    def transform(batch, random_bytes):
        images = {key: varied(batch[key], random_bytes)}
        images |= {name: varied(batch[name], random_bytes, f"{name} ") for name in partners}
        return batch | images

    return data.samples, transform


_INPUTS = {"points": _points, "images": _images}


def flipped(images, chosen):
    """Mirrors the chosen images (booleans [n]) of [n, height, width, channels] left to right."""
    rows = tf.where(chosen)
    # Mirroring all images and selecting would take four times as long.
    return tf.tensor_scatter_nd_update(images, rows, tf.reverse(tf.gather_nd(images, rows), [2]))
