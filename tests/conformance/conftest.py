"""Small configurations of all methods. Every promise in this folder is tested on all of them."""

import contextlib
import functools
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.eager import context

from tfgan2.data.pipeline import batch_stream
from tfgan2.distribution.team import Team
from tfgan2.flags.arguments import arguments_of
from tfgan2.methods import METHODS
from tfgan2.methods.base.averages import HalfLife
from tfgan2.methods.base.regularization import Regularizers
from tfgan2.networks.invertible_mlp import InvertibleMLP
from tfgan2.networks.mlp import MLP
from tfgan2.networks.sngan_cnn import SNGANCNN
from tfgan2.system import checkpoints


class NormalizedMLP(MLP):
    """Perceptrons with batch norm on the inputs of generator and encoder, over all replicas."""

    def generator(self, sample_shape, *, generators=1):
        return normalized(super().generator(sample_shape, generators=generators))

    def encoder(self, sample_shape):
        return normalized(super().encoder(sample_shape))


def normalized(network):
    first, *others = (keras.Input(each.shape[1:], dtype=each.dtype, name=each.name) for each in network.inputs)
    norm = keras.layers.BatchNormalization(momentum=0.9, synchronized=True, name="norm")
    inputs, outputs = ([first, *others], [norm(first), *others]) if others else (first, norm(first))
    return keras.Model(inputs, network(outputs), name=network.name)


STAGES = {stage.name: stage for method in METHODS.values() for stage in method.stages}


class Configuration(NamedTuple):
    """One configuration of a method.

    Attributes:
      method: The name in METHODS or STAGES.
      arguments: Arguments of the constructor of the method, without the networks.
      network: Arguments of the MLP, without its width.
      family: The family of networks, with or without batch norm.
      optimizers_per: "network" or "player", which has one optimizer each.
      per_replica: Arguments that switch off losses that are computed per replica by design.
      separable: Whether several replicas can equal one. They cannot if the whole loss is computed per replica.
      regularizers: Arguments of `Regularizers`.
      sample_shape: Shape of a sample: a point or an image.
    """

    method: str
    arguments: dict = {}  # noqa: RUF012
    network: dict = {}  # noqa: RUF012
    family: type = MLP
    optimizers_per: str = "network"
    per_replica: dict = {}  # noqa: RUF012
    separable: bool = True
    regularizers: dict = {}  # noqa: RUF012
    sample_shape: tuple = (2,)
    averages: dict = {"ema_decay": 0.9}  # noqa: RUF012


BATCH = 8

