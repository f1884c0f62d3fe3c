"""The theory of P2GAN, played with the library's losses on a finite alphabet; what a list of forces makes of them."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.losses.divergences import DIVERGENCES
from tfgan2.losses.weighted_means import weighted_means
from tfgan2.methods.p2gan.forces import (
    PULL,
    PUSH,
    Force,
    Head,
    discriminator_weights,
    forces_among,
    generator_weights,
    heads_of,
    of_kind,
    parse_force,
)

# f of each divergence, D(P||Q) = sum of q f(p / q).
CONVEX = {
    "kl": lambda u: u * np.log(u),
    "reverse_kl": lambda u: -np.log(u),
    "pearson": lambda u: (u - 1) ** 2,
    "squared_hellinger": lambda u: (np.sqrt(u) - 1) ** 2,
    "jensen_shannon": lambda u: u * np.log(u) - (u + 1) * np.log((1 + u) / 2),
    "gan": lambda u: u * np.log(u) - (u + 1) * np.log(u + 1),
}
DEFAULTS = {PULL: "jensen_shannon", PUSH: "jensen_shannon"}


class Game:
    """Tabular players on a finite alphabet: every loss is an exact expectation of the library's loss of each symbol.

    Args:
      distributions: name of samples -> probabilities of the symbols, of data.
      forces: texts.
      saturating: whether pulls are exact.
    """

    def __init__(self, distributions, *forces, saturating=True, divergences=DEFAULTS):
        self.forces = [parse_force(text, divergences) for text in forces]
        self.distributions = {
            name: tf.constant(distribution, tf.float32) for name, distribution in distributions.items()
        }
        self.saturating = saturating
        self.size = len(next(iter(distributions.values())))
        self.generators = 1 + max(force.generator for force in self.forces)
        self.heads = {kind: heads_of(of_kind(self.forces, kind)) for kind in (PULL, PUSH)}

    def expectation(self, logits, weights, distributions):
        total = 0.0
        for name, distribution in distributions.items():
            if own := {key: value for key, value in weights.items() if key[1] == name}:
                # A mean over one row is the loss of that symbol.
                of_symbols = [weighted_means({name: row}, own) for row in tf.split(logits, self.size)]
                total += tf.tensordot(distribution, tf.stack(of_symbols), 1)
        return total

    def answer(self, kind, distributions):
        """The discriminator's best logits [symbols, heads], by bisection on the sign of its own loss's gradient."""
        heads = self.heads[kind]
        weights = discriminator_weights(heads, heads)
        low, high = tf.fill([self.size, len(heads)], -25.0), tf.fill([self.size, len(heads)], 25.0)
        for _ in tf.range(40):
            middle = (low + high) / 2
            with tf.GradientTape() as tape:
                tape.watch(middle)
                loss = self.expectation(middle, weights, distributions)
            rises = tape.gradient(loss, middle) > 0
            low, high = tf.where(rises, low, middle), tf.where(rises, middle, high)
        return (low + high) / 2

    @tf.function
    def bound(self, kind, distributions):
        """The sum of the divergences that the discriminator finds."""
        heads = self.heads[kind]
        return -self.expectation(self.answer(kind, distributions), discriminator_weights(heads, heads), distributions)

    def loss(self, answers, generated):
        """What the generators minimise against these discriminators."""
        return sum(
            self.expectation(
                answers[kind],
                generator_weights(self.heads[kind], of_kind(self.forces, kind), saturating=self.saturating),
                generated,
            )
            for kind in answers
        )

    def play(self, rounds=500, rate=2.0, start=0.1):
        """The generators' distributions after gradient descent against discriminators that always answer best."""
        rows = np.linspace(-start, start, self.size)
        logits = tf.Variable(np.array([rows * (-1) ** k for k in range(self.generators)], "float32"))

        @tf.function
        def descend():
            for _ in tf.range(rounds):
                distributions = self.distributions | self.generated(logits)
                answers = {
                    kind: tf.stop_gradient(self.answer(kind, distributions))
                    for kind in (PULL, PUSH)
                    if self.heads[kind]
                }
                with tf.GradientTape() as tape:
                    loss = self.loss(answers, self.generated(logits))
                logits.assign_sub(rate * tape.gradient(loss, logits))

        descend()
        return tf.nn.softmax(logits).numpy()

    def generated(self, logits):
        return {f"generator_{k}": tf.nn.softmax(logits[k]) for k in range(self.generators)}


