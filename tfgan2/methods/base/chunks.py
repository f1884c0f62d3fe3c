"""Chunks: many steps, on one replica or several, without a return to Python."""

import math

import tensorflow as tf

FINITE = -1
"""The number of the first non-finite step if all steps are finite."""


def make_chunk(update, step, element_spec, *, strategy, compiled):
    """Makes the function that runs a chunk of steps.

    Args:
      update: One step on one replica: batch -> dict of scalars.
      step: The variable that counts the steps; `update` increases it.
      element_spec: Specification of one batch of the iterator.
      strategy: The distribution strategy. The reported values are averaged over its replicas.
      compiled: Whether a chunk on one device is one XLA program. Over several devices `update` compiles its own parts.

    Returns:
      (names, run): the names of what must be finite, in their order: first the tensors of a batch, then the reported
      values. `run` maps (iterator, number of steps) to the means of the reported values over these steps, and to
      [step, name], the first number that was not finite.

    Raises:
      ValueError: the batches are not dicts of tensors of fixed shapes.
    """
    _check_batches(element_spec)

    names = []

    def play_on_replica(batch):
        report = update(batch)
        given = {f"the batch '{key}'": _zero_if_finite(tensors) for key, tensors in batch.items()}
        names[:] = [*given, *report]
        return tf.stack([*given.values(), *report.values()])

    compiled = compiled and strategy.num_replicas_in_sync == 1

    # A step needs no AutoGraph. With it TensorFlow would convert all Keras code that the step calls. XLA differentiates
    # a branch (`tf.cond`) of a step only if the step has been traced for it.
    @tf.function(autograph=False, jit_compile=compiled or None)
    def play_step(batch):
        # The workers exchange one vector here. Separate values would need one exchange each.
        return strategy.reduce("MEAN", strategy.run(play_on_replica, (batch,)), axis=None)

    play_step.get_concrete_function(element_spec)

    def play(next_batch, steps):
        # In float64 the means over several chunks do not depend on the chunks' ends.
        totals = tf.zeros([len(names)], tf.float64)
        first = tf.constant([FINITE, FINITE], tf.int64)
        for index in tf.range(steps):
            current = tf.identity(step) if strategy.num_replicas_in_sync == 1 else step.read_value()
            values = play_step(next_batch(index))
            bad = tf.logical_not(tf.math.is_finite(values))
            found = tf.stack([current, tf.argmax(tf.cast(bad, tf.int32), output_type=tf.int64)])
            first = tf.where(tf.logical_and(first[0] == FINITE, tf.reduce_any(bad)), found, first)
            totals += tf.cast(values, tf.float64)
        return totals[len(element_spec) :] / tf.cast(steps, tf.float64), first

    if not compiled:
        run = tf.function(lambda iterator, steps: play(lambda _: next(iterator), steps))
        return names, lambda iterator, steps: run(iterator, tf.constant(steps))

    @tf.function(jit_compile=True)
    def play_compiled(batches):
        steps = tf.nest.flatten(batches)[0].shape[0]
        return play(lambda index: tf.nest.map_structure(lambda stack: stack[index], batches), steps)

    @tf.function
    def run_compiled(iterator, steps):
        batches = [next(iterator) for _ in range(steps)]
        return play_compiled(tf.nest.map_structure(lambda *leaves: tf.stack(leaves), *batches))

    return names, run_compiled


def _zero_if_finite(tensors):
    """0 if all numbers of some tensors are finite, and NaN otherwise. The mean over replicas is then NaN, too."""
    numbers = [tensor for tensor in tf.nest.flatten(tensors) if tensor.dtype.is_floating]
    finite = [tf.reduce_all(tf.math.is_finite(tensor)) for tensor in numbers]
    return tf.where(tf.reduce_all(finite), 0.0, math.nan)


def _check_batches(element_spec):
    if not isinstance(element_spec, dict):
        raise ValueError(f'the dataset delivers {element_spec}; it must deliver dicts such as {{"real": samples}}.')
    for name, spec in element_spec.items():
        for tensor in tf.nest.flatten(spec, expand_composites=True):
            if not tensor.shape.is_fully_defined():
                raise ValueError(
                    f"'{name}' comes in batches of shape {tensor.shape}, which must be fixed; "
                    "batch the dataset with drop_remainder=True."
                )
