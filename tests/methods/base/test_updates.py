"""Updates of players, on games that can be computed by hand."""

import gc

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_games import perceptron
from tensorflow.python.framework.func_graph import FuncGraph

from tfgan2.errors import InputError
from tfgan2.layers.spectral import SpectralDense
from tfgan2.methods.standard_gan import StandardGAN


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
        message = f"^Deaf: the loss of the player 'pair' does not reach {kernel}, {bias}\\.$"
        with pytest.raises(InputError, match=message):
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

    def test_replicas_exchange_the_gradients_of_a_player_at_once(self, compiled, two_replicas, monkeypatch):
        class Pair(StandardGAN):
            players = {"pair": ["generator", "discriminator"]}  # noqa: RUF012

            def train_step(self, batch):
                return self.minimize("pair", self.distance, batch["real"])

            def distance(self, real):
                means = self.global_mean([real, self.generator(tf.ones([1, 3]))])
                return tf.reduce_sum(means[0] - means[1]) + tf.reduce_sum(self.discriminator(real)), {}

        exchanged = []
        extended = two_replicas.extended
        reduce_batch = extended._batch_reduce_to
        monkeypatch.setattr(extended, "_batch_reduce_to", lambda op, pairs, options: (
            exchanged.append(len(pairs)), reduce_batch(op, pairs, options))[1])  # fmt: skip
        with two_replicas.scope():
            game = compiled(Pair(perceptron(3, 2), perceptron(2, 1)))
        before = {name: variable.numpy() for name, variable in game.state().items()}
        dataset = tf.data.Dataset.from_tensors({"real": np.ones([2, 2], "float32")})
        game.train_chunk(iter(two_replicas.experimental_distribute_dataset(dataset)), 1)
        # The two means, their gradients, and the gradients of all weights of both networks.
        assert exchanged == [2, 2, sum(len(network.weights) for network in game.networks.values())]
        # With the learning rate 0.5 each bias of the output moves by half of its gradient, 1.
        moved = {name: variable.numpy() - before[name] for name, variable in game.state().items()}
        biases = [change for name, change in moved.items() if name.startswith(("generator", "discriminator"))][1::2]
        np.testing.assert_allclose(np.concatenate(biases), [0.5, 0.5, -0.5], rtol=1e-6)

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


def _logged(log, name, function):
    def logged(*arguments):
        log.append(name)
        return function(*arguments)

    return logged
