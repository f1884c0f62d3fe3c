"""Optimizers: every schedule against its formula where it has to hold, the updates themselves, and the refusals."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.optimizers import SPANNING_SCHEDULES, make_optimizer

# The factor of the learning rate at updates 0 to 9 of a span of 8; stairs of a half every 3 updates.
FACTORS = {
    "constant": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    "staircase": [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125],
    "linear": [1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0, 0],
    "half_then_linear": [0.5, 0.5, 0.5, 0.5, 0.5, 0.375, 0.25, 0.125, 0, 0],
    "cosine": [(1 + math.cos(math.pi * t / 8)) / 2 for t in range(8)] + [0, 0],
}


def sgd(schedule):
    return make_optimizer(
        name="sgd", learning_rate=2.0, schedule=schedule, decay_rate=0.5, decay_every=3, schedule_steps=8
    )


def weights_after_each_update(optimizer, *, jit_compile):
    """The path of a weight. Its gradient is always 1."""
    weight = keras.Variable(0.0)
    optimizer.build([weight])

    @tf.function(jit_compile=jit_compile)
    def update():
        optimizer.apply([tf.ones([])], [weight])

    path = []
    for _ in range(10):
        update()
        path.append(float(weight.value))
    return path


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("schedule", FACTORS)
def test_schedule(schedule, jit_compile):
    path = weights_after_each_update(sgd(schedule), jit_compile=jit_compile)
    np.testing.assert_allclose(path, -2 * np.cumsum(FACTORS[schedule]), rtol=1e-6)


@pytest.mark.parametrize("schedule", FACTORS)
def test_schedule_under_a_strategy(schedule, two_replicas):
    with two_replicas.scope():
        weight = keras.Variable(0.0)
        optimizer = sgd(schedule)
        optimizer.build([weight])

    @tf.function
    def update():
        two_replicas.run(lambda: optimizer.apply([tf.ones([]) / two_replicas.num_replicas_in_sync], [weight]))

    for _ in range(5):
        update()
    assert float(weight.numpy()) == pytest.approx(-2 * sum(FACTORS[schedule][:5]), rel=1e-6)


def test_schedules_are_keras_schedules():
    for schedule in FACTORS.keys() - {"constant"}:
        rate = sgd(schedule)._learning_rate
        assert isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
        again = keras.optimizers.schedules.deserialize(keras.optimizers.schedules.serialize(rate))
        assert float(again(5)) == pytest.approx(float(rate(5)), rel=1e-6) == pytest.approx(2 * FACTORS[schedule][5])


def test_spanning_schedules_are_those_that_end():
    assert set(SPANNING_SCHEDULES) == {schedule for schedule, factors in FACTORS.items() if factors[-1] == 0}


def test_first_updates():
    # With gradient 1: adam m/(1-b1) / (sqrt(v/(1-b2)) + eps) = 1; rmsprop 1 / sqrt(0.25) = 2; sgd 1.
    steps = {"adam": 1.0, "rmsprop": 2.0, "sgd": 1.0}
    for name, step in steps.items():
        optimizer = make_optimizer(name=name, learning_rate=0.1, beta_2=0.75, schedule_steps=1)
        assert weights_after_each_update(optimizer, jit_compile=False)[0] == pytest.approx(-0.1 * step, rel=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_the_end_of_the_cosine(jit_compile):
    optimizer = make_optimizer(name="sgd", learning_rate=2.0, schedule="cosine", schedule_end=0.25, schedule_steps=8)
    factors = 0.25 + 0.75 * np.array(FACTORS["cosine"])  # 1 at first, a quarter from the eighth update on
    path = weights_after_each_update(optimizer, jit_compile=jit_compile)
    np.testing.assert_allclose(path, -2 * np.cumsum(factors), rtol=1e-6)


def test_momentum():
    # Updates 1, 1.5, 1.75, ... of a gradient of 1.
    optimizer = make_optimizer(name="sgd", learning_rate=0.1, momentum=0.5, schedule_steps=1)
    path = weights_after_each_update(optimizer, jit_compile=False)
    np.testing.assert_allclose(path[:4], -0.1 * np.cumsum([1, 1.5, 1.75, 1.875]), rtol=1e-6)


# How PyTorch updates a weight by a gradient, given what it knows of the last update: torch.optim.SGD, Adam, RMSprop.
def torch_sgd(gradient, state, _):
    state["sum"] = 0.5 * state.get("sum", 0.0) + gradient
    return state["sum"]


def torch_adam(gradient, state, t):
    state["m"] = 0.25 * state.get("m", 0.0) + 0.75 * gradient
    state["v"] = 0.75 * state.get("v", 0.0) + 0.25 * gradient**2
    return state["m"] / (1 - 0.25**t) / (math.sqrt(state["v"] / (1 - 0.75**t)) + 1e-7)


def torch_rmsprop(gradient, state, _):
    state["v"] = 0.75 * state.get("v", 0.0) + 0.25 * gradient**2
    return gradient / (math.sqrt(state["v"]) + 1e-7)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize(("name", "update"), [("sgd", torch_sgd), ("adam", torch_adam), ("rmsprop", torch_rmsprop)])
def test_weight_decay_joins_the_gradient(name, update, jit_compile):
    options = {"learning_rate": 0.1, "beta_1": 0.25, "beta_2": 0.75, "momentum": 0.5, "schedule_steps": 1}
    optimizer = make_optimizer(name=name, weight_decay=2.0, **options)
    weight, state, expected = 0.0, {}, []
    for t in range(1, 11):
        weight -= 0.1 * update(1.0 + 2.0 * weight, state, t)
        expected.append(weight)
    found = weights_after_each_update(optimizer, jit_compile=jit_compile)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("name", ["adam", "rmsprop"])
def test_beta_2_moves_to_its_end(name, jit_compile):
    # From .9 to .99 over 8 updates, and then no further; the bias is corrected as if beta_2 had been so all the time.
    options = {"learning_rate": 0.1, "beta_1": 0.0, "beta_2": 0.9, "beta_2_end": 0.99, "epsilon": 1e-7}
    optimizer = make_optimizer(name=name, schedule_steps=8, **options)
    weight = keras.Variable(3.0)
    optimizer.build([weight])
    update = tf.function(lambda gradient: optimizer.apply([gradient], [weight]), jit_compile=jit_compile)
    expected, squares = 3.0, 0.0
    for step, gradient in enumerate(np.random.default_rng(0).normal(size=12)):
        update(tf.constant(gradient, tf.float32))
        beta = 0.99 - 0.09 * (1 + math.cos(math.pi * min(step, 8) / 8)) / 2
        squares = beta * squares + (1 - beta) * gradient**2
        corrected = squares / (1 - beta ** (step + 1)) if name == "adam" else squares
        expected -= 0.1 * gradient / math.sqrt(corrected)
        assert float(weight.value) == pytest.approx(expected, rel=1e-4)
    assert getattr(optimizer, "beta_2" if name == "adam" else "rho") == 0.9
    assert optimizer.get_config()["name"] == name


@pytest.mark.parametrize("name", ["sgd", "adagrad"])
def test_optimizers_without_beta_2_ignore_its_end(name):
    assert type(make_optimizer(name=name, beta_2_end=0.5, schedule_steps=8)) is type(
        make_optimizer(name=name, schedule_steps=8)
    )


def test_two_replicas_decay_as_one(two_replicas):
    with two_replicas.scope():
        weight = keras.Variable(1.0)
        optimizer = make_optimizer(name="sgd", learning_rate=0.1, weight_decay=2.0, schedule_steps=1)
        optimizer.build([weight])
    two_replicas.run(tf.function(lambda: optimizer.apply([tf.constant(0.5)], [weight])))
    assert float(weight.numpy()) == pytest.approx(1 - 0.1 * (1 + 2), rel=1e-6)  # the sum of gradients, 1, and 2 w


def test_arguments_reach_the_optimizer():
    adam = make_optimizer(beta_1=0.25, beta_2=0.875, epsilon=0.5, schedule_steps=1)
    assert (adam.beta_1, adam.beta_2, adam.epsilon) == (0.25, 0.875, 0.5)
    assert float(adam.learning_rate) == pytest.approx(2e-4)
    assert make_optimizer(name="rmsprop", epsilon=0.5, schedule_steps=1).epsilon == 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "adamw"}, "name is 'adamw'; it must be one of adam, sgd, rmsprop, adagrad."),
        (
            {"schedule": "step"},
            "schedule is 'step'; it must be one of constant, staircase, linear, half_then_linear, cosine.",
        ),
        ({"learning_rate": 0.0}, "learning_rate is 0.0; it must be above 0."),
        ({"learning_rate": math.inf}, "learning_rate is inf; it must be a finite number above 0."),
        ({"learning_rate": math.nan}, "learning_rate is nan; it must be a finite number above 0."),
        ({"beta_1": 1.0}, "beta_1 is 1.0; it must be in [0, 1)."),
        ({"beta_1": -0.1}, "beta_1 is -0.1; it must be in [0, 1)."),
        ({"beta_2": 1.0}, "beta_2 is 1.0; it must be in [0, 1)."),
        ({"epsilon": 0.0}, "epsilon is 0.0; it must be above 0."),
        ({"momentum": 1.0}, "momentum is 1.0; it must be in [0, 1)."),
        ({"weight_decay": -0.1}, "weight_decay is -0.1; it must be at least 0."),
        ({"weight_decay": math.inf}, "weight_decay is inf; it must be a finite number of at least 0."),
        ({"decay_rate": 0.0}, "decay_rate is 0.0; it must be in (0, 1]."),
        ({"decay_rate": 1.5}, "decay_rate is 1.5; it must be in (0, 1]."),
        ({"decay_every": 0}, "decay_every is 0; it must be at least 1."),
        ({"schedule_end": 1.5}, "schedule_end is 1.5; it must be in [0, 1]."),
        ({"schedule_steps": 0}, "schedule_steps is 0; it must be at least 1."),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError) as error:
        make_optimizer(**{"schedule_steps": 1} | arguments)
    assert str(error.value) == message
