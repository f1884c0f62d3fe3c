"""Chunks of steps: their means, their lengths, and the first step that is not finite."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.errors import NonFiniteError

MODES = pytest.mark.parametrize("jit_compile", [False, True], ids=["graph", "xla"])


@MODES
def test_a_chunk_reports_the_means_over_its_steps_and_moves_as_single_steps_do(jit_compile, descent, compiled, stream):
    # Gradients 1, 2, 3 at a learning rate of 1/2: w = 1, 0.5, -0.5, -2; losses w x = 1, 1, -1.5.
    game = compiled(descent(), jit_compile=jit_compile)
    logs = game.train_chunk(stream([[[1.0]], [[2.0]], [[3.0]]]), 3)
    assert logs == pytest.approx(
        {"generator/loss": 0.5 / 3, "generator/mean_sample": 2.0, "generator/gradient_norm": 2.0}, rel=1e-6
    )
    assert all(type(value) is float for value in logs.values())
    assert (game.weight, game.global_step) == (-2.0, 3)


@MODES
def test_a_short_last_chunk(jit_compile, descent, compiled, stream):
    samples = np.arange(1.0, 6.0).reshape([5, 1, 1])
    game = compiled(descent(), jit_compile=jit_compile)
    iterator = stream(samples)
    assert game.train_chunk(iterator, 4)["generator/mean_sample"] == 2.5
    assert game.train_chunk(iterator, 1)["generator/mean_sample"] == 5.0
    assert (game.weight, game.global_step) == (1.0 - 15.0 / 2.0, 5)


@MODES
def test_the_first_non_finite_step_is_named_with_what_became_so(jit_compile, descent, compiled, stream):
    class Logarithmic(descent):
        """Reports, before its loss, the logarithm of the mean: infinite at 0, where the loss is still finite."""

        def weight_loss(self, real):
            loss, terms = super().weight_loss(real)
            return loss, {**terms, "log_mean": tf.math.log(tf.reduce_mean(real))}

    game = compiled(Logarithmic(), jit_compile=jit_compile)
    iterator = stream(np.array([1.0, 1.0, 1.0, 0.0, np.nan, 1.0, np.inf, 1.0]).reshape([8, 1, 1]))
    game.train_chunk(iterator, 2)
    with pytest.raises(NonFiniteError, match=r"^generator/log_mean is not finite at step 3\.$"):
        game.train_chunk(iterator, 6)


@MODES
@pytest.mark.parametrize(
    ("samples", "name"), [([1.0, 1.0, np.nan, 1.0], "the batch 'real'"), ([1.0, 1e18, 1e25, 1.0], "generator/loss")]
)
def test_what_became_so_first_is_named(samples, name, jit_compile, descent, compiled, stream):
    game = compiled(descent(), jit_compile=jit_compile)
    iterator = stream(np.array(samples).reshape([4, 1, 1]))
    with pytest.raises(NonFiniteError, match=rf"^{name} is not finite at step 2\.$"):
        game.train_chunk(iterator, 4)


def test_two_replicas_notice_what_one_of_them_computes(descent, compiled, stream, two_replicas):
    with two_replicas.scope():
        game = compiled(descent())
    samples = np.ones([3, 2, 1], "float32")
    samples[1, 1] = np.inf
    dataset = tf.data.Dataset.from_tensor_slices({"real": samples})
    with pytest.raises(NonFiniteError, match=r"^the batch 'real' is not finite at step 1\.$"):
        game.train_chunk(iter(two_replicas.experimental_distribute_dataset(dataset)), 3)


def test_a_batch_of_unknown_size_is_refused(descent, compiled):
    dataset = tf.data.Dataset.from_tensor_slices({"real": np.zeros([5, 1], "float32")}).batch(2)
    with pytest.raises(
        ValueError, match=r"'real' comes in batches of shape \(None, 1\), which must be fixed; .*drop_remainder=True"
    ):
        compiled(descent()).train_chunk(iter(dataset), 2)


def test_a_dataset_of_bare_tensors_is_refused(descent, compiled):
    dataset = tf.data.Dataset.from_tensor_slices(np.zeros([4, 2, 1], "float32"))
    with pytest.raises(ValueError, match=r"the dataset delivers TensorSpec.*; it must deliver dicts such as {\"real\""):
        compiled(descent()).train_chunk(iter(dataset), 2)
