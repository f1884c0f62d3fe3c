"""The exported model: runs without the package, equals the model, is warmed up by its own requests, appears whole."""

import contextlib
import json
import re
import resource
import shlex
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

from tfgan2.data.kinds import IMAGES, POINTS
from tfgan2.data.scaling import Scaling
from tfgan2.errors import InputError, StorageError
from tfgan2.layers.spectral import SpectralDense
from tfgan2.methods.gngan import GNGAN
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP
from tfgan2.serving.saved_model import export_game

SCALING = Scaling(-4.0, 8.0)
SEED = 7

# Loads every export given as a name, in a process where `import tfgan2` raises, and keeps what its signatures answer.
WITHOUT_TFGAN2 = f"""
import sys
sys.modules["tfgan2"] = None
import numpy as np
import tensorflow as tf
inputs = np.load(sys.argv[1])
answers = {{}}
for name in sys.argv[3:]:
    model = tf.saved_model.load(name)
    for signature, function in model.signatures.items():
        feeds = dict(
            serving_default=dict(latents=inputs["latents"]),
            generate=dict(count=np.int64(5), seed=np.int64({SEED})),
            encode=dict(samples=inputs["samples"]),
            reconstruct=dict(samples=inputs["samples"]),
            interpolate=dict(first=inputs["samples"], second=inputs["samples"][::-1].copy(), count=np.int64(4)),
        )[signature]
        feeds = {{key: tf.constant(value) for key, value in feeds.items()}}
        for key, value in function(**feeds).items():
            answers[f"{{name}}/{{signature}}/{{key}}"] = value.numpy()
assert sys.modules["tfgan2"] is None
np.savez(sys.argv[2], **answers)
"""


def compiled(model):
    """With averages kept, and weights moved away from them."""
    optimizers = {role: keras.optimizers.SGD() for role in model.trained_roles}
    model.compile(optimizers, ema_decay=0.9)
    for variable in model.generator.variables + (model.encoder.variables if "encoder" in model.networks else []):
        variable.assign_add(np.random.default_rng(0).uniform(0.1, 0.3, variable.shape).astype("float32"))
    return model


def autoencoding_game():
    keras.utils.set_random_seed(1)
    mlp = MLP(latent_dim=3, hidden_units=8)
    return compiled(GNGAN(mlp.generator((2,)), mlp.discriminator((2,)), mlp.encoder((2,))))


def game_without_encoder(generator):
    discriminator = MLP(hidden_units=4).discriminator(generator.output_shape[1:])
    return compiled(GNGAN(generator, discriminator, autoencoder=False, prior="normal"))


def spectral_game():
    """Our own layers, statistics that do not train, and samples of two axes."""
    keras.utils.set_random_seed(2)
    latents = keras.Input((3,))
    hidden = keras.layers.BatchNormalization()(SpectralDense(8, activation="relu")(latents))
    return game_without_encoder(keras.Model(latents, keras.layers.Reshape((4, 2))(SpectralDense(8)(hidden))))


class Chooser(StandardGAN):
    """Whose samples can be chosen."""

    choice = "label"
    offered_choices = (0, 1, 2)


def choosing_game():
    """Moves latents by 10 times the label."""
    latents, labels = keras.Input((2,)), keras.Input((), dtype="int32")
    places = keras.layers.Embedding(
        3, 2, embeddings_initializer=keras.initializers.Constant([[10.0 * i] * 2 for i in range(3)])
    )
    generator = keras.Model([latents, labels], latents + places(labels))
    model = Chooser(generator, MLP(hidden_units=4).discriminator((2,)))
    model.compile({role: keras.optimizers.SGD() for role in model.trained_roles})
    return model


def data_units(model, latents):
    return SCALING.to_data(model.generate(latents)).numpy()


def expected(model, signature, inputs):
    """What a signature has to answer, by direct calls."""
    with model.averaged():
        if signature == "serving_default":
            return {"samples": data_units(model, inputs["latents"])}
        if signature == "generate":
            return {"samples": data_units(model, model.latents(int(inputs["seed"]), int(inputs["count"])))}
        if signature == "interpolate":
            starts, ends = (model.encode(SCALING.to_network(inputs[name])) for name in ("first", "second"))
            between = [
                data_units(model, starts + part * (ends - starts)) for part in np.linspace(0, 1, inputs["count"])
            ]
            return {"samples": np.stack(between, axis=1)}
        latents = model.encoder(SCALING.to_network(inputs["samples"]), training=False)
        if signature == "encode":
            return {"latents": latents.numpy()}
        return {"samples": data_units(model, latents)}


