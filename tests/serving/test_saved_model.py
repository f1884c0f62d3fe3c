"""The exported model: runs without the package, equals the model, is warmed up by its own requests, appears whole."""

import json
import re
import shlex
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from documents import text_of
from exported_games import SCALING, SEED, assert_close, assert_differ, replay

from tfgan2.data.kinds import POINTS
from tfgan2.errors import InputError, StorageError
from tfgan2.serving.saved_model import export_game

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


def test_holds_what_serves_and_nothing_else(exports):
    model, path = exports["autoencoding"]
    reader = tf.train.load_checkpoint(str(path / "variables/variables"))
    with model.averaged():
        served = [weight.numpy() for network in (model.generator, model.encoder) for weight in network.weights]
    assert len([shape for shape in reader.get_variable_to_shape_map().values() if shape]) == len(served)
    for index, weight in enumerate(served):  # In the order of their use, so that equal runs have equal exports.
        np.testing.assert_array_equal(reader.get_tensor(f"weights/{index}/.ATTRIBUTES/VARIABLE_VALUE"), weight)


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


@pytest.mark.parametrize("name", ["autoencoding", "spectral"])
def test_warmup_requests_replay(exports, name):
    model, path = exports[name]
    for signature, inputs, outputs in replay(path):
        desired = expected(model, signature, inputs)
        assert set(outputs) == set(desired)
        for key, value in outputs.items():
            assert_close(value, desired[key])


def test_tells_its_origin(exports, tmp_path):
    model, _ = exports["spectral"]
    path = export_game(model, SCALING, POINTS, tmp_path, provenance={"version": "1.2.3", "dataset": "grid25"})
    assert json.loads((path / "assets.extra/tfgan2.json").read_text()) == {
        "format_version": 1,
        "method": "GNGAN",
        "step": 0,
        "averaged": True,
        "prior": "normal",
        "truncation": 1.0,
        "latent_dim": 3,
        "choice": None,
        "density_ratios": {},
        "offered_choices": [],
        "sample_shape": [4, 2],
        "scaling": {"offset": -4.0, "scale": 8.0, "background": None},
        "version": "1.2.3",
        "dataset": "grid25",
    }


SAVED_MODEL_CLI = """
import sys
from tensorflow.python.tools import saved_model_cli
sys.argv = ["saved_model_cli", *argv]
try:
    saved_model_cli.main()
except SystemExit as end:
    code = end.code or 0
"""


@pytest.fixture
def saved_model_cli(nursery, tmp_path):
    """(arguments) -> what that command prints."""

    def saved_model_cli(*arguments):
        ended = nursery.start(SAVED_MODEL_CLI, arguments, tmp_path).end()
        assert ended.code == 0, ended.err
        return ended.out

    return saved_model_cli


@pytest.mark.parametrize("page", ["docs/howto/serve.md", "docs/tutorials/serving.md"])
def test_the_line_of_the_pages_is_whole(page):
    (line,) = (line for line in text_of(page).splitlines() if "saved_model_cli run" in line)
    assert shlex.split(line)[0].endswith("saved_model_cli")
    flags = {"--dir", "--tag_set", "--signature_def", "--input_exprs"}
    assert flags < set(shlex.split(line)) and shlex.split(line)[-1] == "count=4;seed=7"


def test_saved_model_cli_shows(exports, saved_model_cli):
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
def test_saved_model_cli_runs(exports, saved_model_cli, tmp_path, signature, expression, inputs):
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


FILES = (
    "assets.extra/tfgan2.json",
    "assets.extra/tf_serving_warmup_requests",
    "variables/variables.data-00000-of-00001",
    "saved_model.pb",
)


@pytest.mark.parametrize("file", FILES)
def test_full_disk_leaves_nothing(exports, full_disk, tmp_path, file):
    model, path = exports["autoencoding"]
    sizes = [(path / name).stat().st_size for name in FILES]
    assert sizes == sorted(sizes)  # written in this order, so a limit just below one of them stops there
    (tmp_path / "3").mkdir()
    before = [variable.numpy() for variable in model.variables]
    with full_disk((path / file).stat().st_size - 1), pytest.raises(StorageError) as caught:
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