def divergence(name, first, second):
    return float(np.sum(second * CONVEX[name](first / second)))


P, A, Q = (
    np.array(distribution) for distribution in ([0.1, 0.2, 0.3, 0.4], [0.4, 0.4, 0.1, 0.1], [0.3, 0.1, 0.4, 0.2])
)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_theorem_1_and_2(name):
    game = Game({"real": P, "auxiliary_0": A}, f"real:0:pull:1:{name}", f"auxiliary_0:0:push:0.7:{name}")
    distributions = game.distributions | {"generator_0": tf.constant(Q, tf.float32)}
    answers = {kind: game.answer(kind, distributions) for kind in (PULL, PUSH)}
    for kind, source in ((PULL, P), (PUSH, A)):
        # Theorem 1: the optimal discriminator tells the density ratio.
        ratio = DIVERGENCES[name].log_ratio(answers[kind])[:, 0]
        np.testing.assert_allclose(ratio, np.log(source / Q), atol=2e-3)
        # Its loss is the negative of the divergence.
        weights = discriminator_weights(game.heads[kind], game.heads[kind])
        loss = game.expectation(answers[kind], weights, distributions)
        assert float(loss) == pytest.approx(-divergence(name, source, Q), abs=1e-4)
    # Theorem 2: against them the generator's gradient is that of D(P||Q) - 0.7 D(A||Q), here along a direction.
    distribution = tf.constant(Q, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(distribution)
        loss = game.loss(answers, {"generator_0": distribution})
    direction, step = np.array([1.0, -2.0, 0.5, 0.5]), 1e-4
    objective = lambda q: divergence(name, P, q) - 0.7 * divergence(name, A, q)  # noqa: E731
    slope = (objective(Q + step * direction) - objective(Q - step * direction)) / (2 * step)
    assert float(np.dot(tape.gradient(loss, distribution), direction)) == pytest.approx(slope, abs=2e-3)


@pytest.mark.parametrize("saturating", [True, False])
def test_without_a_push_the_generator_becomes_the_data(saturating):
    game = Game({"real": P, "auxiliary_0": A}, "real:0:pull:1", "auxiliary_0:0:push:0", saturating=saturating)
    np.testing.assert_allclose(game.play()[0], P, atol=2e-3)


def test_a_disjoint_auxiliary_distribution_changes_nothing():
    game = Game({"real": [0.3, 0.7, 0, 0], "auxiliary_0": [0, 0, 0.5, 0.5]}, "real:0:pull:1", "auxiliary_0:0:push:1")
    np.testing.assert_allclose(game.play()[0], [0.3, 0.7, 0, 0], atol=5e-3)


def test_mass_moves_off_an_auxiliary_distribution_the_more_the_harder_it_pushes():
    shares = []
    for weight in (0, 0.1, 0.5, 1):
        game = Game({"real": [0.5, 0.5], "auxiliary_0": [0, 1]}, "real:0:pull:1", f"auxiliary_0:0:push:{weight}")
        shares.append(game.play()[0, 1])
    assert shares[0] == pytest.approx(0.5, abs=2e-3)
    assert (np.diff(shares) < -0.02).all()


@pytest.mark.parametrize(("push", "share"), [(0.01, 0.511), (0.1, 0.630), (0.5, 1.0)])
def test_constrained_generation(push, share):
    """Half of the data is wanted; the unwanted half alone is auxiliary (P2GAN's five discriminators and six forces)."""
    game = Game(
        {"real": [0.5, 0.5], "auxiliary_0": [0, 1]},
        *("real:0:pull:1", "real:1:pull:1", "auxiliary_0:1:pull:0.1"),
        *(f"auxiliary_0:0:push:{push}", f"generator_1:0:push:{push}", f"generator_0:1:push:{push}"),
        saturating=False,
    )
    assert [len(heads) for heads in game.heads.values()] == [3, 2]
    assert game.play()[0, 0] == pytest.approx(share, abs=1e-3)


def test_growth_alone_does_not_demand_specialists():
    """Eight generators of all modes are better off than eight specialists unless they push harder than 0.717."""
    games = [
        Game(
            {"real": np.full(8, 1 / 8)},
            *_texts(forces_among(8, moving=range(8), push="mutual", push_weight=weight, divergences=DEFAULTS)),
        )
        for weight in (0.05, 0.7, 0.73)
    ]
    owners, alike = np.full((8, 8), 1e-9) + np.eye(8), np.full((8, 8), 1 / 8)
    objectives = {}
    for name, distributions in (("owners", owners / owners.sum(1)), ("alike", alike)):
        distributions = games[0].distributions | {
            f"generator_{k}": tf.constant(distribution, tf.float32) for k, distribution in enumerate(distributions)
        }
        bounds = {kind: float(games[0].bound(kind, distributions)) for kind in (PULL, PUSH)}
        for game in games:
            # A head between two generators serves two forces.
            pushes = sum(force.weight for force in of_kind(game.forces, PUSH)) / len(game.heads[PUSH])
            objectives[name, game] = (pushes * bounds[PUSH] - bounds[PULL]) / 8
    for game in games:
        assert objectives["alike", game] == pytest.approx(0, abs=1e-4)
    assert objectives["owners", games[0]] == pytest.approx(-0.925, abs=2e-3)
    assert objectives["owners", games[1]] < 0 < objectives["owners", games[2]]


def _texts(forces):
    return [f"{force.source}:{force.generator}:{force.kind}:{force.weight}" for force in forces]


def test_signs_on_one_sample_each():
    forces = [parse_force("real:0:pull:1", DEFAULTS), parse_force("auxiliary_0:0:push:0.3", DEFAULTS)]
    for kind, first in ((PULL, "real"), (PUSH, "auxiliary_0")):
        heads = heads_of(of_kind(forces, kind))
        logits = {first: tf.constant([[0.7]]), "generator_0": tf.constant([[-0.4]])}
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(logits)
            discriminator = weighted_means(logits, discriminator_weights(heads, heads))
            generator = weighted_means(logits, generator_weights(heads, of_kind(forces, kind), saturating=False))
        sigmoid = lambda value: 1 / (1 + np.exp(-value))  # noqa: E731
        slopes = tape.gradient(discriminator, logits)
        assert slopes[first].numpy().item() == pytest.approx(-sigmoid(-0.7), rel=1e-5)
        assert slopes["generator_0"].numpy().item() == pytest.approx(sigmoid(-0.4), rel=1e-5)
        slope = tape.gradient(generator, logits)["generator_0"].numpy().item()
        assert slope == pytest.approx(-sigmoid(0.4) if kind == PULL else 0.3 * sigmoid(-0.4), rel=1e-5)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_finite_at_large_logits(name):
    heads = [Head("real", "generator_0", name)]
    logits = {name: tf.constant([[-80.0], [80.0]]) for name in ("real", "generator_0")}
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = weighted_means(logits, discriminator_weights(heads, heads))
    assert np.isfinite(value) and all(np.isfinite(g).all() for g in tape.gradient(value, logits).values())


def test_a_symmetric_pair_shares_a_head():
    texts = (
        "generator_1:0:push:0.2",
        "generator_0:1:push:0.5",
        "generator_1:0:push:0.1:kl",
        "generator_0:1:push:0.1:kl",
    )
    forces = [parse_force(text, DEFAULTS) for text in texts]
    heads = heads_of(forces)
    assert heads == [
        Head("generator_0", "generator_1", "jensen_shannon"),
        Head("generator_1", "generator_0", "kl"),
        Head("generator_0", "generator_1", "kl"),
    ]
    weights = generator_weights(heads, forces[:2], saturating=False)
    # The one that is first is pushed by -0.2 E[g(v)], the one that is second by 0.5 E[f*(g(v))].
    np.testing.assert_allclose(weights["jensen_shannon", "generator_0"], [[-0.2, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(weights["jensen_shannon", "generator_1"], [[0, 0, 0], [0.5, 0, 0]])


def test_weighted_means_of_literals():
    logits = {"real": tf.constant([[1.0, 2.0], [3.0, 4.0]]), "generator_0": tf.constant([[5.0, -1.0]])}
    weights = {
        ("kl", "real"): ([-1.0, 2.0], [0.0, 0.0]),  # KL: g(v) = v
        ("reverse_kl", "generator_0"): ([0.0, 0.0], [3.0, 0.5]),  # f*(g(v)) = v - 1
    }
    # -(1 + 3) / 2 + 2 (2 + 4) / 2 + 3 (5 - 1) + 0.5 (-1 - 1) = -2 + 6 + 12 - 1
    assert float(weighted_means(logits, weights)) == pytest.approx(15.0)


def test_forces_among_generators():
    sequential = forces_among(3, moving=range(3), push="sequential", push_weight=0.4, divergences=DEFAULTS)
    js = "jensen_shannon"
    assert of_kind(sequential, PULL) == [Force("real", k, PULL, 1.0, js) for k in range(3)]
    assert of_kind(sequential, PUSH) == [
        Force("generator_0", 1, PUSH, 0.4, js),
        Force("generator_0", 2, PUSH, 0.2, js),
        Force("generator_1", 2, PUSH, 0.2, js),
    ]
    mutual = forces_among(3, moving=range(3), push="mutual", push_weight=0.4, divergences=DEFAULTS)
    assert {(force.source, force.generator): force.weight for force in of_kind(mutual, PUSH)} == {
        (f"generator_{j}", k): 0.2 for j in range(3) for k in range(3) if j != k
    }
    frozen = forces_among(3, moving=[2], push="sequential", push_weight=0.4, divergences=DEFAULTS)
    assert {force.generator for force in frozen} == {2} and len(of_kind(frozen, PUSH)) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("real:1000:pull:1", "it must be SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE], such as "),
        (f"real:{'9' * 5000}:pull:1", "it must be SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE], such as "),
        ("real:0", "forces is 'real:0'; it must be SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE], such as"),
        ("fake:0:pull:1", "The source is real, auxiliary_N or generator_N"),
        ("auxiliary:0:push:1", "The source is real, auxiliary_N or generator_N"),
        ("real:first:pull:1", "it must be SOURCE:GENERATOR:pull|push:WEIGHT"),
        ("real:0:shove:1", "it must be SOURCE:GENERATOR:pull|push:WEIGHT"),
        ("generator_1:1:push:1", "No generator moves itself"),
        ("real:0:pull:much", "The weight is a finite number of at least 0."),
        ("real:0:pull:-1", "The weight is a finite number of at least 0."),
        ("real:0:pull:nan", "The weight is a finite number of at least 0."),
        ("real:0:pull:1:wasserstein", "The divergence is one of kl, reverse_kl"),
    ],
)
def test_what_is_no_force(text, message):
    with pytest.raises(ValueError) as caught:
        parse_force(text, DEFAULTS)
    assert str(caught.value).startswith(f"forces is {text!r}; it must be ") and message in str(caught.value)
