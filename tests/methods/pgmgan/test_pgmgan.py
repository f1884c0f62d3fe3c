"""PGMGAN: the guide in the generator's loss, its own logits, drawing by shares, rejection, what is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.methods.pgmgan.pgmgan import PGMGAN

# Four quadrants of the plane: f_i is the product of a point and the quadrant's direction.
DIRECTIONS = np.array([[1.0, 1], [-1, 1], [-1, -1], [1, -1]], "float32")


def dense(inputs, kernel, bias=None):
    layer = keras.layers.Dense(np.shape(kernel)[1])
    network = keras.Sequential([keras.Input((inputs,)), layer])
    layer.set_weights([np.array(kernel), np.zeros(np.shape(kernel)[1]) if bias is None else np.array(bias)])
    return network


def generator(step):
    """Latents + step times the partition's number in both coordinates."""
    latents, partitions = keras.Input((2,)), keras.Input((), dtype="int32")
    outputs = keras.layers.Dense(2, kernel_initializer="identity", name="output")(latents)
    numbers = keras.ops.repeat(keras.ops.expand_dims(keras.ops.cast(partitions, "float32"), 1), 2, axis=1)
    return keras.Model([latents, partitions], outputs + step * numbers)


def game(step=0.0, **arguments):
    arguments = {"partitions": 4, "discriminator_steps": 1} | arguments
    learns = arguments.get("partitioner", "learned") in ("learned", "kmeans")
    discriminator = dense(2, [[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    return PGMGAN(generator(step), discriminator, dense(2, DIRECTIONS.T) if learns else None, **arguments)


def test_the_generator_is_judged_in_its_partition_and_guided_into_its_part():
    latents, partitions = tf.constant([[1.0, 2.0], [-3.0, 1.0]]), tf.constant([0, 1])
    # Samples (1, 2) and (-2, 2); logits of their partitions x and y: 1 and 2.
    # f of (1, 2) is (3, 1, -3, -1), so 0 is its part; f of (-2, 2) is (0, 4, 0, -4), so 1 is its part.
    loss, terms = game(step=1.0).generator_loss(partitions, latents, tf.constant(6.0))
    assert (float(loss), float(terms["guide"]), float(terms["inside"])) == (-1.5, 0, 1)
    # Partitions changed about: samples (2, 3), f = (5, 1, -5, -1), asked for 1: 4; and (-3, 1), f = (-2, 4, 2, -4),
    # asked for 0: 6 + 4 = 10. Logits y of the first, x of the second: 3 and -3.
    for reduction, total in (("sum", 14), ("mean", 14 / 4)):
        model = game(step=1.0, guide_reduction=reduction)
        loss, terms = model.generator_loss(partitions[::-1], latents, tf.constant(6.0))
        assert float(terms["guide"]) == pytest.approx(total / 2)
        assert float(loss) == pytest.approx(0 + 6 * total / 2)
        assert float(terms["inside"]) == 0


def test_the_discriminator_sees_the_logits_of_the_partitions():
    real = tf.constant([[0.5, 9.0], [9.0, -0.5]])
    latents, partitions = tf.constant([[0.25, 7.0], [7.0, -0.75]]), tf.constant([0, 1])
    loss, terms = game(step=1.0).discriminator_loss(real, partitions, latents)
    # Real logits .5 and -.5: hinges .5 and 1.5. Samples (.25, 7) and (8, .25): logits .25 and .25, hinges 1.25.
    assert float(loss) == pytest.approx(1.0 + 1.25)
    assert (float(terms["real_called_real"]), float(terms["fake_called_real"])) == (0.5, 1)


def test_the_losses_of_the_paper():
    logits = tf.constant([0.3, -0.4])
    saturating = game(loss="saturating").adversarial_loss.generator(logits)
    np.testing.assert_allclose(saturating, np.mean(np.log(1 - 1 / (1 + np.exp(-logits)))), rtol=1e-5)
    assert float(game(loss="hinge").adversarial_loss.generator(logits)) == pytest.approx(0.05)


def test_the_weight_of_the_guide_falls():
    model = game(guide_weight=6.0, guide_steps=100, minimum_guide_weight=0.5)
    weights = []
    for step in (0, 25, 99, 1000):
        model.step.assign(step)
        weights.append(float(model.present_guide_weight()))
    np.testing.assert_allclose(weights, [6, 4.5, 0.5, 0.5], rtol=1e-5)
    lasting = game(guide_steps=0, guide_weight=6)
    lasting.step.assign(10_000)
    assert float(lasting.present_guide_weight()) == 6


@pytest.mark.parametrize("partitioner", ["learned", "random"])
def test_a_step_asks_for_the_partitions_of_the_real_samples(partitioner, monkeypatch):
    model = game(partitioner=partitioner, guide_weight=0.0, discriminator_steps=2)
    model.compile({role: keras.optimizers.SGD(0.0) for role in model.trained_roles})
    seen, judge = [], model.judge
    monkeypatch.setattr(model, "judge", lambda samples, own: seen.append((samples, own)) or judge(samples, own))
    real = tf.constant(np.repeat(DIRECTIONS[[0, 1, 2, 3, 1, 1]], 1, axis=0))
    labels = tf.constant([3, 3, 3, 2, 2, 2])
    model.update({"real": real, "labels": labels} if partitioner == "random" else {"real": real})
    own = labels.numpy() if partitioner == "random" else np.array([0, 1, 2, 3, 1, 1])
    # Each of the two updates judges its real samples and as many generated ones; the generator the last ones again.
    expected = [own[::2], own[::2], own[1::2], own[1::2], own[1::2]]
    for (_, partitions), numbers in zip(seen, expected, strict=True):
        np.testing.assert_array_equal(partitions, numbers)
    np.testing.assert_array_equal(seen[3][0], seen[4][0])


def test_the_partitioner_stays_as_it_is():
    model = game()
    assert model.trained_roles == ("discriminator", "generator")
    model.compile({role: keras.optimizers.SGD(1.0) for role in model.trained_roles})
    before = model.partitioner.get_weights()
    model.update({"real": tf.constant(DIRECTIONS)})
    for old, new in zip(before, model.partitioner.get_weights(), strict=True):
        np.testing.assert_array_equal(new, old)


class TestDrawing:
    def test_partitions_come_as_often_as_in_the_data(self):
        model = game(rejection_rounds=1)
        model.shares.assign([0.5, 0.0, 0.25, 0.25])
        _, partitions = model.latents(0, 4000)
        # Standard errors below .008.
        np.testing.assert_allclose(np.bincount(partitions, minlength=4) / 4000, model.shares, atol=0.03)
        assert model.offered_choices == (0, 2, 3)
        with pytest.raises(ValueError, match=r"^choice is 1; it must be one of the partitions of the run, 0, 2, 3\.$"):
            model.latents(0, 4, (1,))

    def test_redrawn_latents_are_truncated(self):
        model = game(rejection_rounds=3)
        model.truncate(0.25)
        latents, _ = model.latents(0, 500)
        assert 0.2 < float(tf.math.reduce_std(latents)) < 0.3

    def test_rejection_leaves_samples_of_their_part_alone(self):
        model = game(rejection_rounds=200)
        latents, partitions = model.latents(0, 2000)
        assert (model.partition(model.generate((latents, partitions))) == partitions).numpy().all()
        first, same = game(rejection_rounds=1).latents(0, 2000)
        np.testing.assert_array_equal(partitions, same)
        kept = (first == latents).numpy().all(axis=1)
        # Whoever was inside at once keeps the latents; the others have new ones.
        inside = model.inside(first, partitions).numpy()
        np.testing.assert_array_equal(kept, inside)
        assert 0.1 < inside.mean() < 0.9
        assert model.acceptance_rate(0, 2000) == pytest.approx(inside.mean())

    def test_a_row_depends_on_its_number_and_the_seed_alone(self):
        model = game()
        latents, partitions = model.latents(5, 1500)
        for count in (1, 100):
            fewer, same = model.latents(5, count)
            np.testing.assert_array_equal(fewer, latents[:count])
            np.testing.assert_array_equal(same, partitions[:count])
        graph = tf.function(model.drawn)(tf.constant(5, tf.int64), tf.constant(100, tf.int64))
        np.testing.assert_array_equal(graph[0], latents[:100])
        assert not np.array_equal(model.latents(6, 1500)[0], latents)

    def test_asked_for_partitions(self):
        model = game(rejection_rounds=200)
        latents, partitions = model.latents(0, 50, (2, 0))
        np.testing.assert_array_equal(partitions, [2, 0] * 25)
        np.testing.assert_array_equal(model.latents(0, 50, np.int64(2))[1], [2] * 50)
        assert (model.partition(model.generate((latents, partitions))) == partitions).numpy().all()

    def test_what_is_never_inside_ends_with_the_last_latents(self):
        model = game(rejection_rounds=3)
        model.partitioner.layers[-1].bias.assign([0.0, 0, 0, 1e6])  # all of the plane is in part 3
        latents, partitions = model.latents(0, 100, (1,))
        assert (partitions == 1).numpy().all() and not model.inside(latents, partitions).numpy().any()
        assert not np.array_equal(latents, game(rejection_rounds=1).latents(0, 100, (1,))[0])

    def test_without_a_partitioner_nothing_is_rejected(self):
        model = game(partitioner="random", guide_weight=0.0)
        latents, partitions = model.latents(0, 20)
        assert latents.shape == (20, 2) and partitions.shape == (20,)
        np.testing.assert_allclose(model.score(tf.constant([[4.0, 2.0]])), [[(4 + 2) / 4]])


def test_a_sample_is_scored_in_its_part():
    points = tf.constant([[3.0, 2.0], [-3.0, 5.0], [-3.0, -5.0]])
    np.testing.assert_array_equal(game().score(points), [[3], [5], [0]])  # logits x, y, 0 of the parts 0, 1, 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"partitions": 1}, "partitions is 1; it must be in [2, 4096]."),
        ({"rejection_rounds": 0}, "rejection_rounds is 0; it must be in [1, 1000]."),
        ({"guide_weight": -1.0}, "guide_weight is -1.0; it must be at least 0."),
        (
            {"guide_weight": 1.0, "minimum_guide_weight": 2.0},
            "minimum_guide_weight is 2.0; it must be at most the guide_weight, 1.0.",
        ),
        ({"partitioner": "clusters"}, "partitioner is 'clusters'; it must be one of learned, kmeans, random, labels."),
        ({"loss": "wasserstein"}, "loss is 'wasserstein'; it must be one of hinge, logistic, saturating."),
        (
            {"partitioner": "random"},
            "guide_weight is 6.0; it must be 0 with the partitioner random, which no guide can follow.",
        ),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError) as error:
        game(**arguments)
    assert str(error.value) == message


def test_networks_have_to_fit():
    discriminator = dense(2, [[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    for networks, arguments, message in (
        ([discriminator], {}, "partitioner is 'learned'; it must be random or labels without a partition_network."),
        (
            [discriminator, dense(2, DIRECTIONS.T)],
            {"partitioner": "random", "guide_weight": 0},
            "partitioner is 'random'; it must be learned or kmeans with a partition_network.",
        ),
        (
            [dense(2, np.ones([2, 3])), dense(2, DIRECTIONS.T)],
            {},
            "partitions is 4; it must be 3, the number of outputs of the discriminator.",
        ),
        (
            [discriminator, dense(2, np.ones([2, 5]))],
            {},
            "partitions is 4; it must be 5, the number of outputs of the partitioner.",
        ),
    ):
        with pytest.raises(ValueError) as error:
            PGMGAN(generator(0.0), *networks, partitions=4, **arguments)
        assert str(error.value) == message


def test_labels_have_to_be_as_many_as_partitions():
    arguments = {"partitions": 7, "partitioner": "labels"}
    with pytest.raises(ValueError, match=r"^partitions is 7; it must be 10, the number of classes of the data\.$"):
        PGMGAN.make_networks(None, (2,), classes=10, arguments=arguments)
