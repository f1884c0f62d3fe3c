"""The base of all methods, on games that can be computed by hand."""

import gc

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph

from tfgan2.layers.spectral import SpectralDense
from tfgan2.methods.base.game import Game
from tfgan2.methods.gngan import GNGAN
from tfgan2.methods.standard_gan import StandardGAN


def perceptron(inputs, outputs, **dense):
    return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs, **dense)])


def standard_gan(**arguments):
    return StandardGAN(perceptron(3, 2), perceptron(2, 1), **arguments)


class TestMinimize:
    def test_one_update(self, descent, compiled):
        game = compiled(descent(), learning_rate=0.5)
        report = game.update({"real": tf.constant([[1.0], [5.0]])})
        # mean(real) = 3 is the loss at w = 1, the gradient and its norm; w moves by -0.5 * 3.
        assert list(report) == ["generator/loss", "generator/mean_sample", "generator/gradient_norm"]
        assert [float(value) for value in report.values()] == [3.0, 3.0, 3.0]
        assert game.weight == -0.5

    def test_a_traced_step_lives_as_long_as_its_game(self, descent, compiled):
        def graphs():
            gc.collect()
            return [graph for graph in gc.get_objects() if type(graph) is FuncGraph and graph.name == "an_update"]

        def trained():
            game = compiled(descent(), learning_rate=0.5)

            @tf.function
            def an_update(real):
                return game.update({"real": real})

            an_update(tf.constant([[1.0], [5.0]]))
            assert len(graphs()) == 1 and game.weight == -0.5

        trained()
        assert graphs() == []

    # Two players, of gradients 1 and 2, move one weight by -0.5 times the gradient, with the momentum 0.5.
    @pytest.mark.parametrize(
        ("per", "updates", "weight"),
        [
            # -0.5, and then 0.5 * -0.5 - 1.
            ("network", {"generator": 2}, 1.0 - 0.5 - 1.25),
            ("player", {"generator/first": 1, "generator/second": 1}, 1.0 - 0.5 - 1.0),
        ],
    )
    def test_players_share_the_optimizer_of_a_network_or_have_one_each(self, per, updates, weight, descent):
        class Twice(descent):
            players = {"first": ["generator"], "second": ["generator"]}  # noqa: RUF012

            def train_step(self, batch):
                report = self.minimize("first", self.weight_loss, batch["real"])
                return report | self.minimize("second", lambda real: self.weight_loss(2.0 * real), batch["real"])

        game = Twice()
        assert game.trained_roles == ("generator",)
        assert game.optimizer_names(per) == tuple(updates)
        game.compile({name: keras.optimizers.SGD(0.5, momentum=0.5) for name in updates})
        game.update({"real": tf.constant([[1.0]])})
        assert game.weight == weight
        for name, count in updates.items():
            assert game.updates_per_step(name) == int(game.network_optimizers[name].iterations.value) == count
            assert f"optimizer/{name}/000" in game.state()

    def test_each_call_uses_the_function_that_it_is_given(self, descent, compiled):
        class Forgetful(descent):
            def train_step(self, batch):
                return self.minimize("generator", lambda: self.weight_loss(batch["real"]))

        game = compiled(Forgetful(), learning_rate=1.0)
        for sample in (1.0, 2.0, 4.0):
            game.update({"real": tf.constant([[sample]])})
        assert game.weight == 1.0 - 7.0

    def test_an_unreached_network_is_named_with_the_player(self, compiled):
        class Deaf(StandardGAN):
            players = {"pair": ["generator", "discriminator"]}  # noqa: RUF012

            def train_step(self, batch):
                return self.minimize("pair", lambda: (tf.reduce_mean(self.generator(tf.ones([1, 3]))), {}))

        generator, discriminator = perceptron(3, 2), perceptron(2, 1)
        game = compiled(Deaf(generator, discriminator))
        kernel, bias = (weight.path for weight in discriminator.weights)
        with pytest.raises(ValueError, match=f"^the loss of player 'pair' does not reach {kernel}, {bias}\\.$"):
            game.update({"real": tf.zeros([1, 2])})

    def test_power_iterations_run_once_before_the_update_of_their_own_player(self, compiled, monkeypatch):
        keras.utils.set_random_seed(0)
        discriminator = keras.Sequential([keras.Input((2,)), SpectralDense(3), SpectralDense(1)])
        game = compiled(StandardGAN(perceptron(3, 2), discriminator, discriminator_steps=2))
        order = []
        for layer in discriminator.layers:
            iterate = layer.power_iteration
            monkeypatch.setattr(layer, "power_iteration", lambda f=iterate, n=layer.name: (order.append(n), f()))
        monkeypatch.setattr(game, "discriminator_loss", _logged(order, "discriminator", game.discriminator_loss))
        monkeypatch.setattr(game, "generator_loss", _logged(order, "generator", game.generator_loss))
        game.update({"real": tf.zeros([4, 2])})
        first, second = (layer.name for layer in discriminator.layers)
        assert order == 2 * [first, second, "discriminator"] + ["generator"]