CONFIGURATIONS = {
    "standard_gan": Configuration("standard_gan"),
    "wgan_gp": Configuration(
        "standard_gan", {"loss": "wasserstein", "gradient_penalty": "two_sided", "discriminator_steps": 2}
    ),
    "r3gan": Configuration(
        "standard_gan",
        {"loss": "relativistic", "discriminator_steps": 2},
        regularizers={"r1_weight": 0.5, "r2_weight": 0.3, "penalty_end": 0.1, "schedule_steps": 10},
        averages={"ema_half_life": HalfLife(samples=100, batch_size=BATCH, ramp=2.0)},
    ),
    "sn_gan_packs": Configuration(
        "standard_gan", {"loss": "hinge", "gradient_penalty": "two_sided", "packing": 2}, {"spectral_norm": True}
    ),
    "gngan": Configuration("gngan", per_replica={"neighbor_weight": 0.0}),
    "gngan_hinge": Configuration(
        "gngan",
        {
            "loss": "hinge",
            "matching_form": "vector",
            "gradient_penalty_on": "logit",
            "neighbor_weight": 0.0,
            "discriminator_steps": 2,
        },
    ),
    "gngan_batch_norm": Configuration("gngan", {"neighbor_weight": 0.0}, family=NormalizedMLP),
    "gngan_without_autoencoder": Configuration(
        "gngan", {"autoencoder": False, "prior": "normal"}, per_replica={"neighbor_weight": 0.0}
    ),
    "distgan_samples": Configuration("distgan", {"distance": "samples"}),
    "distgan_code": Configuration(
        "distgan",
        {
            "distance": "samples",
            "reconstructions_are": "fake",
            "gradient_penalty_on": "logit",
            "gradient_norm": "rms",
            "discriminator_steps": 3,
        },
        optimizers_per="player",
    ),
    "distgan_features": Configuration("distgan", {"distance": "features"}),
    "rumi_lsgan": Configuration("rumi"),
    "rumi_sgan_alternate": Configuration(
        "rumi",
        {
            "loss": "logistic",
            "positive_weight": 1.0,
            "negative_weight": 0.2,
            "discriminator_update": "alternate",
            "prior": "uniform",
        },
    ),
    "rumi_wgan_gp": Configuration("rumi", {"loss": "wasserstein", "gradient_penalty": "two_sided"}),
    "rumi_pearson": Configuration("rumi", {"loss": "pearson"}),
    "rumi_made_negatives": Configuration(
        "rumi", {"loss": "logistic", "negatives": ("jigsaw", "mixup", "cutmix")}, sample_shape=(8, 8, 1)
    ),
    "acgan": Configuration("acgan", {"discriminator_steps": 2}),
    "tacgan": Configuration("tacgan"),
    "cgan_pd": Configuration("cgan_pd", {"prior": "uniform"}),
    "cgan_pd_lazily": Configuration(
        "cgan_pd", regularizers={"r1_weight": 0.5, "penalty_every": 2, "lecam_weight": 0.2}
    ),
    "p2gan": Configuration("p2gan", {"gamma": 0.1}),
    "p2gan_regularized": Configuration(
        "p2gan",
        {"num_generators": 2, "grow_every": 2, "push_weight": 0.3},
        regularizers={"r1_weight": 0.5, "r2_weight": 0.5, "lecam_weight": 0.2},
    ),
    "p2gan_grown": Configuration("p2gan", {"num_generators": 3, "grow_every": 2, "push_weight": 0.3}),
    "p2gan_frozen": Configuration(
        "p2gan", {"num_generators": 2, "grow_every": 2, "push_weight": 0.3, "auxiliary": "frozen", "gamma": 0.1}
    ),
    "p2gan_of_four": Configuration("p2gan", {"num_generators": 4, "push": "sequential", "push_divergence": "kl"}),
    "p2gan_constrained": Configuration(
        "p2gan",
        {
            "forces": (
                *("real:0:pull:1", "real:1:pull:1", "auxiliary_0:1:pull:0.1:pearson", "auxiliary_0:0:push:0.5"),
                *("generator_1:0:push:0.5", "generator_0:1:push:0.5"),
            ),
            "saturating": True,
            "sampled_generators": (0,),
        },
    ),
    "logan_gan": Configuration("logan", {"bidirectional": False, "gradient_penalty": "two_sided"}),
    "logan_lol1": Configuration("logan"),
    "logan_lol2_latents": Configuration(
        "logan",
        {"loss": "lol2", "penalize_latents": True, "prior": "bimodal", "reconstruction_weight": 10.0},
    ),
    "logan_wasserstein": Configuration(
        "logan", {"loss": "wasserstein", "gradient_penalty": "two_sided", "discriminator_steps": 2}
    ),
    "logan_batch_norm": Configuration(
        "logan", {"penalize_latents": True, "reconstruction_weight": 10.0}, family=NormalizedMLP
    ),
    "pgmgan": Configuration("pgmgan", {"partitions": 4, "discriminator_steps": 2}),
    "pgmgan_of_labels": Configuration(
        "pgmgan",
        {
            "partitioner": "labels",
            "partitions": 3,
            "loss": "saturating",
            "guide_weight": 0.0,
            "discriminator_steps": 1,
            "prior": "uniform",
        },
    ),
    "d2gan": Configuration("d2gan", {"alpha": 0.5, "discriminator_steps": 2}),
    "mgan": Configuration("mgan", {"num_generators": 3, "beta": 0.5, "discriminator_steps": 2}),
    "vae": Configuration("vae", {"beta": 2.0}),
    "vae_gan": Configuration("vae_gan", {"discriminator_steps": 2}),
    "self_conditioned_gan": Configuration("self_conditioned_gan", {"partitions": 3, "discriminator_steps": 2}),
    "pretext": Configuration("pretext", {"augmentations": ()}, separable=False),
    "partitioner": Configuration("partitioner"),
    "kmeans": Configuration("kmeans"),
    "autoencoder": Configuration("autoencoder"),
    "classifier": Configuration("classifier"),
}

# XLA's work grows with the number of operations, so it compiles one configuration of each method, and what compiles
# differently: batch norm, power iterations, and penalties with a schedule.
COMPILED = [
    *("wgan_gp", "r3gan", "sn_gan_packs", "gngan", "gngan_batch_norm", "distgan_features", "rumi_wgan_gp", "acgan"),
    *("tacgan", "cgan_pd_lazily", "p2gan_frozen", "logan_lol2_latents", "pgmgan", "d2gan", "mgan", "vae", "vae_gan"),
    *("self_conditioned_gan", "pretext", "partitioner", "kmeans", "autoencoder", "classifier"),
]

