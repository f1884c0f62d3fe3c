"""P2GAN: growth, frozen generators, what each update is made of, choices, and messages."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from analytic import softplus

from tfgan2.errors import ArgumentError
from tfgan2.flags.arguments import arguments_of
from tfgan2.losses.penalties import roth
from tfgan2.methods.p2gan.p2gan import P2GAN
from tfgan2.networks.mlp import MLP
from tfgan2.networks.p2gan_cnn import P2GANCNN

DEFAULTS = {argument.name: argument.default for argument in arguments_of(P2GAN)}
POINTS = np.random.default_rng(0).normal(size=(64, 2)).astype("float32")


def build(family=None, shape=(2,), **arguments):
    keras.utils.set_random_seed(0)
    family = family or MLP(hidden_units=8, hidden_layers=1, latent_dim=3, output_activation="linear")
    networks = P2GAN.make_networks(family, shape, classes=0, arguments=DEFAULTS | arguments)
    game = P2GAN(*networks, **arguments)
    game.compile({role: keras.optimizers.Adam(0.01) for role in game.trained_roles})
    return game


def batches(points=POINTS, keys=("real",)):
    return iter(tf.data.Dataset.from_tensors({key: points[:16] + place for place, key in enumerate(keys)}).repeat())


def train(game, steps, points=POINTS):
    for phase, last_step in game.schedule(steps):
        game.begin_phase(phase)
        game.train_chunk(batches(points), last_step - game.global_step)
    return game


def weights_of(network):
    return [weight.numpy().copy() for weight in network.weights]


def test_phases():
    game = build(num_generators=3, grow_every=10)
    assert game.schedule(25) == [(1, 10), (2, 20), (3, 25)]
    assert build(num_generators=3).schedule(25) == [(3, 25)]
    assert build(num_generators=3).offered_choices == (0, 1, 2)
    # Every generator that there is gets its pull, and the last ones both forces.
    assert [len(forces) for forces in game.phases.values()] == [1, 4, 9]
    assert {kind: len(heads) for kind, heads in game.heads.items()} == {"pull": 3, "push": 3}
    with pytest.raises(
        ArgumentError, match=r"^grow_every is 10; it must be at most 9, so that the last of 3 generators begins before"
    ):
        game.schedule(20)


def test_growing_generators_share_all_but_their_input_layers():
    game = build(num_generators=3, grow_every=4)
    kernel, _, *shared = game.generator.weights
    assert kernel.shape == (3, 3, 8) and [weight.shape for weight in shared] == [(8, 2), (2,)]
    start = kernel.numpy().copy()
    game.train_chunk(batches(), 4)
    moved = [np.abs(kernel.numpy()[k] - start[k]).max() for k in range(3)]
    assert moved[0] > 1e-3 and moved[1:] == [0, 0]  # those that have not begun keep their first weights
    assert game.offered_choices == (0,) and set(game.latents(0, 20)[1].numpy()) == {0}
    game.begin_phase(2)
    game.train_chunk(batches(), 4)
    assert np.abs(kernel.numpy()[1] - start[1]).max() > 1e-3 and np.array_equal(kernel.numpy()[2], start[2])
    assert game.offered_choices == (0, 1)


def test_frozen_generators_stay_as_they_are():
    game = build(num_generators=3, grow_every=5, auxiliary="frozen", push_weight=0.3)
    latents = tf.random.normal([7, 3])
    made = {}
    for phase, last_step in game.schedule(20):
        game.begin_phase(phase)
        for number in range(phase - 1):
            # What it made at the end of its phase it makes for ever.
            samples = game.generate((latents, tf.fill([7], number)))
            np.testing.assert_allclose(samples, made[number], rtol=1e-5, atol=1e-6)
        before = [weights_of(network) for network in game.frozen_generators]
        game.train_chunk(batches(), last_step - game.global_step)
        made[phase - 1] = game.generate((latents, tf.fill([7], phase - 1))).numpy()
        for old, network in zip(before, game.frozen_generators, strict=True):
            for weight, value in zip(old, weights_of(network), strict=True):
                np.testing.assert_array_equal(weight, value)
    mixed = game.generate((latents, tf.constant([0, 1, 2, 2, 1, 0, 1])))
    for row, number in enumerate([0, 1, 2, 2, 1, 0, 1]):
        np.testing.assert_allclose(mixed[row], made[number][row], rtol=1e-5, atol=1e-6)
    assert len({tuple(np.round(samples[0], 4)) for samples in made.values()}) == 3


def test_a_phase_that_is_entered_again_freezes_nothing_anew():
    game = build(num_generators=2, grow_every=3, auxiliary="frozen")
    train(game, 5)
    before = weights_of(game.frozen_generators[0])
    game.begin_phase(1)
    game.begin_phase(2)
    for old, new in zip(before, weights_of(game.frozen_generators[0]), strict=True):
        np.testing.assert_array_equal(old, new)


def test_frozen_copies_of_networks_with_batch_norm():
    family = P2GANCNN(width_multiplier=1 / 16, latent_dim=3)
    game = build(family, (8, 8, 1), num_generators=2, grow_every=2, auxiliary="frozen")
    images = np.random.default_rng(1).uniform(-1, 1, (16, 8, 8, 1)).astype("float32")
    game.train_chunk(batches(images), 2)
    latents = tf.random.normal([4, 3])
    last = game.generate((latents, tf.zeros([4], tf.int32)))
    game.begin_phase(2)
    np.testing.assert_allclose(game.frozen_generators[0](latents, training=False), last, rtol=1e-5, atol=1e-6)


def test_the_samples_of_an_update():
    game, seen = build(num_generators=6, push="sequential"), []
    # Two batches of 16 shared by six are five each, but twelve are the least.
    assert game._rows(16) == 12 and game._rows(64) == 22
    assert build(num_generators=5)._rows(16) == 16 and build(generator_batch=9)._rows(16) == 9
    forward = game.generator.call
    game.generator.call = lambda inputs, **options: seen.append(inputs) or forward(inputs, **options)
    game.update(next(batches()))
    (first, choices), (second, _) = seen  # of the discriminators' update and of the generators'
    np.testing.assert_array_equal(choices, np.repeat(np.arange(6), 12))
    rows = np.concatenate([first, second])
    assert len(np.unique(rows, axis=0)) == 2 * 6 * 12  # each generator has latents of its own, and each update


def test_regularizer_of_a_linear_discriminator():
    # v = 2 x - 1, so ||grad v||^2 = 4; w (y - sigmoid(v))^2 4 of x = 1, y = 1 and of x = 0, y = 0.
    inputs, sigmoid = tf.constant([[1.0], [0.0]]), lambda v: 1 / (1 + np.exp(-v))
    value = roth(lambda x: (2 * x - 1)[:, 0], inputs, tf.constant([1.0, 0.0]), tf.constant([0.5, 3.0]))
    assert float(value) == pytest.approx(0.5 * (1 - sigmoid(1)) ** 2 * 4 + 3.0 * sigmoid(-1) ** 2 * 4, rel=1e-5)


def test_regularizer_of_all_heads():
    game = build(num_generators=2, gamma=2.0)
    latents = {f"generator_{k}": tf.random.normal([4, 3]) for k in range(2)}
    real = tf.constant(POINTS[:16])
    loss, terms = game.discriminator_loss({"real": real}, latents)
    samples = {"real": real} | game._samples(latents)
    expected = {}
    for kind, discriminator in (("pull", game.pull_discriminator), ("push", game.push_discriminator)):
        total = 0.0
        for place, head in enumerate(game.heads[kind]):
            for name, label in ((head.first, 1.0), (head.second, 0.0)):
                with tf.GradientTape() as tape:
                    tape.watch(samples[name])
                    logits = discriminator(samples[name])[:, place]
                slopes = tf.reduce_sum(tape.gradient(logits, samples[name]) ** 2, axis=1)
                total += tf.reduce_mean((label - tf.sigmoid(logits)) ** 2 * slopes)
        expected[kind] = float(total)
        assert float(terms[f"{kind}_regularizer"]) == pytest.approx(expected[kind], rel=1e-4)
    without = terms["pull_loss"] + terms["push_loss"]
    assert float(loss - without) == pytest.approx(sum(expected.values()), rel=1e-4)  # gamma / 2 = 1


def test_auxiliary_data_and_the_result():
    forces = (
        "real:0:pull:1",
        "real:1:pull:1",
        "auxiliary_0:1:pull:0.1",
        "auxiliary_0:0:push:0.5",
        "generator_1:0:push:0.5",
    )
    game = build(forces=forces, sampled_generators=(0,))
    assert game.batch_keys == ("real", "auxiliary_0")
    assert [head.first for head in game.heads["pull"]] == ["real", "real", "auxiliary_0"]
    game.train_chunk(batches(keys=game.batch_keys), 2)
    assert set(game.latents(0, 50)[1].numpy()) == {0} and game.offered_choices == (0, 1)
    assert set(game.latents(0, 50, (1,))[1].numpy()) == {1}


def test_one_pull_is_a_standard_gan():
    game = build()
    assert game.choice is None and "push_discriminator" not in game.networks
    latents = {"generator_0": tf.random.normal([5, 3])}
    real, fake = POINTS[:9], game.generator(latents["generator_0"])
    logits = game.pull_discriminator(real).numpy(), game.pull_discriminator(fake).numpy()
    loss, terms = game.discriminator_loss({"real": tf.constant(real)}, latents)
    # The bound of twice the Jensen-Shannon divergence has log 4 besides.
    assert float(loss) == pytest.approx(softplus(-logits[0]).mean() + softplus(logits[1]).mean() - np.log(4), rel=1e-4)
    assert float(terms["real_probability"]) == pytest.approx((1 / (1 + np.exp(-logits[0]))).mean(), rel=1e-4)
    loss, _ = game.generator_loss({}, latents)
    assert float(loss) == pytest.approx(softplus(-logits[1]).mean() - np.log(2), rel=1e-4)
    assert game.score(real).shape == (9, 1)


def test_two_saturating_pulls_are_d2gan():
    """J of D2GAN (Nguyen et al., 2017), with D1 = alpha exp(v1 - 1) and D2 = beta exp(-v2)."""
    alpha, beta = 0.7, 0.2
    game = build(forces=(f"real:0:pull:{alpha}:kl", f"real:0:pull:{beta}:reverse_kl"), saturating=True)
    latents = {"generator_0": tf.random.normal([5, 3])}
    real, fake = POINTS[:9], game.generator(latents["generator_0"])
    of_real, of_fake = (game.pull_discriminator(samples).numpy().T for samples in (real, fake))
    first, second = lambda v: alpha * np.exp(v[0] - 1), lambda v: beta * np.exp(-v[1])
    to_first = alpha * np.log(first(of_real)).mean() - first(of_fake).mean()
    to_second = -second(of_real).mean() + beta * np.log(second(of_fake)).mean()
    constants = np.log(alpha) - 1 + np.log(beta) - 1
    loss, _ = game.discriminator_loss({"real": tf.constant(real)}, latents)
    assert float(loss) == pytest.approx(-to_first / alpha - to_second / beta + constants, rel=1e-4)
    loss, _ = game.generator_loss({}, latents)
    moved = -first(of_fake).mean() + beta * np.log(second(of_fake)).mean()
    assert float(loss) == pytest.approx(moved - beta * (np.log(beta) - 1), rel=1e-4)
    game.saturating = False
    assert abs(float(game.generator_loss({}, latents)[0]) - float(loss)) > 0.1


def test_discriminators_tell_density_ratios():
    """Theorem 1, with trained networks: the logits on a line go with log p / q of two Gaussians."""
    random = np.random.default_rng(0)
    keras.utils.set_random_seed(0)
    family = MLP(hidden_units=32, output_activation="linear", latent_dim=1)
    game = build(family, (1,), forces=("real:0:pull:1", "auxiliary_0:0:push:1"))
    # The generator stays N(0, 1): its latents.
    game.generator.call = lambda latents, **options: latents
    game._samples = lambda latents: latents
    real, auxiliary = random.normal(1.0, 0.8, (20_000, 1)), random.normal(-0.5, 1.2, (20_000, 1))
    data = {"real": real.astype("float32"), "auxiliary_0": auxiliary.astype("float32")}

    @tf.function
    def step(data, latents):
        return game.minimize("discriminator", game.discriminator_loss, data, latents)

    for _ in range(600):
        rows = random.integers(0, 20_000, 256)
        latents = {"generator_0": tf.constant(random.normal(size=(256, 1)).astype("float32"))}
        step({name: tf.constant(values[rows]) for name, values in data.items()}, latents)
    line = np.linspace(-2, 2, 101, dtype="float32")[:, None]
    log_density = lambda mean, std: -0.5 * ((line - mean) / std) ** 2 - np.log(std)  # noqa: E731
    for discriminator, distribution in ((game.pull_discriminator, (1.0, 0.8)), (game.push_discriminator, (-0.5, 1.2))):
        ratio = log_density(*distribution) - log_density(0.0, 1.0)
        assert np.corrcoef(discriminator(line)[:, 0], ratio[:, 0])[0, 1] > 0.95


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"num_generators": 0}, "num_generators is 0; it must be in [1, 100]."),
        ({"grow_every": -1}, "grow_every is -1; it must be at least 0."),
        ({"push_weight": -0.1}, "push_weight is -0.1; it must be at least 0."),
        ({"push": "all"}, "push is 'all'; it must be one of mutual, sequential."),
        ({"auxiliary": "cold"}, "auxiliary is 'cold'; it must be one of joint, frozen."),
        (
            {"auxiliary": "frozen", "num_generators": 2},
            "auxiliary is 'frozen'; it must be joint without grow_every.",
        ),
        ({"pull_divergence": "wasserstein"}, "pull_divergence is 'wasserstein'; it must be one of kl, reverse_kl, "),
        ({"gamma": -1.0}, "gamma is -1.0; it must be at least 0."),
        (
            {"gamma": 1.0, "pull_divergence": "kl"},
            "gamma is 1.0; it must be 0 with other divergences than jensen_shannon and gan.",
        ),
        ({"generator_batch": -1}, "generator_batch is -1; it must be in [0, 1048576]."),
        ({"sampled_generators": (1,)}, "sampled_generators is (1,); it must be made of numbers of generators, 0 to 0."),
        ({"prior": "gauss"}, "prior is 'gauss'; it must be one of normal, uniform."),
        (
            {"forces": ("real:0:pull:1",), "num_generators": 2},
            "forces is ('real:0:pull:1',); it must be empty with num_generators, grow_every or auxiliary.",
        ),
        (
            {"forces": ("real:1:pull:1",)},
            "forces is ('real:1:pull:1.0',); it must be a list with a pull on each generator.",
        ),
        (
            {"forces": ("real:0:pull:1", "generator_2:0:push:1")},
            "forces is ('real:0:pull:1.0', 'generator_2:0:push:1.0'); it must be a list with the "
            "sources generator_0, real. It has generator_2; count from 0.",
        ),
        (
            {"forces": ("real:0:pull:1", "auxiliary_1:0:push:1")},
            "forces is ('real:0:pull:1.0', 'auxiliary_1:0:push:1.0'); it must be a list with the "
            "sources auxiliary_0, generator_0, real. It has auxiliary_1; count from 0. Give a dataset of "
            "--auxiliary_dataset for each of auxiliary_0, auxiliary_1 and so on.",
        ),
        (
            {"forces": ("real:0",)},
            "forces is 'real:0'; it must be SOURCE:GENERATOR:pull|push:WEIGHT[:DIVERGENCE], such as ",
        ),
    ],
)
def test_values_that_are_refused(arguments, message):
    with pytest.raises(ValueError) as caught:
        build(**arguments)
    assert str(caught.value).startswith(message)