def _logged(log, name, function):
    def logged(*arguments):
        log.append(name)
        return function(*arguments)

    return logged


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
        with pytest.raises(ValueError, match=rf"^ema_decay is {decay}; it must be in \[0, 1\)\.$"):
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
        with pytest.raises(ValueError, match=rf"^seed is {seed}; it must be in \[0, 2147483648\)\.$"):
            standard_gan(seed=seed)

    def test_a_network_without_weights(self):
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

    def test_each_compiled_loss_is_traced_once_however_often_a_step_uses_it(self, descent, compiled, two_replicas):
        traced = []

        class Thrice(descent):
            def train_step(self, batch):
                for _ in range(self.repetitions):
                    report = self.minimize("generator", self.weight_loss, batch["real"])
                return report | self.minimize("generator", self.doubled_loss, batch["real"])

            def weight_loss(self, real):
                traced.append("weight")
                return super().weight_loss(real)

            def doubled_loss(self, real):
                traced.append("doubled")
                return super().weight_loss(2.0 * real)

        counts = []
        for repetitions in (1, 3):
            traced.clear()
            with two_replicas.scope():
                game = compiled(Thrice(), learning_rate=0.5, jit_compile=True)
            game.repetitions = repetitions
            dataset = tf.data.Dataset.from_tensors({"real": np.ones([2, 1], "float32")})
            game.train_chunk(iter(two_replicas.experimental_distribute_dataset(dataset)), 1)
            assert game.weight == 1.0 - 0.5 * repetitions - 1.0
            counts.append((traced.count("weight"), traced.count("doubled")))
        assert counts[0] == counts[1]

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


class TestAverages:
    def test_the_generator_is_averaged_and_the_discriminator_is_not(self, compiled):
        game = compiled(standard_gan(), ema_decay=0.5)
        averages = [name for name in game.state() if name.startswith("average/")]
        assert len(averages) == len(game.generator.weights)

    def test_averages_follow_each_update_and_take_the_place_of_the_weights(self, descent, compiled):
        game = compiled(descent(), learning_rate=1.0, ema_decay=0.999)
        average = 1.0
        for step in range(3):
            game.update({"real": tf.constant([[1.0]])})
            decay = (1 + step) / (10 + step)
            average = decay * average + (1 - decay) * game.weight
        assert game.weight == -2.0
        with pytest.raises(RuntimeError, match="sampling failed"), game.averaged() as same:
            assert same is game
            assert game.weight == pytest.approx(average, rel=1e-6)
            raise RuntimeError("sampling failed")
        assert game.weight == -2.0

    def test_without_averages_the_weights_stay(self, descent, compiled):
        game = compiled(descent())
        game.update({"real": tf.constant([[1.0]])})
        with game.averaged():
            assert game.weight == 0.5

    def test_batch_norm_statistics_are_averaged(self, compiled):
        generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.BatchNormalization()])
        game = compiled(StandardGAN(generator, perceptron(2, 1)), ema_decay=0.5)
        game.update({"real": tf.zeros([4, 2])})
        moving = generator.layers[1].moving_variance
        raw = moving.numpy()
        with game.averaged():
            # The first decay is 1/10 and the statistic began at 1.
            np.testing.assert_allclose(moving.numpy(), 0.1 * 1.0 + 0.9 * raw, rtol=1e-6)
        assert not np.array_equal(raw, np.ones(2))


class TestState:
    def test_it_holds_the_seeds_of_dropout(self, compiled):
        discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
        game = compiled(StandardGAN(perceptron(3, 2), discriminator))
        seed = discriminator.layers[0].seed_generator.state.value
        before = seed.numpy()
        game.update({"real": tf.zeros([4, 2])})
        assert not np.array_equal(seed.numpy(), before)
        assert any(variable is seed for variable in game.state().values())

    def test_its_names_do_not_depend_on_what_else_this_process_made(self, compiled):
        names = [list(compiled(standard_gan(), ema_decay=0.5).state()) for _ in range(2)]
        assert names[0] == names[1]


class TestPhases:
    def test_a_phase_is_traced_once_and_another_drops_what_was_traced(self, descent, compiled, stream):
        traced = []

        class Doubling(descent):
            def weight_loss(self, real):
                traced.append(self.phase)
                loss, terms = super().weight_loss(real)
                return (2.0 * loss if self.phase == "double" else loss), terms

        game = compiled(Doubling(), learning_rate=1.0)
        ones = np.ones([4, 1, 1])
        game.train_chunk(stream(ones), 2)
        game.begin_phase("train")
        game.train_chunk(stream(ones), 1)
        assert (game.weight, set(traced)) == (-2.0, {"train"})
        before = len(traced)
        game.train_chunk(stream(ones), 4)
        assert len(traced) == before
        game.begin_phase("double")
        game.train_chunk(stream(ones), 2)
        assert (game.weight, game.phase) == (-2.0 - 4.0 - 4.0, "double")
        assert traced[before:] == ["double"] * len(traced[before:]) != []

    def test_by_default_there_is_one(self, descent):
        assert descent().schedule(100) == [("train", 100)]