def assert_close(actual, desired):
    np.testing.assert_allclose(actual, desired, rtol=1e-6, atol=1e-6)


def assert_differ(actual, desired):
    assert np.abs(actual - desired).max() > 1e-2


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """Name -> (model, path), both exported to the same folder."""
    directory = tmp_path_factory.mktemp("exports")
    models = {"autoencoding": autoencoding_game(), "spectral": spectral_game()}
    return {name: (model, export_game(model, SCALING, POINTS, directory)) for name, model in models.items()}


@pytest.fixture(scope="module")
def foreign_answers(exports, tmp_path_factory):
    """(inputs, "<path>/<signature>/<output>" -> array) of a process that cannot import the package."""
    directory = tmp_path_factory.mktemp("foreign")
    random = np.random.default_rng(3)
    inputs = {"latents": random.uniform(-1, 1, (6, 3)), "samples": random.uniform(-4, 4, (6, 2))}
    inputs = {name: values.astype("float32") for name, values in inputs.items()}
    np.savez(directory / "inputs.npz", **inputs)
    paths = [str(path) for _, path in exports.values()]
    command = [sys.executable, "-I", "-c", WITHOUT_TFGAN2, directory / "inputs.npz", directory / "answers.npz", *paths]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=directory)
    assert finished.returncode == 0, finished.stderr
    return inputs | {"count": 5, "seed": SEED}, dict(np.load(directory / "answers.npz"))


@pytest.mark.parametrize(
    ("name", "signature", "output"),
    [
        ("autoencoding", "serving_default", "samples"),
        ("autoencoding", "generate", "samples"),
        ("autoencoding", "encode", "latents"),
        ("autoencoding", "reconstruct", "samples"),
        ("autoencoding", "interpolate", "samples"),
        ("spectral", "serving_default", "samples"),
        ("spectral", "generate", "samples"),
    ],
)
def test_runs_without_the_package(exports, foreign_answers, name, signature, output):
    model, path = exports[name]
    inputs, answers = foreign_answers
    answer = answers[f"{path}/{signature}/{output}"]
    if signature == "interpolate":
        inputs = {"first": inputs["samples"], "second": inputs["samples"][::-1], "count": 4}
    desired = expected(model, signature, inputs)[output]
    assert answer.dtype == np.float32 and answer.shape == desired.shape
    assert_close(answer, desired)


def test_signatures_follow_the_networks(exports):
    loaded = {name: tf.saved_model.load(str(path)) for name, (_, path) in exports.items()}
    assert set(loaded["autoencoding"].signatures) == {
        *("serving_default", "generate", "encode", "reconstruct", "interpolate"),
    }
    assert set(loaded["spectral"].signatures) == {"serving_default", "generate"}
    for name, dimensions in (("autoencoding", [None, 2]), ("spectral", [None, 4, 2])):
        signatures = loaded[name].signatures
        assert signatures["generate"].structured_outputs["samples"].shape.as_list() == dimensions
        assert signatures["serving_default"].structured_input_signature[1] == {
            "latents": tf.TensorSpec([None, 3], tf.float32, "latents")
        }


def test_samples_of_a_choice(tmp_path):
    model = choosing_game()
    path = export_game(model, Scaling(0.0, 1.0), POINTS, tmp_path)
    signatures = tf.saved_model.load(str(path)).signatures
    latents = model.latents(SEED, 1500)[0].numpy()
    drawn = model.choices(SEED, 1500).numpy()
    inputs = {"count": tf.constant(1500, tf.int64), "seed": tf.constant(SEED, tf.int64)}
    for label, labels in ((-1, drawn), (2, np.full(1500, 2))):
        generated = signatures["generate"](**inputs, label=tf.constant(label, tf.int64))["samples"]
        assert_close(generated, latents + 10 * labels[:, None])
        served = signatures["serving_default"](latents=tf.constant(latents), label=tf.constant(labels, tf.int32))
        assert_close(served["samples"], generated)
    message = "label must be one of 0, 1, 2; it is"
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        signatures["generate"](**inputs, label=tf.constant(3, tf.int64))
    with pytest.raises(tf.errors.InvalidArgumentError, match="label must be at least -1; it is"):
        signatures["generate"](**inputs, label=tf.constant(-2, tf.int64))
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        signatures["serving_default"](latents=tf.constant(latents[:2]), label=tf.constant([0, -1], tf.int32))
    replay(path)
    origin = json.loads((path / "assets.extra/tfgan2.json").read_text())
    assert (origin["choice"], origin["offered_choices"]) == ("label", [0, 1, 2])


