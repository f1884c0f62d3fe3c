"""What one pass of a discriminator with batch norm sees, for every method and every network that has one.

Sources can differ even where a game is solved, as P2GAN's unwanted data and its generators do. An image must then have
one output, whichever source it came with; otherwise the discriminator recognises batches instead of images.
"""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.flags.arguments import arguments_of
from tfgan2.methods import METHODS
from tfgan2.methods.base.judging import couples_samples, judge
from tfgan2.networks import BACKBONES, NETWORKS
from tfgan2.networks.p2gan_cnn import P2GANCNN

SHAPE = (8, 8, 1)
WITH_BATCH_NORM = ("acgan_cnn", "p2gan_cnn", "rumi_cnn")
NORM = {"p2gan_cnn": {"discriminator_norm": True}}  # its default is none
BATCH = 6

GAMES = {
    "p2gan_alone": ("p2gan", {}),
    "p2gan_grown": ("p2gan", {"num_generators": 3, "grow_every": 1}),
    "p2gan_frozen": ("p2gan", {"num_generators": 3, "grow_every": 1, "auxiliary": "frozen", "gamma": 0.1}),
    "p2gan_of_six": ("p2gan", {"num_generators": 6, "generator_batch": 4, "gamma": 0.1}),
    "p2gan_constrained": (
        "p2gan",
        {
            "forces": (
                *("real:0:pull:1", "real:1:pull:1", "auxiliary_0:1:pull:0.1", "auxiliary_0:0:push:0.5"),
                *("generator_1:0:push:0.5", "generator_0:1:push:0.5"),
            ),
            "gamma": 0.1,
        },
    ),
    "rumi": ("rumi", {"passes": "together"}),
}
"""Games that judge all sources in one pass."""

PENALIZED = {"rumi_penalty": ("rumi", {"gradient_penalty": "two_sided", "passes": "together"})}

APART = {
    "standard_gan": ("standard_gan", {"gradient_penalty": "zero_centered"}),
    "gngan": ("gngan", {}),
    "distgan": ("distgan", {}),
    "logan": ("logan", {"bidirectional": False, "gradient_penalty": "two_sided"}),
    "pgmgan": ("pgmgan", {"partitioner": "labels", "partitions": 3, "guide_weight": 0.0}),
    "self_conditioned_gan": ("self_conditioned_gan", {"partitions": 3}),
    "d2gan": ("d2gan", {}),
    "mgan": ("mgan", {"num_generators": 3}),
    "vae_gan": ("vae_gan", {}),
    "acgan": ("acgan", {}),
    "tacgan": ("tacgan", {}),
    "cgan_pd": ("cgan_pd", {}),
    "rumi_apart": ("rumi", {"gradient_penalty": "one_sided"}),
}
"""Games in which each source passes alone: all but the last have equal sources where they are solved."""


def build(name, network="p2gan_cnn", *, strategy=None, rate=0.0, **options):
    method, arguments = (GAMES | PENALIZED | APART)[name]
    options |= NORM.get(network, {})
    family = NETWORKS[network](width_multiplier=1 / 16, latent_dim=3, **options)
    defaults = {argument.name: argument.default for argument in arguments_of(METHODS[method])}
    with strategy.scope() if strategy else contextlib.nullcontext():
        keras.utils.set_random_seed(0)
        given = {"classes": 3, "arguments": defaults | arguments}
        given |= {"backbone": BACKBONES["unconstrained_mlp"]()} if METHODS[method].takes_backbone else {}
        networks = METHODS[method].make_networks(family, SHAPE, **given)
        game = METHODS[method](*networks, **arguments)
        game.compile({role: keras.optimizers.SGD(rate) for role in game.trained_roles})
    return game


def last_phase(game):
    """Enters it as a run of five steps does."""
    for phase, last_step in game.schedule(5):
        game.begin_phase(phase)
        game.step.assign(last_step)
    return game