# XLA compiles what was traced for a graph, so what it compiles needs no graph beside it. Each method has one.
_methods_in_graphs = {each.method for name, each in CONFIGURATIONS.items() if name not in COMPILED}
GRAPHS = [
    name for name, each in CONFIGURATIONS.items() if name not in COMPILED or each.method not in _methods_in_graphs
]

# Over several replicas XLA compiles each loss separately: here with a penalty, with an exchange between replicas, with
# phases, and with a network that is not trained.
COMPILED_LOSSES = ["wgan_gp", "gngan", "p2gan_frozen", "pgmgan"]

# Over several replicas a step is traced once for each, which takes seconds. A chunk differs from an eager step by the
# order of its exchanges. So chunks are of what is compiled, of averages of logits with a branch on the number of the
# step, and of each method with a loss that exchanges values.
CHUNKS_OF_REPLICAS = [*COMPILED_LOSSES, "cgan_pd_lazily", "distgan_features", "partitioner"]

POINTS = np.random.default_rng(0).random((64, 2)).astype("float32")
IMAGES = np.random.default_rng(0).uniform(-1, 1, (64, 8, 8, 1)).astype("float32")
CLASSES = 3
LABELS = np.arange(64, dtype="int32") % CLASSES
STEPS = 20
STOPS = {"eager": (3, 5), "graph": (3,), "xla": (3, 6)}
"""Mode -> the steps after which a trained game is looked at. XLA compiles chunks of equal lengths once."""


def pytest_generate_tests(metafunc):
    if "configuration" in metafunc.fixturenames:
        metafunc.parametrize("configuration", CONFIGURATIONS)
    if "generative_configuration" in metafunc.fixturenames:
        names = [name for name, configuration in CONFIGURATIONS.items() if configuration.method in METHODS]
        metafunc.parametrize("generative_configuration", names)
    if "separable_configuration" in metafunc.fixturenames:
        names = [name for name, configuration in CONFIGURATIONS.items() if configuration.separable]
        metafunc.parametrize("separable_configuration", names)
    if "graph_configuration" in metafunc.fixturenames:
        metafunc.parametrize("graph_configuration", GRAPHS)
    if "compiled_configuration" in metafunc.fixturenames:
        metafunc.parametrize("compiled_configuration", COMPILED)


