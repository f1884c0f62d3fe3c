"""f-divergences on logits: the table of f-GAN, the variational bound on finite distributions, and extreme logits."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.divergences import DIVERGENCES

LOG2 = np.log(2.0)

# Name -> f(u), g(v), f*(t) as they are printed, and the optimal logit for u = p / q.
TABLE = {
    "kl": (lambda u: u * np.log(u), lambda v: v, lambda t: np.exp(t - 1), lambda u: 1 + np.log(u)),
    "reverse_kl": (lambda u: -np.log(u), lambda v: -np.exp(-v), lambda t: -1 - np.log(-t), np.log),
    "pearson": (lambda u: (u - 1) ** 2, lambda v: v, lambda t: t**2 / 4 + t, lambda u: 2 * (u - 1)),
    "squared_hellinger": (
        lambda u: (np.sqrt(u) - 1) ** 2,
        lambda v: 1 - np.exp(-v),
        lambda t: t / (1 - t),
        lambda u: np.log(u) / 2,
    ),
    "jensen_shannon": (
        lambda u: u * np.log(u) - (u + 1) * np.log((1 + u) / 2),
        lambda v: LOG2 - np.log(1 + np.exp(-v)),
        lambda t: -np.log(2 - np.exp(t)),
        np.log,
    ),
    "gan": (
        lambda u: u * np.log(u) - (u + 1) * np.log(u + 1),
        lambda v: -np.log(1 + np.exp(-v)),
        lambda t: -np.log(1 - np.exp(t)),
        np.log,
    ),
}


def logits(values):
    return tf.constant(values, tf.float64)


def test_the_table_is_whole():
    assert set(TABLE) == set(DIVERGENCES)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_equals_the_printed_formulas(name):
    _, activation, conjugate, _ = TABLE[name]
    v = np.linspace(-5, 5, 101)
    found = DIVERGENCES[name]
    np.testing.assert_allclose(found.activation(logits(v)), activation(v), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.conjugate(logits(v)), conjugate(activation(v)), rtol=1e-6, atol=1e-9)
    assert np.all(np.diff(found.activation(logits(v)).numpy()) > 0)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_bound_is_reached_on_finite_laws(name):
    divergence, best = TABLE[name][0], TABLE[name][3]
    random = np.random.default_rng(0)
    for _ in range(5):
        p, q = random.dirichlet(np.ones(6), size=2)

        def bound(v, p=p, q=q):
            found = DIVERGENCES[name]
            return float(p @ found.activation(logits(v)).numpy() - q @ found.conjugate(logits(v)).numpy())

        exact = float(q @ divergence(p / q))
        assert bound(best(p / q)) == pytest.approx(exact, abs=1e-6)
        assert bound(best(p / q) + random.normal(scale=0.1, size=6)) < exact


def test_values_of_disjoint_and_equal_laws():
    # Equal distributions: f(1), which is 0, or -2 log 2 for GAN. Disjoint ones: JS is 2 log 2, reached at +-infinity.
    for name, (divergence, _, _, best) in TABLE.items():
        v, found = logits([best(1.0)]), DIVERGENCES[name]
        value = float((found.activation(v) - found.conjugate(v))[0])
        assert value == pytest.approx(-2 * LOG2 if name == "gan" else 0.0, abs=1e-9)
        assert divergence(1.0) == pytest.approx(value, abs=1e-9)
    jensen_shannon = DIVERGENCES["jensen_shannon"]
    apart = jensen_shannon.activation(logits([40.0])) - jensen_shannon.conjugate(logits([-40.0]))
    assert float(apart[0]) == pytest.approx(2 * LOG2, abs=1e-9)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_finite_everywhere(name):
    v = tf.constant([-1e4, -80.0, 0.0, 80.0, 1e4])
    for function in DIVERGENCES[name]:
        with tf.GradientTape() as tape:
            tape.watch(v)
            values = function(v)
        assert np.isfinite(values).all() and np.isfinite(tape.gradient(values, v)).all()
