"""The base of all methods, on games that can be computed by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_games import perceptron, standard_gan

from tfgan2.errors import InputError
from tfgan2.methods.base.game import Game
from tfgan2.methods.gngan import GNGAN
from tfgan2.methods.standard_gan import StandardGAN


class TestCompile:
    def test_optimizers_of_other_networks(self):
        message = r"^optimizers are given for \['critic', 'generator'\]; give one for each of"
        with pytest.raises(ValueError, match=message + r" \['discriminator', 'generator'\]\.$"):
            standard_gan().compile({role: keras.optimizers.SGD() for role in ("critic", "generator")})

    def test_optimizers_of_some_players(self):
        game = GNGAN(perceptron(2, 2), perceptron(2, 1), perceptron(2, 2))
        message = (
            "optimizers are given for ['discriminator', 'encoder', 'generator/generator']; give one for each of "
            "['discriminator', 'encoder', 'generator'] or "
            "['discriminator', 'encoder', 'generator/autoencoder', 'generator/generator']."
        )
        with pytest.raises(ValueError) as error:
            game.compile({name: keras.optimizers.SGD() for name in ("discriminator", "encoder", "generator/generator")})
        assert str(error.value) == message

    @pytest.mark.parametrize("decay", [-0.1, 1.0, float("nan")])
    def test_decay_out_of_range(self, decay, descent, compiled):
        with pytest.raises(ValueError, match=rf"^ema_decay is {decay}; it must be (a finite number )?in \[0, 1\)\.$"):
            compiled(descent(), ema_decay=decay)

    def test_optimizers_are_built_so_that_they_can_be_restored(self, descent):
        game = descent()
        optimizer = keras.optimizers.Adam()
        game.compile({"generator": optimizer})
        assert optimizer.built
        assert len(optimizer.variables) == 4  # iterations, learning rate, two moments of one weight


class TestConstructor:
    @pytest.mark.parametrize("seed", [-1, 2**31])
    def test_seed_out_of_range(self, seed):
        with pytest.raises(ValueError, match=rf"^seed is {seed}; it must be in \[0, 2147483647\]\.$"):
            standard_gan(seed=seed)

    def test_a_network_without_weights(self):
        with pytest.raises(InputError, match=r"^the generator is 1; it must be a keras.Model, called on a"):
            StandardGAN(1, 2)
        with pytest.raises(ValueError, match=r"^the discriminator has no weights yet; call it on a batch before"):
            StandardGAN(perceptron(3, 2), keras.Sequential([keras.layers.Dense(1)]))

    def test_the_base_itself_cannot_play(self):
        game = Game({"generator": perceptron(1, 1)})
        with pytest.raises(NotImplementedError):
            game.train_step({})
        with pytest.raises(NotImplementedError):
            game.compile({})


class TestRandom:
    def test_streams_steps_and_seeds_differ_and_each_repeats(self, descent):
        games = {(seed, step): descent(seed=seed) for seed in (0, 1, 2**31 - 1) for step in (0, 1)}
        drawn = {}
        for (seed, step), game in games.items():
            game.step.assign(step)
            for stream in ("latents", "mixing"):
                drawn[seed, step, stream] = game.random(stream, [50, 2], "normal").numpy()
                np.testing.assert_array_equal(game.random(stream, [50, 2]).numpy(), drawn[seed, step, stream])
        numbers = np.stack(list(drawn.values())).reshape([len(drawn), -1])
        assert len(np.unique(numbers)) == numbers.size

    def test_the_distribution_is_the_requested_one(self, descent):
        draw = {
            distribution: descent().random("x", [2000], distribution).numpy()
            for distribution in ("normal", "uniform", "unit")
        }
        assert draw["normal"].min() < -2.0
        assert -1.0 <= draw["uniform"].min() < -0.9
        assert 0.0 <= draw["unit"].min() < 0.1

    def test_replicas_share_one_draw(self, descent, two_replicas):
        one = descent(seed=3)
        with two_replicas.scope():
            two = descent(seed=3)
        for game in (one, two):
            game.step.assign(7)
        shares = tf.function(lambda: two_replicas.run(two.random, ("x", [3, 2], "uniform")))()
        np.testing.assert_array_equal(
            np.concatenate([share.numpy() for share in shares.values]), one.random("x", [6, 2], "uniform").numpy()
        )


class TestReplicas:
    def test_global_mean_is_differentiable_over_replicas(self, descent, compiled, two_replicas):
        class Square(descent):
            coupled_players = ("generator",)

            def weight_loss(self, real):
                return tf.square(self.global_mean(self.generator(real))[0]), {}

        with two_replicas.scope():
            game = compiled(Square(), learning_rate=1.0)
        dataset = tf.data.Dataset.from_tensors({"real": np.array([[1.0], [1.0], [3.0], [3.0]], "float32")})
        logs = game.train_chunk(iter(two_replicas.experimental_distribute_dataset(dataset)), 1)
        # The loss is (w * 2)^2, its derivative 8 at w = 1; the mean over replicas of squares would give 5 and 10.
        assert logs["generator/loss"] == pytest.approx(4.0, rel=1e-6)
        assert game.weight == pytest.approx(1.0 - 8.0, rel=1e-6)

    def test_global_mean_on_one_replica(self, descent):
        np.testing.assert_array_equal(descent().global_mean(tf.constant([[1.0, 2.0], [3.0, 6.0]])), [2.0, 4.0])

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_batches_are_alike_for_any_number_of_replicas(self, count):
        samples = np.arange(12)
        game = standard_gan(discriminator_steps=count)
        whole = [batch for (batch,) in game.discriminator_batches(samples)]
        shares = [[batch for (batch,) in game.discriminator_batches(share)] for share in np.split(samples, 2)]
        for index in range(count):
            np.testing.assert_array_equal(whole[index], np.concatenate([share[index] for share in shares]))
        assert sorted(np.concatenate(whole)) == list(samples)