def data_of(game):
    """Keys -> images; the first two are in each of the data sets."""
    random = np.random.default_rng(0)
    images = {key: random.uniform(-1, 1, (BATCH, *SHAPE)).astype("float32") + place
              for place, key in enumerate(game.batch_keys)}  # fmt: skip
    shared = random.uniform(-1, 1, (2, *SHAPE)).astype("float32")
    data = {key: tf.constant(np.concatenate([shared, values])) for key, values in images.items()}
    return data | ({"labels": tf.range(2 + BATCH) % 3} if "labels" in data else {})


class Recorder:
    """Keeps what passes through a network in training, and what comes out."""

    def __init__(self, network):
        self.passes = []
        self._forward = network.call
        network.call = self._call

    def _call(self, inputs, training=None, **options):
        outputs = self._forward(inputs, training=training, **options)
        if training:
            self.passes.append([np.array(tf.nest.flatten(part)[0]) for part in (inputs, outputs)])
        return outputs

    def rows(self):
        """Image -> its outputs, in all passes."""
        found = {}
        for inputs, outputs in self.passes:
            for image, output in zip(inputs, outputs, strict=True):
                found.setdefault(image.tobytes(), []).append(output)
        return found


def test_networks_whose_discriminator_has_batch_norm():
    with_norm = {
        name for name, family in NETWORKS.items()
        if couples_samples((family() if name in ("mlp", "pgmgan_mlp")
                            else family(width_multiplier=1 / 16, **NORM.get(name, {})))
                           .discriminator((2,) if name in ("mlp", "pgmgan_mlp") else (32, 32, 3)))
    }  # fmt: skip
    assert with_norm == set(WITH_BATCH_NORM)
    assert not couples_samples(P2GANCNN(width_multiplier=1 / 16).discriminator(SHAPE))


@pytest.mark.parametrize("batch_norm", ["moving", "batch"])
def test_one_pass_of_all_sources(batch_norm):
    discriminator = P2GANCNN(width_multiplier=1 / 16, batch_norm=batch_norm, discriminator_norm=True).discriminator(
        SHAPE, heads=2
    )
    seen = Recorder(discriminator)
    random = np.random.default_rng(0)
    samples = {name: tf.constant(random.normal(size=(rows, *SHAPE)), tf.float32) for name, rows in (("a", 3), ("b", 5))}
    outputs = judge(discriminator, samples, ["b", "b"])
    assert [inputs.shape[0] for inputs, _ in seen.passes] == [8] and list(outputs) == ["b"]
    np.testing.assert_array_equal(outputs["b"], seen.passes[0][1][3:])


def test_without_batch_norm_only_what_is_needed_passes():
    discriminator = NETWORKS["sngan_cnn"](width_multiplier=1 / 64).discriminator(SHAPE)
    seen = Recorder(discriminator)
    judge(discriminator, {"a": tf.ones([3, *SHAPE]), "b": tf.ones([5, *SHAPE])}, ["b", "b"])
    assert [inputs.shape[0] for inputs, _ in seen.passes] == [5]


def _repeat_samples(game):
    """Both players get the same generated samples, with the gradients of their own; Rumi-GAN's do so by themselves."""
    if not hasattr(game, "_samples"):
        return
    samples, first = game._samples, {}

    def repeated(latents):
        made = samples(latents)
        first.update({name: tf.stop_gradient(value) for name, value in made.items() if name not in first})
        return {name: first[name] + (value - tf.stop_gradient(value)) for name, value in made.items()}

    game._samples = repeated


@pytest.mark.parametrize("network", WITH_BATCH_NORM)
@pytest.mark.parametrize("name", GAMES)
def test_an_image_has_one_output_whatever_it_came_with(name, network):
    game = last_phase(build(name, network))
    data = data_of(game)
    discriminators = [role for role in game.trained_roles if role.endswith("discriminator")]
    of = {role: Recorder(game.networks[role]) for role in discriminators}
    _repeat_samples(game)
    game.update(data)
    for role in discriminators:
        updates = len(of[role].passes)
        assert updates == (3 if getattr(game, "gamma", 0) else 2)  # the losses of both players, and the regulariser
        found = of[role].rows()
        assert all(len(outputs) >= updates for outputs in found.values())  # every image is in every pass
        for outputs in found.values():
            np.testing.assert_allclose(outputs, np.broadcast_to(outputs[0], np.shape(outputs)), rtol=1e-3, atol=1e-4)