def pytest_collection_modifyitems(items):
    """Sorts the tests by configuration, because they share one trained game per configuration.

    So two test processes train few configurations twice, and a trained game can be deleted soon.
    """
    order = {name: place for place, name in enumerate(CONFIGURATIONS)}

    def place(item):
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        names = [str(value).rstrip("+") for value in parameters]
        return max((order[name] for name in names if name in order), default=-1)

    here = [index for index, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    for index, item in zip(here, sorted((items[index] for index in here), key=place), strict=True):
        # Two workers play their configurations in one go, for all tests of that file.
        item.group = item.path if "workers" in item.path.stem else f"configuration {place(item)}"
        items[index] = item


@pytest.fixture(scope="session")
def configurations():
    return CONFIGURATIONS


@pytest.fixture(scope="session")
def compiled():
    return COMPILED


@pytest.fixture(scope="session")
def graphs():
    return GRAPHS


@pytest.fixture(scope="session")
def compiled_losses():
    return COMPILED_LOSSES


@pytest.fixture(scope="session")
def chunks_of_replicas():
    return CHUNKS_OF_REPLICAS


@pytest.fixture
def build():
    """Function that builds and compiles a game of a configuration."""
    return build_game


@pytest.fixture
def iterator():
    """Function of a game and its first step that returns an iterator over batches."""
    return iterate


@pytest.fixture
def trained():
    """Function of a configuration and a mode that returns a trained game. See `train`."""
    return train


@pytest.fixture
def trained_images():
    """Function that returns the weights of a game trained on images. See `train_images`."""
    return train_images


@pytest.fixture(name="play")
def play_fixture():
    """Function that trains a game to a step. See `play`."""
    return play


@pytest.fixture(name="watched")
def watched_fixture():
    """Function that returns what was seen in a few steps of a game. See `watch`."""
    return watch


@pytest.fixture
def values():
    """Function that returns copies of all variables that training changes."""
    return values_of


def build_game(name, *, weights_seed=0, strategy=None, jit_compile=False, family=None, **arguments):
    configuration = CONFIGURATIONS[name]
    method = method_named(configuration.method)
    network = (family or configuration.family)(hidden_units=8, hidden_layers=1, **configuration.network)
    backbone = InvertibleMLP(blocks=1, hidden_units=8, embedding_dim=4, projection_units=8)
    with strategy.scope() if strategy else contextlib.nullcontext():
        keras.utils.set_random_seed(weights_seed)
        arguments = configuration.arguments | arguments
        if configuration.method in STAGES:
            stage = STAGES[configuration.method]
            families = {"backbone": backbone, "network": network}
            classes = {"classes": CLASSES} if stage.takes_classes else {}
            made = families[stage.family], configuration.sample_shape, {"partitions": CLASSES}
            networks = stage.make_networks(*made, **classes)
        else:
            defaults = {argument.name: argument.default for argument in arguments_of(method)}
            given = {"classes": CLASSES, "arguments": defaults | arguments}
            given |= {"backbone": backbone} if method.takes_backbone else {}
            networks = method.make_networks(network, configuration.sample_shape, **given)
        game = method(*networks, **arguments)
        names = game.optimizer_names(configuration.optimizers_per)
        optimizers = {name: keras.optimizers.SGD(0.01, momentum=0.9) for name in names}
        regularizers = Regularizers(**configuration.regularizers)
        game.compile(optimizers, jit_compile=jit_compile, regularizers=regularizers, **configuration.averages)
    return game


def method_named(name):
    return METHODS[name] if name in METHODS else STAGES[name].game


def iterate(game, first_step=0, images=False):
    team = Team(game.distribute_strategy)
    order = {"batch_size": BATCH * game.discriminator_steps, "shard": (team.index, team.count)}
    batches = first_batches(tuple(game.batch_keys), images or bool(game.made_negatives), **order)
    return team.distribute(batches.skip(first_step))


@functools.cache
def first_batches(keys, images, **order):
    """The batches of the first steps: many games have the same. Tracing the functions that make them takes longer."""
    samples = IMAGES if images else POINTS
    arrays = {key: LABELS if key == "labels" else samples + place for place, key in enumerate(keys)}
    stream = batch_stream(arrays, seed=0, last_step=max(max(STOPS.values())), **order)
    first = tf.data.Dataset.from_tensor_slices(tf.nest.map_structure(lambda *batch: np.stack(batch), *stream))
    return first.with_options(stream.options())


def phases_to(game, last_step):
    """Yields (phase, first step, last step) from the game's step to `last_step`, for a run of STEPS steps."""
    step = game.global_step
    for phase, end in game.schedule(STEPS):
        if step < min(end, last_step):
            yield phase, step, min(end, last_step)
            step = min(end, last_step)


def play(game, steps, last_step, *, eager=False):
    """Trains to a step, phase by phase.

    Returns:
      The logs of the last chunk; in eager mode the reports of all steps of the last phase.
    """
    for phase, first_step, end in list(phases_to(game, last_step)):
        game.begin_phase(phase)
        count = end - first_step
        reported = [eager_step(game, steps) for _ in range(count)] if eager else game.train_chunk(steps, count)
    return reported


def eager_step(game, steps):
    """The report of one step, as means over the replicas."""
    strategy = game.distribute_strategy
    report = strategy.run(game.update, (next(steps),))
    return {name: strategy.reduce("MEAN", value, axis=None) for name, value in report.items()}


def mean_of(reports):
    """The logs of some eager steps."""
    return {name: np.mean([report[name].numpy() for report in reports]) for name in reports[0]}


def values_of(game):
    return {name: variable.numpy().copy() for name, variable in game.state().items()}


@functools.cache
def train_images(*, synchronized, strategy=None):
    """State after two eager steps of a GAN on images, with batch norm in its generator. Each is trained once."""
    networks = SNGANCNN(width_multiplier=1 / 64, latent_dim=3, synchronized=synchronized)
    with strategy.scope() if strategy else contextlib.nullcontext():
        keras.utils.set_random_seed(0)
        game = METHODS["standard_gan"](networks.generator(IMAGES.shape[1:]), networks.discriminator(IMAGES.shape[1:]))
        game.compile({role: keras.optimizers.SGD(0.01) for role in game.trained_roles})
    play(game, iterate(game, images=True), 2, eager=True)
    return values_of(game)


@functools.lru_cache(maxsize=8)  # Each configuration has up to four entries, and its tests run in sequence.
def train(name, mode, **arguments):
    """Trains a game in mode "eager", "graph" or "xla", with `STOPS`. It saves a checkpoint at the first one."""
    game = build_game(name, jit_compile=mode == "xla", **arguments)
    steps, eager = iterate(game), mode == "eager"
    logs, values, graphs, reports = {}, {}, [], {}
    folder = tempfile.TemporaryDirectory()
    for last_step in STOPS[mode]:
        with contextlib.nullcontext() if eager or values else recorded(graphs):
            new = play(game, steps, last_step, eager=eager)
        if eager:
            reports[last_step] = new
        logs[last_step] = mean_of(new) if eager else new
        values[last_step] = values_of(game)
        if last_step == STOPS[mode][0]:
            checkpoints.save(game, folder.name)
    return SimpleNamespace(game=game, reports=reports, logs=logs, values=values, graphs=graphs, folder=folder)


@contextlib.contextmanager
def recorded(graphs):
    """Context that adds the executed graphs to a list, after TensorFlow's optimization."""
    context.enable_run_metadata()  # The only public interface is a profile in an event file.
    context.context().export_run_metadata()  # Drops earlier graphs.
    yield
    functions = context.context().export_run_metadata().function_graphs
    context.disable_run_metadata()
    graphs += [graph for function in functions for graph in function.partition_graphs]


FAR = 1e3


@functools.lru_cache(maxsize=1)  # The tests of a configuration run in sequence.
def watch(name):
    """Plays eager steps of the last phase, in which all players are trained. Networks of methods have batch norm.

    In the third step generated samples and codes are far from real samples and prior latents.

    Returns:
      game: The game after three steps.
      played: Player and names of what it moved, for each update of the first step: weights as "<role>:<path>", and
        variables of optimizers as "optimizer of <name>:<path>".
      exchanging: The player of each exchange between replicas within a loss, in the first step.
      created: All variables.
      moved: Those that the first two steps changed.
      statistics: For "raw" and "averaged" weights: role -> moving mean and variance, of generator and encoder.
    """
    created, played, exchanging = [], [], []

    def creator(create, **options):
        created.append(create(**options))
        return created[-1]

    def minimize(player, *arguments):
        before = {name: value.numpy().copy() for name, value in movable.items()}
        played.append((player, set()))
        report = original["minimize"](player, *arguments)
        played[-1][1].update(name for name, value in movable.items() if not np.array_equal(value.numpy(), before[name]))
        return report

    def global_mean(values):
        exchanging.append(played[-1][0])
        return original["global_mean"](values)

    generative = CONFIGURATIONS[name].method in METHODS
    family = functools.partial(NormalizedMLP, output_activation="linear") if generative else None
    with tf.variable_creator_scope(creator):
        game = build_game(name, family=family)
        game.begin_phase(game.schedule(STEPS)[-1][0])
        steps = iterate(game)
        movable = {f"{role}:{v.path}": v.value for role, n in game.networks.items() for v in n.trainable_weights}
        for optimizer_name, optimizer in game.network_optimizers.items():
            movable |= {f"optimizer of {optimizer_name}:{v.path}": v.value for v in optimizer.variables}
        before = {id(variable): variable.numpy().copy() for variable in created}
        original = {name: getattr(game, name) for name in ("minimize", "global_mean")}
        game.minimize, game.global_mean = minimize, global_mean
        game.update(next(steps))
        game.minimize, game.global_mean = original.values()
        game.update(next(steps))
    moved = [v for v in created if not np.array_equal(v.numpy(), before.get(id(v)))]
    served = {role: game.networks[role] for role in ("generator", "encoder") if generative and role in game.networks}
    for network in served.values():
        output = network.layers[-1].get_layer("output")
        output.bias.assign(output.bias + FAR)
    game.update(next(steps))
    statistics = {"raw": statistics_of(served)}
    with game.averaged():
        statistics["averaged"] = statistics_of(served)
    seen = {"played": played, "exchanging": exchanging, "created": created, "moved": moved, "statistics": statistics}
    return SimpleNamespace(game=game, **seen)


def statistics_of(networks):
    norms = {role: network.get_layer("norm") for role, network in networks.items()}
    return {role: (norm.moving_mean.numpy(), norm.moving_variance.numpy()) for role, norm in norms.items()}
