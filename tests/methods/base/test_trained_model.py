"""Training in chunks and phases, averages and state, on games that can be computed by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from small_games import perceptron, standard_gan

from tfgan2.methods.base.averages import HalfLife
from tfgan2.methods.standard_gan import StandardGAN


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

    def test_a_decay_and_a_half_life(self, descent, compiled):
        half_life = HalfLife(samples=100, batch_size=16)
        assert compiled(descent(), ema_half_life=half_life).keeps_averages
        message = r"^ema_half_life is 100; it must be left out with an ema_decay of 0\.5\.$"
        with pytest.raises(ValueError, match=message):
            compiled(descent(), ema_decay=0.5, ema_half_life=half_life)

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
