"""Behaviour of TensorFlow and Keras with several replicas on which this package relies.

After an upgrade, a failure shows which code can become simpler or must change.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf


def on_replicas(strategy, function, *, jit_compile=None):
    """The values of a function on every replica. The function is traced as in training."""
    run = tf.function(lambda: strategy.run(function), jit_compile=jit_compile)
    return [value.numpy() for value in strategy.experimental_local_results(run())]


def test_optimizers_sum_the_gradients_of_replicas(two_replicas):
    """So Game.minimize divides gradients by the number of replicas."""
    with two_replicas.scope():
        weight = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(1.0)
        optimizer.build([weight])

    def update():
        replica = tf.cast(tf.distribute.get_replica_context().replica_id_in_sync_group, tf.float32)
        optimizer.apply([1.0 + 2.0 * replica], [weight])
        return weight.value.read_value()

    assert on_replicas(two_replicas, update) == [-4.0, -4.0]


def test_all_reduce_has_the_gradient_of_the_mean(two_replicas):
    """Game.global_mean relies on it. Each replica receives its share of the derivative."""

    def gradient():
        context = tf.distribute.get_replica_context()
        value = 1.0 + 2.0 * tf.cast(context.replica_id_in_sync_group, tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(value)
            loss = context.all_reduce(tf.distribute.ReduceOp.MEAN, value) ** 2
        return tape.gradient(loss, value)

    # The mean of 1 and 3 is 2, and the derivative of its square is 4. all_reduce averages the gradients backwards.
    assert on_replicas(two_replicas, gradient) == [4.0, 4.0]


def test_xla_has_no_collectives(two_replicas):
    """So losses of Game.coupled_players are not compiled over several replicas."""

    @tf.function(jit_compile=True)
    def mean(value):
        return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, value)

    with pytest.raises(RuntimeError, match="`merge_call` called while defining a new graph"):
        on_replicas(two_replicas, lambda: mean(tf.constant(1.0)))


def test_a_whole_step_does_not_compile_over_replicas(two_replicas):
    """So over several replicas Game compiles losses and gradients only, and not a whole chunk of steps."""
    with two_replicas.scope():
        weight = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(1.0)
        optimizer.build([weight])

    def update():
        optimizer.apply([tf.constant(1.0)], [weight])
        return weight.value.read_value()

    with pytest.raises(tf.errors.InvalidArgumentError, match=r"located in device .*CPU:1 from device .*CPU:0"):
        on_replicas(two_replicas, update, jit_compile=True)


def test_optimizers_do_not_update_within_a_condition_over_replicas(two_replicas):
    """So methods unroll their discriminator steps in Python."""
    with two_replicas.scope():
        weight = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(1.0)
        optimizer.build([weight])

    def update():
        optimizer.apply([tf.constant(1.0)], [weight])
        return 1.0

    with pytest.raises(RuntimeError, match="`merge_call` called while defining a new graph"):
        on_replicas(two_replicas, lambda: tf.cond(weight.value < 1.0, update, lambda: 0.0))


def test_gradients_compile_within_a_step_over_replicas(two_replicas):
    """Game relies on it: XLA compiles losses and gradients, and `apply` stays outside."""
    with two_replicas.scope():
        weight = keras.Variable(3.0)

    @tf.function(jit_compile=True)
    def gradient(scale):
        with tf.GradientTape() as tape:
            loss = scale * tf.square(weight)
        return tape.gradient(loss, weight.value)

    assert on_replicas(two_replicas, lambda: gradient(tf.constant(2.0))) == [12.0, 12.0]


def test_keras_draws_the_same_numbers_on_every_replica(two_replicas):
    """So Game.random draws numbers for the global batch, and each replica takes its slice."""
    with two_replicas.scope():
        seed = keras.random.SeedGenerator(0)
    first, second = on_replicas(two_replicas, lambda: keras.random.normal([4], seed=seed))
    np.testing.assert_array_equal(first, second)


def test_mirrored_variables_do_not_convert_to_numbers(two_replicas):
    """So Game.global_step reads the value first."""
    with two_replicas.scope():
        step = tf.Variable(3, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA)
    with pytest.raises(TypeError, match="MirroredVariable"):
        int(step)
    assert int(step.read_value()) == 3


def test_variables_of_the_first_replica_are_assigned_everywhere(two_replicas):
    """The step counter, averaged weights and singular vectors rely on it."""
    with two_replicas.scope():
        variable = tf.Variable(0.0, trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA)

    def count():
        replica = tf.cast(tf.distribute.get_replica_context().replica_id_in_sync_group, tf.float32)
        variable.assign_add(1.0 + replica)
        return variable.read_value()

    assert on_replicas(two_replicas, count) == [1.0, 1.0]


pytestmark = pytest.mark.filterwarnings("ignore:`shuffle=True` was passed:UserWarning")


class OneStep(keras.Model):
    """A model with the train function of Keras."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.dense.build((None, 1))
        self.built = True

    def train_step(self, batch):
        self.optimizer.apply([tf.ones_like(w) for w in self.trainable_variables], self.trainable_variables)
        return {"loss": tf.reduce_mean(batch)}


def test_keras_cannot_run_several_steps_over_replicas(two_replicas):
    """So Game.make_train_function replaces the train function of Keras."""
    with two_replicas.scope():
        model = OneStep()
        model.compile(optimizer="sgd", steps_per_execution=2, jit_compile=False)
        model.optimizer.build(model.trainable_variables)
    with pytest.raises(tf.errors.InvalidArgumentError, match="must feed a value for placeholder"):
        model.fit(tf.data.Dataset.from_tensor_slices(np.ones([8, 1], "float32")).batch(2), verbose=0)


def test_keras_tries_to_build_a_model_without_call(two_replicas):
    """So Game sets `built`."""
    with two_replicas.scope():
        model = OneStep()
        model.built = False
        model.compile(optimizer="sgd", jit_compile=False)
    with pytest.raises(Exception, match="build"):
        model.fit(tf.data.Dataset.from_tensor_slices(np.ones([8, 1], "float32")).batch(2), verbose=0)