FEW = np.full((3, 2), 0.5, np.float32)


@pytest.mark.parametrize(
    ("signature", "inputs", "message"),
    [
        ("serving_default", {"latents": np.full((2, 3), np.inf, np.float32)}, "latents must be finite numbers; they a"),
        ("serving_default", {"latents": np.full((2, 3), np.nan, np.float32)}, "latents must be finite numbers; they a"),
        ("generate", {"count": np.int64(-1), "seed": np.int64(0)}, "count must be at least 0; it is"),
        ("encode", {"samples": np.full((2, 2), np.inf, np.float32)}, "samples must be finite numbers; they are"),
        ("interpolate", {"first": FEW, "second": FEW[:1], "count": np.int64(3)}, "as many first as second samples"),
        ("interpolate", {"first": FEW, "second": FEW, "count": np.int64(1)}, "count must be at least 2; it is"),
    ],
)
def test_refused_by_signatures(exports, signature, inputs, message):
    signatures = tf.saved_model.load(str(exports["autoencoding"][1])).signatures
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        signatures[signature](**{name: tf.constant(value) for name, value in inputs.items()})


def test_images_out_of_range_are_refused(tmp_path):
    path = export_game(autoencoding_game(), Scaling(0.0, 1.0), IMAGES, tmp_path)
    encode = tf.saved_model.load(str(path)).signatures["encode"]
    assert encode(samples=tf.constant([[0.0, 1.0]]))["latents"].shape == (1, 3)
    for value in (-0.1, 1.1, np.nan):
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"images must be in \[0, 1\]; they are"):
            encode(samples=tf.constant([[0.5, value]]))


def test_holds_what_serves_and_nothing_else(exports):
    model, path = exports["autoencoding"]
    stored = [shape for name, shape in tf.train.list_variables(str(path / "variables/variables")) if shape]
    served = [list(weight.shape) for network in (model.generator, model.encoder) for weight in network.weights]
    assert sorted(stored) == sorted(served)


def test_averages_or_raw_weights(exports, tmp_path):
    model, path = exports["autoencoding"]
    latents = model.latents(SEED, 4)
    with model.averaged():
        smooth = data_units(model, latents)
    before = [variable.numpy() for variable in model.variables]
    raw_path = export_game(model, SCALING, POINTS, tmp_path, averaged=False)
    averaged, raw = (tf.saved_model.load(str(folder)) for folder in (path, raw_path))
    assert_close(averaged.signatures["serving_default"](latents)["samples"], smooth)
    assert_close(raw.signatures["serving_default"](latents)["samples"], data_units(model, latents))
    assert_differ(smooth, data_units(model, latents))
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert json.loads((path / "assets.extra/tfgan2.json").read_text())["averaged"] is True
    assert json.loads((raw_path / "assets.extra/tfgan2.json").read_text())["averaged"] is False


def test_generated_images_are_grey_levels(tmp_path):
    latents = keras.Input((64,))
    levels = keras.layers.Reshape((8, 8, 1))(keras.layers.Activation("tanh")(latents))
    model = game_without_encoder(keras.Model(latents, levels))
    signatures = tf.saved_model.load(
        str(export_game(model, Scaling(0.5, 0.5), IMAGES, tmp_path, averaged=False))
    ).signatures
    drawn = model.latents(SEED, 5)
    images = signatures["serving_default"](latents=drawn)["samples"].numpy()
    assert images.dtype == np.float32 and images.shape == (5, 8, 8, 1) and 0 <= images.min() < images.max() <= 1
    generated = signatures["generate"](count=tf.constant(5, tf.int64), seed=tf.constant(SEED, tf.int64))["samples"]
    assert generated.dtype == tf.uint8
    np.testing.assert_array_equal(generated, IMAGES.as_stored(images))
    extremes = tf.constant([[-100.0, 100.0] * 32])
    np.testing.assert_array_equal(signatures["serving_default"](latents=extremes)["samples"][0, 0, :2, 0], [0.0, 1.0])


