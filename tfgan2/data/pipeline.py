"""Batches as a function of (seed, step): a resumed run sees the samples that it would have seen without a stop."""

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
    """An infinite or finite stream of shuffled batches.

    All arrays together are one dataset: row i of each array belongs to sample i. Every epoch visits each sample once,
    in a new order. Batches continue across the ends of epochs, so all have the same size. Memory-mapped arrays stay on
    the disk; a batch reads its own rows only.

    Args:
      arrays: name -> array [n, ...], n the same for all.
      batch_size: samples a batch, at most n.
      seed: of the order, in [0, 2^63).
      first_step: number of the first batch.
      last_step: number of the batch after the last one; None never ends.
      prefetch: batches made ready while others are trained on.
      parallel_calls: batches made at the same time.
      transform: maps a batch and its `RandomBytes` to the batch that is delivered.
      shard: (index, count) of this worker, which gets the index-th of `count` equal parts of every batch.
      rows: which samples make up the dataset, integers [m], some maybe more than once; None is all, each once.
      partners: name -> (name of an array, integers [n, K]): beside each sample that array's row of one of the K
        samples, drawn evenly, among all n.

    Returns:
      A `tf.data.Dataset` of dicts name -> [batch_size / count, ...].

    Raises:
      InputError: the batch is larger than the dataset or cannot be shared by the workers, the dataset is empty, or its
        arrays differ in length; or partners are no samples.
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
    options.autotune.enabled = False  # its thread delays the end of a run by up to a minute
    options.experimental_optimization.apply_default_optimizations = False  # they would copy the arrays
    options.deterministic = True
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return steps.map(batch, num_parallel_calls=parallel_calls).prefetch(prefetch).with_options(options)


class RandomBytes:
    """Random bytes for the samples of one batch: a function of (seed, step, stream) and of the row in the whole batch.

    Args:
      seed: of the run.
      step: number of the batch.
      batch_size: samples of the batch over all workers.
      share: slice of the batch that this worker gets.
    """

    def __init__(self, seed, step, batch_size, share):
        self._seed = seed
        self._step = step
        self._batch_size = batch_size
        self._share = share

    def __call__(self, stream, count):
        """[samples, count] random numbers, uint8.

        Args:
          stream: a name, different for each use.
          count: bytes for each sample.
        """
        key = tf.stack([tf.constant(self._seed ^ zlib.crc32(stream.encode()) << 31, tf.int64), self._step])
        shape = [self._batch_size, -(-count // 4)]
        words = tf.random.stateless_uniform(shape, key, None, None, tf.uint32, alg="philox")[self._share]
        return tf.reshape(tf.bitcast(words, tf.uint8), [-1, 4 * shape[1]])[:, :count]


def shuffled_rows(step, *, batch_size, count, seed):
    """The rows [batch_size] of batch number `step` in an endless stream of shuffled epochs over `count` rows.

    Every epoch is a permutation that depends on (seed, epoch). A batch, of at most `count` rows, meets at most two.
    """
    positions = tf.cast(step, tf.int64) * batch_size + tf.range(batch_size, dtype=tf.int64)
    epochs = positions // count
    keys = tf.gather([_epoch_key(seed, epochs[0]), _epoch_key(seed, epochs[0] + 1)], epochs - epochs[0])
    # The raw operation: the public one has 4 rounds, after which the permutations of two keys are still alike.
    return tf.raw_ops.RandomIndexShuffle(
        index=positions % count, seed=keys, max_index=tf.constant(count - 1, tf.int64), rounds=16
    )


def _epoch_key(seed, epoch):
    """Three random words: the shuffle reads only the low bits of each word, 8 of them for up to 65,536 rows."""
    words = tf.stack([tf.constant(seed, tf.int64), epoch])
    return tf.random.stateless_uniform([3], words, None, None, tf.int32, alg="philox")


def _choices(name, choices):
    """Numbers of samples [n, K] as a tensor."""
    if choices.ndim != 2 or choices.shape[1] == 0 or not np.issubdtype(choices.dtype, np.integer):
        raise InputError(f"{name} are {choices.dtype} {list(choices.shape)}; give integers, at least one a sample")
    if choices.min() < 0 or choices.max() >= len(choices):
        found = f"{choices.min()} to {choices.max()}"
        raise InputError(f"{name} are the samples {found}; there are those from 0 to {len(choices) - 1}")
    return _tensor(choices)


def _tensor(array):
    """A tensor in the host's memory; of a memory-mapped array the very same memory, where TensorFlow can use it."""
    with tf.device("CPU"):
        shareable = array.flags if isinstance(array, np.memmap) else None
        if shareable and shareable.writeable and shareable.c_contiguous and array.ctypes.data % 64 == 0:
            return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
        return tf.convert_to_tensor(array)
