"""Batches: every epoch visits every row once, in an order that depends on (seed, step) and nothing else."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.pipeline import batch_stream, shuffled_rows
from tfgan2.errors import InputError


def rows_of(dataset, steps=None):
    return np.array([batch["real"].numpy() for batch in itertools.islice(dataset, steps)])


def numbers(count):
    return {"real": np.arange(count)}


def epochs_of(count, epochs, seed=0):
    """[epochs, count]: the order of each epoch, a batch an epoch."""
    rows = tf.function(lambda step: shuffled_rows(step, batch_size=count, count=count, seed=seed))
    return np.stack([rows(tf.constant(epoch, tf.int64)).numpy() for epoch in epochs])


@pytest.mark.parametrize(("count", "batch_size"), [(12, 4), (10, 4), (7, 7), (50, 49), (3, 1), (1, 1), (70_000, 7_000)])
def test_every_epoch_visits_every_row_once(count, batch_size):
    epochs = 3
    steps = -(-epochs * count // batch_size)
    visited = rows_of(batch_stream(numbers(count), batch_size=batch_size, seed=5), steps).reshape(-1)
    for epoch in range(epochs):
        assert sorted(visited[epoch * count : (epoch + 1) * count]) == list(range(count))


@pytest.mark.parametrize("first_step", [1, 4, 13])
def test_start_at_a_step_equals_skipping(first_step):
    data = numbers(30)
    whole = rows_of(batch_stream(data, batch_size=8, seed=1, last_step=20))
    rest = rows_of(batch_stream(data, batch_size=8, seed=1, first_step=first_step, last_step=20))
    np.testing.assert_array_equal(rest, whole[first_step:])


def test_repeated_and_interleaved_iterators_are_equal():
    dataset = batch_stream(numbers(30), batch_size=8, seed=1)
    first, second = iter(dataset), iter(dataset)
    ahead = [next(first)["real"].numpy() for _ in range(5)]
    behind = [next(second)["real"].numpy() for _ in range(3)]
    np.testing.assert_array_equal(ahead[:3], behind)
    np.testing.assert_array_equal(rows_of(dataset, 5), ahead)


def test_order_does_not_depend_on_prefetch():
    expected = rows_of(batch_stream(numbers(30), batch_size=8, seed=1, last_step=12))
    for prefetch in (1, 100):
        found = rows_of(batch_stream(numbers(30), batch_size=8, seed=1, last_step=12, prefetch=prefetch))
        np.testing.assert_array_equal(found, expected)


def test_last_step_ends_it():
    assert len(rows_of(batch_stream(numbers(10), batch_size=4, seed=0, last_step=7))) == 7
    assert len(rows_of(batch_stream(numbers(10), batch_size=4, seed=0, first_step=5, last_step=7))) == 2
    assert len(rows_of(batch_stream(numbers(10), batch_size=4, seed=0, first_step=7, last_step=7))) == 0
    # Without it there is no end.
    assert len(rows_of(batch_stream(numbers(10), batch_size=4, seed=0, first_step=10**9), 50)) == 50


def test_arrays_stay_together():
    images = np.random.default_rng(0).integers(0, 256, size=(20, 4, 4, 1), dtype=np.uint8)
    labels = np.arange(20, dtype=np.int32)
    dataset = batch_stream({"images": images, "labels": labels}, batch_size=6, seed=0)
    assert dataset.element_spec == {
        "images": tf.TensorSpec([6, 4, 4, 1], tf.uint8),
        "labels": tf.TensorSpec([6], tf.int32),
    }
    for batch in dataset.take(5):
        np.testing.assert_array_equal(batch["images"], images[batch["labels"].numpy()])


@pytest.mark.parametrize("count", [100, 70_000])
def test_seeds_and_epochs_have_orders_of_their_own(count):
    # Multiples of 256 apart, too: the cipher behind the shuffle reads only the low bits of its key.
    orders = np.concatenate(
        [epochs_of(count, [0, 1, 2, 256, 512, 65_536], seed) for seed in (0, 1, 2, 257, 65_537, 2**31 - 1)]
    )
    agreements = [np.mean(one == other) for one, other in itertools.combinations(orders, 2)]
    assert np.mean(agreements) == pytest.approx(1 / count, rel=0.3)  # by chance one row keeps its place
    assert np.max(agreements) < 12 / count


def test_epochs_are_uncorrelated():
    orders = epochs_of(5_000, range(40))
    # 780 pairs of epochs, of which the standard error is 1 / sqrt(5000); the largest of 780 normals is about 3.2 of it.
    correlations = np.corrcoef(orders)[np.triu_indices(40, 1)] * np.sqrt(5_000)
    assert correlations.std() == pytest.approx(1, abs=0.15) and np.abs(correlations).max() < 5


def test_samples_of_one_batch_part_in_the_next_epoch():
    first, second = epochs_of(12_800, [0, 1]).reshape(2, 100, 128)
    shared = [np.isin(one, other).sum() for one in first[:20] for other in second]
    # 128 * 128 / 12,800 = 1.28 by chance; of 2,000 such draws none is above 10.
    assert np.mean(shared) == pytest.approx(1.28, rel=1e-6) and np.max(shared) <= 10


def test_batches_are_fair():
    # Sorted data of 25 modes: the counts of a batch of 128 scatter as they do for draws without replacement.
    modes = epochs_of(5_000, range(39)).reshape(-1)[: 39 * 39 * 128].reshape(-1, 128) // 200
    counts = np.stack([np.bincount(batch, minlength=25) for batch in modes])
    statistic = ((counts - 5.12) ** 2 / 5.12).sum(axis=1) / 24
    # Its mean is 1 - 127 / 4999, and the standard error of 1,521 batches sqrt(2 / 24 / 1521) = .0074.
    assert statistic.mean() == pytest.approx(0.975, abs=0.037)
    assert statistic.max() < 3.5


def test_transforms_get_random_bytes_of_their_own():
    def transform(batch, random_bytes):
        return batch | {name: random_bytes(name, 5) for name in ("first", "second")}

    dataset = batch_stream(numbers(4000), batch_size=2000, seed=3, transform=transform)
    one, other = itertools.islice(dataset, 2)
    assert one["first"].shape == (2000, 5) and one["first"].dtype == tf.uint8
    draws = np.stack([batch[name].numpy().ravel() for batch in (one, other) for name in ("first", "second")])
    # 10,000 draws of 256 values: mean 127.5 with a standard error of .74, and two agree once in 256.
    assert draws.mean(axis=1) == pytest.approx(127.5, abs=4)
    assert all(np.mean(a == b) < 0.01 for a, b in itertools.combinations(draws, 2))
    again = next(iter(batch_stream(numbers(4000), batch_size=2000, seed=3, transform=transform, first_step=1)))
    np.testing.assert_array_equal(again["second"], other["second"])


@pytest.mark.parametrize("parallel_calls", [2, 7])
def test_order_does_not_depend_on_parallel_calls(parallel_calls):
    expected = rows_of(batch_stream(numbers(30), batch_size=8, seed=1, last_step=50))
    found = rows_of(batch_stream(numbers(30), batch_size=8, seed=1, last_step=50, parallel_calls=parallel_calls))
    np.testing.assert_array_equal(found, expected)


def test_workers_share_every_batch():
    options = {"batch_size": 8, "seed": 1, "last_step": 9}
    whole = rows_of(batch_stream(numbers(30), **options))
    shares = [rows_of(batch_stream(numbers(30), shard=(index, 4), **options)) for index in range(4)]
    assert shares[0].shape == (9, 2)
    np.testing.assert_array_equal(np.concatenate(shares, axis=1), whole)


def test_batch_that_cannot_be_shared():
    message = r"^the batch of 8 samples cannot be shared by 3 workers; take a multiple\.$"
    with pytest.raises(InputError, match=message):
        batch_stream(numbers(30), batch_size=8, seed=1, shard=(0, 3))


@pytest.mark.parametrize("batch_size", [0, -1, 11])
def test_batch_that_does_not_fit(batch_size):
    message = f"^the batch of {batch_size} samples must be at least 1 and at most the 10 of the dataset\\.$"
    with pytest.raises(InputError, match=message):
        batch_stream(numbers(10), batch_size=batch_size, seed=0)


def test_empty_dataset():
    with pytest.raises(
        InputError, match=r"^the batch of 1 samples must be at least 1 and at most the 0 of the dataset"
    ):
        batch_stream(numbers(0), batch_size=1, seed=0)


@pytest.mark.parametrize("arrays", [{}, {"images": np.zeros([3, 2]), "labels": np.zeros(4)}])
def test_arrays_of_different_lengths(arrays):
    counts = {name: len(array) for name, array in arrays.items()}
    with pytest.raises(InputError) as error:
        batch_stream(arrays, batch_size=2, seed=0)
    expected = f"the arrays of a dataset must have one length, the number of samples; these have {counts}."
    assert str(error.value) == expected


class TestPartners:
    GRAPH = (np.arange(30)[:, None] + [1, 2, 3, 7]) % 30

    def pairs(self, steps=9, graph=GRAPH, **options):
        """[steps, batch]: samples, and how far on in the ring their partners lie."""
        options = {"batch_size": 8, "seed": 1} | options
        stream = batch_stream(numbers(30), partners={"partners": ("real", graph)}, **options)
        found = [(batch["real"].numpy(), batch["partners"].numpy()) for batch in itertools.islice(stream, steps)]
        real, partners = np.stack(found, axis=1)
        return real, (partners - real) % 30

    def test_each_sample_meets_each_of_its_partners_as_often(self):
        real, ahead = self.pairs(steps=1500)
        assert set(np.unique(ahead)) == {1, 2, 3, 7}
        for sample in range(30):
            counts = np.unique(ahead[real == sample], return_counts=True)[1]
            assert counts / 400 == pytest.approx(0.25, abs=0.09)  # standard error .022
        # No row of a batch, and no step, draws as another does.
        assert len({tuple(row) for row in ahead}) > 1400 and len({tuple(row) for row in ahead.T[:, :50]}) == 8

    def test_pairs_depend_on_seed_and_step_only(self):
        whole = self.pairs()
        for first_step in (1, 6):
            rest = self.pairs(steps=9 - first_step, first_step=first_step)
            np.testing.assert_array_equal(rest, np.array(whole)[:, first_step:])
        assert not np.array_equal(self.pairs(seed=2), whole)
        parts = [self.pairs(shard=(index, 2)) for index in (0, 1)]
        np.testing.assert_array_equal(np.concatenate(parts, axis=2), whole)

    def test_samples_are_drawn_as_without_partners(self):
        alone = rows_of(batch_stream(numbers(30), batch_size=8, seed=1), 9)
        np.testing.assert_array_equal(self.pairs()[0], alone)

    def test_of_some_rows_the_partners_are_among_all(self):
        real, ahead = self.pairs(batch_size=2, steps=50, rows=np.array([4, 9]))
        assert set(np.unique(real)) == {4, 9} and set(np.unique(ahead)) == {1, 2, 3, 7}

    @pytest.mark.parametrize(
        ("graph", "message"),
        [
            (
                np.zeros([29, 2], int),
                "the arrays of a dataset must have one length, the number of samples; these have ",
            ),
            (np.zeros([30, 0], int), r"partners are int64 \[30, 0\]; give integers, at least one a sample"),
            (np.zeros(30, int), r"partners are int64 \[30\]; give integers, at least one a sample"),
            (np.zeros([30, 2]), r"partners are float64 \[30, 2\]; give integers, at least one a sample"),
            (np.full([30, 2], 30), "partners are the samples 30 to 30; there are those from 0 to 29"),
            (np.full([30, 2], -1), "partners are the samples -1 to -1; there are those from 0 to 29"),
        ],
    )
    def test_refusals(self, graph, message):
        with pytest.raises(InputError, match=f"^{message}"):
            self.pairs(graph=graph)