def test_rows_depend_on_seed_and_index_alone(exports, tmp_path):
    _, path = exports["spectral"]
    loaded = tf.saved_model.load(str(path))

    def generate(count, seed):
        inputs = {"count": tf.constant(count, tf.int64), "seed": tf.constant(seed, tf.int64)}
        return loaded.signatures["generate"](**inputs)["samples"].numpy()

    many = generate(1500, SEED)  # more than one block of latents
    for count in (1, 3, 1025):
        assert_close(generate(count, SEED), many[:count])
    assert generate(0, SEED).shape == (0, 4, 2)
    assert_differ(many[:1024][:476], many[1024:])
    assert_differ(generate(3, SEED + 1), many[:3])

    # A generator that hands its latents through shows them: the very bits of the game's own.
    latents = keras.Input((2,))
    identity = keras.Model(latents, keras.layers.Dense(2, use_bias=False, kernel_initializer="identity")(latents))
    model = game_without_encoder(identity)
    loaded = tf.saved_model.load(str(export_game(model, Scaling(0.0, 1.0), POINTS, tmp_path)))
    for count in (3, 1500):
        np.testing.assert_array_equal(generate(count, SEED), model.latents(SEED, count).numpy())


def test_float32_from_half_precision(tmp_path):
    latents = keras.Input((2,))
    half = keras.Model(latents, keras.layers.Dense(2, dtype="float16")(latents))
    assert half(np.zeros((1, 2))).dtype == "float16"
    loaded = tf.saved_model.load(str(export_game(game_without_encoder(half), SCALING, POINTS, tmp_path)))
    assert loaded.signatures["serving_default"].structured_outputs["samples"].dtype == tf.float32


@pytest.mark.parametrize("name", ["autoencoding", "spectral"])
def test_warmup_requests_replay(exports, name):
    model, path = exports[name]
    for signature, inputs, outputs in replay(path):
        desired = expected(model, signature, inputs)
        assert set(outputs) == set(desired)
        for key, value in outputs.items():
            assert_close(value, desired[key])


def replay(path):
    """(signature, inputs, outputs) of each warm-up request of an export, one for each signature."""
    signatures = tf.saved_model.load(str(path)).signatures
    records = tf.data.TFRecordDataset(str(path / "assets.extra/tf_serving_warmup_requests"))
    replayed = []
    for record in records.as_numpy_iterator():
        log = prediction_log_pb2.PredictionLog.FromString(record)
        assert log.WhichOneof("log_type") == "predict_log"
        signature = log.predict_log.request.model_spec.signature_name
        inputs = {key: tf.make_ndarray(value) for key, value in log.predict_log.request.inputs.items()}
        outputs = signatures[signature](**{key: tf.constant(value) for key, value in inputs.items()})
        assert all(len(value) == 16 for value in outputs.values())
        replayed.append((signature, inputs, outputs))
    assert sorted(signature for signature, _, _ in replayed) == sorted(signatures)
    return replayed


def test_tells_its_origin(exports, tmp_path):
    model, _ = exports["spectral"]
    path = export_game(model, SCALING, POINTS, tmp_path, provenance={"version": "1.2.3", "dataset": "grid25"})
    assert json.loads((path / "assets.extra/tfgan2.json").read_text()) == {
        "method": "GNGAN",
        "step": 0,
        "averaged": True,
        "prior": "normal",
        "latent_dim": 3,
        "choice": None,
        "density_ratios": {},
        "offered_choices": [],
        "sample_shape": [4, 2],
        "scaling": {"offset": -4.0, "scale": 8.0},
        "version": "1.2.3",
        "dataset": "grid25",
    }


