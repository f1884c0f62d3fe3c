"""Latents for sampling: row i depends on (seed, i) alone, in eager mode, graphs and SavedModels."""

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.methods.base.latents import check_latents, draw, draw_choices, draw_weighted_choices, outside_the_prior

DISTRIBUTIONS = ["normal", "uniform", "bimodal"]
COUNTS = [1, 10, 1024, 1025, 5000]


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
@pytest.mark.parametrize("dimension", [1, 2, 7])
def test_row_depends_on_seed_and_number_only(distribution, dimension):
    longest = draw(distribution, 3, 6000, dimension).numpy()
    assert longest.shape == (6000, dimension) and longest.dtype == np.float32
    for count in [0, *COUNTS]:
        np.testing.assert_array_equal(draw(distribution, 3, count, dimension), longest[:count])


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_rows_and_seeds_differ(distribution):
    rows = np.concatenate([draw(distribution, seed, 3000, 2).numpy() for seed in (0, 1, 2**31 - 1)])
    assert len(np.unique(rows, axis=0)) == 9000
    assert np.unique(rows).size > 17_900  # of 18,000 numbers; a few of float32's collide
    # Neither do neighbouring seeds, blocks and columns go together: the standard error of a correlation is .018.
    for one, other in ((rows[:3000, 0], rows[3000:6000, 0]), (rows[:1024, 0], rows[1024:2048, 0]), rows[:3000].T):
        assert abs(np.corrcoef(one, other)[0, 1]) < 5 / np.sqrt(len(one))


def test_normal_moments():
    values = draw("normal", 0, 5000, 4).numpy()
    # Of 20,000 numbers: standard errors .007 of the mean, .005 of the deviation, .035 of the fourth moment (3).
    assert values.mean() == pytest.approx(0, abs=0.03) and values.std() == pytest.approx(1, abs=0.025)
    assert (values**4).mean() == pytest.approx(3, abs=0.35)
    assert np.abs(values).max() > 3.5


def test_uniform_moments():
    values = draw("uniform", 0, 5000, 4).numpy()
    assert values.min() >= -1 and values.max() < 1 and values.min() < -0.999 and values.max() > 0.999
    # Standard deviation 1 / sqrt(3); standard errors .004 of the mean, .002 of the deviation.
    assert values.mean() == pytest.approx(0, abs=0.02) and values.std() == pytest.approx(3**-0.5, abs=0.01)
    counts, _ = np.histogram(values, bins=10, range=(-1, 1))
    np.testing.assert_allclose(counts, 2000, rtol=0.12)  # five standard errors of 42


def test_mixture_moments():
    values = draw("bimodal", 0, 5000, 4).numpy()
    # 10,000 of 20,000 numbers on either side, with a standard deviation of 71.
    sizes = np.abs(values)
    assert 0.8 <= sizes.min() < 0.801 and 0.999 < sizes.max() <= 1
    assert abs((values < 0).sum() - 10_000) < 350
    assert sizes.mean() == pytest.approx(0.9, abs=0.002)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_what_a_prior_draws_lies_in_its_range(distribution):
    drawn = draw(distribution, 0, 1000, 3)
    check_latents(3, drawn)
    assert outside_the_prior(distribution, drawn) is None


@pytest.mark.parametrize(
    ("distribution", "latents", "message"),
    [
        ("uniform", [[0.0, 1.0], [-1.5, 1.25]], "2 of 4 latent numbers lie up to 0.5 outside [-1, 1], the range of"),
        ("bimodal", [[0.0, 1.0], [-0.9, 1.25]], "2 of 4 latent numbers lie up to 0.8 outside [-1, -0.8] or [0.8, 1], "),
        ("normal", [[0.0, 1e30], [-0.9, 1.25]], None),
    ],
)
def test_latents_outside_of_the_range_are_told_and_not_refused(distribution, latents, message):
    check_latents(2, latents)
    told = outside_the_prior(distribution, latents)
    assert told is None if message is None else told.startswith(message)


@pytest.mark.parametrize(
    ("latents", "message"),
    [
        ([[0.0, float("nan")]], "latents have nan in row 0; give finite numbers of float32."),
        ([[0.0, 0.0], [float("-inf"), 0.0]], "latents have -inf in row 1; give finite numbers of float32."),
        ([[0.0, 1.0, 2.0]], "latents have the shape [1, 3]; the generator takes [count, 2]."),
        ([0.0, 1.0], "latents have the shape [2]; the generator takes [count, 2]."),
    ],
)
def test_latents_that_no_generator_takes(latents, message):
    with pytest.raises(ValueError) as error:
        check_latents(2, np.array(latents))
    assert str(error.value) == message


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_equal_in_eager_graph_and_saved_model(distribution, tmp_path):
    module = tf.Module()
    scalar = tf.TensorSpec([], tf.int64)
    module.draw = tf.function(lambda seed, count: draw(distribution, seed, count, 3), input_signature=[scalar, scalar])
    tf.saved_model.save(module, str(tmp_path / "latents"))
    loaded = tf.saved_model.load(str(tmp_path / "latents"))
    for seed, count in [(0, 1), (5, 1025), (2**31 - 1, 5000)]:
        expected = draw(distribution, seed, count, 3)
        seed, count = tf.constant(seed, tf.int64), tf.constant(count, tf.int64)
        np.testing.assert_array_equal(module.draw(seed, count), expected)
        np.testing.assert_array_equal(loaded.draw(seed, count), expected)


def test_unknown_law():
    with pytest.raises(
        ValueError,
        match=r"^prior is 'gaussian'; it must be one of normal, uniform, bimodal\.$",
    ):
        draw("gaussian", 0, 1, 2)


def test_choices_are_drawn_evenly_and_row_by_row():
    drawn = draw_choices(3, 6000, (0, 1, 2, 3, 7)).numpy()
    assert drawn.dtype == np.int32
    for count in COUNTS:
        np.testing.assert_array_equal(draw_choices(3, count, (0, 1, 2, 3, 7)), drawn[:count])
    # Of 6,000 in five parts: 1,200 each, with a standard deviation of 31.
    values, counts = np.unique(drawn, return_counts=True)
    assert values.tolist() == [0, 1, 2, 3, 7] and np.abs(counts - 1200).max() < 125
    assert (draw_choices(4, 6000, (0, 1, 2, 3, 7)).numpy() == drawn).mean() < 0.25
    # They do not go with the latents of the same row.
    assert abs(np.corrcoef(drawn, draw("normal", 3, 6000, 1)[:, 0])[0, 1]) < 5 / np.sqrt(6000)


def test_weighted_choices_come_as_often_as_their_shares():
    shares = tf.constant([0.0, 0.5, 0.0, 0.3, 0.2, 0.0])
    drawn = draw_weighted_choices(1, 10_000, shares).numpy()
    assert drawn.dtype == np.int32 and set(drawn) == {1, 3, 4}
    # The largest standard error of a share of 10,000 is .005.
    np.testing.assert_allclose(np.bincount(drawn, minlength=6) / 10_000, shares, atol=0.02)
    np.testing.assert_array_equal(draw_weighted_choices(1, 1500, shares), drawn[:1500])
    assert not np.array_equal(draw_weighted_choices(2, 10_000, shares), drawn)
    # As latents and choices of one seed, latents and these are drawn from other numbers.
    assert abs(np.corrcoef(draw("uniform", 1, 10_000, 1)[:, 0], drawn)[0, 1]) < 0.05
