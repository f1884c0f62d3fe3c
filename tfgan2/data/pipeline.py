"""Batches as a pure function of (seed, step). So a resumed run has the same batches as one that was never stopped."""

import zlib

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError


def batch_stream(
    arrays,
    *,
    batch_size,
    seed,
    first_step=0,
    last_step=None,
    prefetch=8,
    parallel_calls=1,
    transform=None,
    shard=(0, 1),
    rows=None,
    partners=None,
):
    """Returns an infinite or finite stream of shuffled batches.

    The arrays form one dataset: row i of each array belongs to sample i. Every epoch has each sample once, in a new
    order. A batch may span the end of an epoch, so all batches have the same size. Memory-mapped arrays stay on disk,
    and a batch reads only its rows.

    Args:
      arrays: Name -> array [n, ...], with equal n.
      batch_size: Samples in a batch, at most n.
      seed: Seed of the order, in [0, 2^63).
      first_step: Number of the first batch.
      last_step: Number of the last batch plus 1. None gives an infinite stream.
      prefetch: Number of batches to prepare in advance.
      parallel_calls: Number of batches to prepare at the same time.
      transform: Function of a batch and its `RandomBytes` that returns the final batch.
      shard: (index, count) of this worker. It gets the part `index` of `count` equal parts of every batch.
      rows: Integers [m], the samples of the dataset. A sample may occur more than once. None takes each sample once.
      partners: Name -> (name of an array, integers [n, K]). The batch also has this array's row of a partner, which is
        drawn uniformly from the K samples of each sample.

    Returns:
      A `tf.data.Dataset` of dicts name -> [batch_size / count, ...].

    Raises:
      InputError: The batch is larger than the dataset or not divisible by the number of workers. The dataset is empty,
        or its arrays differ in length. A partner is not a sample.
    """
    partners = partners or {}
    counts = {name: len(array) for name, array in arrays.items()}
    counts |= {name: len(choices) for name, (_, choices) in partners.items()}
    if len(set(counts.values())) != 1:
        raise InputError(f"the arrays of a dataset must have one length, the number of samples; these have {counts}.")
    count = counts.popitem()[1] if rows is None else len(rows)
    if not 0 < batch_size <= count:
        raise InputError(
            f"the batch of {batch_size} samples must be at least 1 and at most the {count} of the dataset."
        )
    worker, workers = shard
    if batch_size % workers:
        raise InputError(f"the batch of {batch_size} samples cannot be shared by {workers} workers; take a multiple.")
    tensors = {name: _tensor(array) for name, array in arrays.items()}
    partners = {name: (of, _choices(name, choices)) for name, (of, choices) in partners.items()}
    chosen = None if rows is None else tf.constant(rows, tf.int64)
    share = slice(worker * batch_size // workers, (worker + 1) * batch_size // workers)

    def batch(step):
        rows = shuffled_rows(step, batch_size=batch_size, count=count, seed=seed)[share]
        rows = tf.ensure_shape(rows, [batch_size // workers])
        rows = rows if chosen is None else tf.gather(chosen, rows)
        random_bytes = RandomBytes(seed, step, batch_size, share)
        samples = {name: tf.gather(tensor, rows) for name, tensor in tensors.items()}
        for name, (of, choices) in partners.items():
            words = tf.bitcast(random_bytes(f"partner {name}", 4), tf.uint32)
            column = tf.cast(words, tf.int64) % choices.shape[1]
            chosen_rows = tf.gather(tf.gather(choices, rows), column[:, None], batch_dims=1)[:, 0]
            samples[name] = tf.gather(tensors[of], chosen_rows)
        return samples if transform is None else transform(samples, random_bytes)

    steps = tf.data.Dataset.range(first_step, tf.int64.max if last_step is None else last_step)
    options = tf.data.Options()
    options.autotune.enabled = False  # The autotune thread would delay the end of a run by up to a minute.
    options.experimental_optimization.apply_default_optimizations = (
        False  # The default optimizations would copy the arrays.
    )
    options.deterministic = True
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return steps.map(batch, num_parallel_calls=parallel_calls).prefetch(prefetch).with_options(options)


class RandomBytes:
    """Random bytes for the samples of one batch. They depend on seed, step, stream, and row in the global batch only.

    Args:
      seed: Seed of the run.
      step: Number of the batch.
      batch_size: Samples of the global batch over all workers.
      share: Slice of the global batch for this worker.
    """

    def __init__(self, seed, step, batch_size, share):
        self._seed = seed
        self._step = step
        self._batch_size = batch_size
        self._share = share

    def __call__(self, stream, count):
        """Returns random numbers, uint8 [samples, count].

        Args:
          stream: A name, different for each use.
          count: Bytes per sample.
        """
        key = tf.stack([tf.constant(self._seed ^ zlib.crc32(stream.encode()) << 31, tf.int64), self._step])
        shape = [self._batch_size, -(-count // 4)]
        words = tf.random.stateless_uniform(shape, key, None, None, tf.uint32, alg="philox")[self._share]
        return tf.reshape(tf.bitcast(words, tf.uint8), [-1, 4 * shape[1]])[:, :count]


def shuffled_rows(step, *, batch_size, count, seed):
    """Returns the rows [batch_size] of batch `step` in an endless stream of shuffled epochs over `count` rows.

    Every epoch is a permutation that depends on (seed, epoch). A batch has at most `count` rows, so it spans at most
    two epochs.
    """
    positions = tf.cast(step, tf.int64) * batch_size + tf.range(batch_size, dtype=tf.int64)
    epochs = positions // count
    keys = tf.gather([_epoch_key(seed, epochs[0]), _epoch_key(seed, epochs[0] + 1)], epochs - epochs[0])
    # The public function uses 4 rounds, after which the permutations of two keys are still similar.
    return tf.raw_ops.RandomIndexShuffle(
        index=positions % count, seed=keys, max_index=tf.constant(count - 1, tf.int64), rounds=16
    )


def _epoch_key(seed, epoch):
    """Three random words. The shuffle reads only the low bits of each word, for example 8 bits for 65,536 rows."""
    words = tf.stack([tf.constant(seed, tf.int64), epoch])
    return tf.random.stateless_uniform([3], words, None, None, tf.int32, alg="philox")


def _choices(name, choices):
    """Checks indices of samples [n, K] and converts them to a tensor."""
    if choices.ndim != 2 or choices.shape[1] == 0 or not np.issubdtype(choices.dtype, np.integer):
        raise InputError(f"{name} are {choices.dtype} {list(choices.shape)}; give integers, at least one a sample")
    if choices.min() < 0 or choices.max() >= len(choices):
        found = f"{choices.min()} to {choices.max()}"
        raise InputError(f"{name} are the samples {found}; there are those from 0 to {len(choices) - 1}")
    return _tensor(choices)


def _tensor(array):
    """A tensor in host memory. It shares the memory of a memory-mapped array if TensorFlow can use it."""
    with tf.device("CPU"):
        shareable = array.flags if isinstance(array, np.memmap) else None
        if shareable and shareable.writeable and shareable.c_contiguous and array.ctypes.data % 64 == 0:
            return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
        return tf.convert_to_tensor(array)