def test_inference_uses_the_statistics_of_the_training_batches():
    game = last_phase(build("p2gan_constrained"))
    data = data_of(game)
    _repeat_samples(game)
    seen = Recorder(game.push_discriminator)
    for _ in range(40):
        game.update(data)
    layers = {name: game.push_discriminator.get_layer(name) for name in ("conv_1", "norm_1")}
    maps = layers["conv_1"](seen.passes[0][0]).numpy().reshape(-1, layers["norm_1"].moving_mean.shape[0])
    np.testing.assert_allclose(layers["norm_1"].moving_mean, maps.mean(axis=0), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(layers["norm_1"].moving_variance, maps.var(axis=0), rtol=1e-2)
    tested = seen.passes[0][0]
    logits = game.log_density_ratios(tested)["push"]
    np.testing.assert_allclose(logits, seen.passes[0][1], rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("name", APART)
def test_each_source_passes_alone(name):
    game = last_phase(build(name))
    data = data_of(game)
    seen, made = Recorder(game.discriminator), Recorder(game.generator)
    game.update(data)
    kinds = {key: set(map(bytes, np.array(data[key])[2:])) for key in game.batch_keys if key != "labels"}
    kinds["made"] = {bytes(image) for _, outputs in made.passes for image in outputs}
    passes = []
    for inputs, _ in seen.passes:
        found = {kind for kind, images in kinds.items() for image in inputs if bytes(image) in images}
        passes.append(found or {"between"})
    assert all(len(found) == 1 for found in passes)
    assert {kind for found in passes for kind in found} >= set(kinds)


def test_a_penalty_passes_its_points_with_all_kinds():
    game = build("rumi_penalty")
    seen = Recorder(game.discriminator)
    game.update(data_of(game))
    kinds, rows = 3, 2 + BATCH
    assert [len(inputs) for inputs, _ in seen.passes] == [kinds * rows, 4 * rows, 4 * rows, kinds * rows]
    for inputs, _ in seen.passes[1:]:
        np.testing.assert_allclose(inputs[: kinds * rows], seen.passes[0][0], atol=1e-5)


def test_every_method_says_what_one_pass_sees():
    assert {method for method, _ in (*GAMES.values(), *APART.values())} | {"vae"} == set(METHODS)  # without a judge


def test_two_replicas_with_synchronized_batch_norm_equal_one(two_replicas):
    values = []
    for strategy, synchronized in ((None, False), (two_replicas, True)):
        game = last_phase(build("p2gan_constrained", strategy=strategy, synchronized=synchronized, rate=0.01))
        batches = tf.data.Dataset.from_tensor_slices(data_of(game)).repeat().batch(8, drop_remainder=True)
        game.train_chunk(iter(strategy.experimental_distribute_dataset(batches) if strategy else batches), 3)
        values.append({name: variable.numpy() for name, variable in game.state().items()})
    one, two = values
    for name, value in one.items():
        np.testing.assert_allclose(two[name], value, rtol=1e-2, atol=1e-4, err_msg=name)


def test_a_compiled_update_equals_an_eager_one():
    values = []
    for compiled in (False, True):
        game = last_phase(build("p2gan_frozen", rate=0.01))
        update = tf.function(game.update, jit_compile=True, autograph=False) if compiled else game.update
        update(data_of(game))
        values.append({name: variable.numpy() for name, variable in game.state().items()})
    for name, value in values[0].items():
        np.testing.assert_allclose(values[1][name], value, rtol=1e-3, atol=1e-5, err_msg=name)