def saved_model_cli(*arguments):
    command = [Path(sys.executable).with_name("saved_model_cli"), *arguments]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_the_line_of_the_readme_is_whole():
    readme = Path(__file__).resolve().parents[2] / "README.md"
    (line,) = (line for line in readme.read_text(encoding="utf-8").splitlines() if "saved_model_cli run" in line)
    assert shlex.split(line)[0].endswith("saved_model_cli")
    flags = {"--dir", "--tag_set", "--signature_def", "--input_exprs"}
    assert flags < set(shlex.split(line)) and shlex.split(line)[-1] == "count=4;seed=7"


def test_saved_model_cli_shows(exports):
    _, path = exports["autoencoding"]
    shown = saved_model_cli("show", "--dir", path, "--all")
    for signature in ("serving_default", "generate", "encode", "reconstruct", "interpolate"):
        assert f"signature_def['{signature}']" in shown
    for name in ("inputs['latents']", "inputs['count']", "inputs['seed']", "inputs['samples']"):
        assert name in shown
    for name in ("outputs['samples']", "outputs['latents']"):
        assert name in shown


@pytest.mark.parametrize(
    ("signature", "expression", "inputs"),
    [
        ("serving_default", "latents=[[0.1,-0.2,0.3]]", {"latents": np.array([[0.1, -0.2, 0.3]], "float32")}),
        ("generate", "seed=5", {"count": 16, "seed": 5}),
    ],
)
def test_saved_model_cli_runs(exports, tmp_path, signature, expression, inputs):
    model, path = exports["autoencoding"]
    arguments = ["--tag_set", "serve", "--signature_def", signature, "--input_exprs", expression]
    saved_model_cli("run", "--dir", path, *arguments, "--outdir", tmp_path)
    assert_close(np.load(tmp_path / "samples.npy"), expected(model, signature, inputs)["samples"])


def test_takes_the_next_number(exports, tmp_path):
    model, path = exports["spectral"]
    assert [export.name for _, export in exports.values()] == ["1", "2"]
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["1", "2"]  # no temporary folder stays
    directory = tmp_path / "made" / "on the way"
    assert export_game(model, SCALING, POINTS, directory) == directory / "1"
    (directory / "9").mkdir()
    (directory / "010").write_text("a file has a number as well")
    for name in ("latest", "-20", "30.old", "²", "٤٠"):
        (directory / name).mkdir()
    assert export_game(model, SCALING, POINTS, str(directory)) == directory / "11"
    assert (directory / "11" / "saved_model.pb").is_file()


@contextlib.contextmanager
def files_limited_to(size):
    """No file may grow beyond `size` bytes, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


FILES = (
    "assets.extra/tfgan2.json",
    "assets.extra/tf_serving_warmup_requests",
    "variables/variables.data-00000-of-00001",
    "saved_model.pb",
)


@pytest.mark.parametrize("file", FILES)
def test_full_disk_leaves_nothing(exports, tmp_path, file):
    model, path = exports["autoencoding"]
    sizes = [(path / name).stat().st_size for name in FILES]
    assert sizes == sorted(sizes)  # written in this order, so a limit just below one of them stops there
    (tmp_path / "3").mkdir()
    before = [variable.numpy() for variable in model.variables]
    with files_limited_to((path / file).stat().st_size - 1), pytest.raises(StorageError) as caught:
        export_game(model, SCALING, POINTS, tmp_path)
    reason = r"[^{}\[\]]*File too large"  # without what TensorFlow puts around it
    pattern = rf"{re.escape(str(tmp_path))}: writing the export failed \({reason}\); nothing of it was kept\."
    assert re.fullmatch(pattern, str(caught.value))
    assert caught.value.exit_code == 74
    assert [entry.name for entry in tmp_path.iterdir()] == ["3"]
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert export_game(model, SCALING, POINTS, tmp_path).name == "4"


def test_refuses_what_is_no_folder(exports, tmp_path):
    model, _ = exports["spectral"]
    file = tmp_path / "file"
    file.write_text("mine")
    for directory, reason in ((file, "File exists"), (file / "below", "Not a directory")):
        with pytest.raises(InputError, match=f"cannot export to {re.escape(str(directory))} \\({reason}\\); name a"):
            export_game(model, SCALING, POINTS, directory)
    assert file.read_text() == "mine" and list(tmp_path.iterdir()) == [file]
    with pytest.raises(InputError, match=r"cannot export to /sys/export \(.+\); name a folder that may be written to"):
        export_game(model, SCALING, POINTS, "/sys/export")
