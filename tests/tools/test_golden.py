"""Files of earlier versions: runs are sampled and resumed, exports and caches are read, with the same numbers."""

import contextlib
import importlib
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import tfgan2
from tfgan2.serving.formats import FORMATS

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
VERSIONS = sorted(path.name for path in GOLDEN.iterdir())
METHODS = ("gngan", "logan", "p2gan", "pgmgan", "rumi")
CLOSE = {"rtol": 0, "atol": 1e-4}  # Another processor rounds differently.


@pytest.fixture(params=VERSIONS)
def golden(request):
    return GOLDEN / request.param


def call(command, *argv):
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = importlib.import_module(f"tfgan2.{command}").main([str(text) for text in argv])
    assert code == 0, err.getvalue()
    return out.getvalue()


def weights_of(checkpoint):
    reader = tf.train.load_checkpoint(str(checkpoint / "state"))
    names = [name for name in reader.get_variable_to_shape_map() if name.endswith("VARIABLE_VALUE")]
    assert len(names) > 10
    return {name: reader.get_tensor(name) for name in names}


@pytest.mark.parametrize("method", METHODS)
def test_a_run_is_sampled(method, golden):
    np.testing.assert_allclose(
        tfgan2.load(golden / method).sample(8), np.load(golden / f"{method}.npz")["step_4"], **CLOSE
    )


@pytest.mark.parametrize(("method", "kept"), [("gngan", {2}), ("pgmgan", set())])
def test_a_run_is_resumed(method, kept, golden, tmp_path):
    """From its checkpoint of step 2, or from its trained stages, to the weights of step 4."""
    run = shutil.copytree(golden / method, tmp_path / "run")
    for step in {2, 4} - kept:
        shutil.rmtree(run / "checkpoints" / f"step_{step:08d}")
    stages = {path: path.stat().st_mtime_ns for path in run.rglob("stages/*/checkpoints/*/*")}
    flags = ("--threads=0", "--steps_per_execution=1", "--evaluate_every=0", f"--dataset=npz:{golden / 'points.npz'}")
    call("train", f"--flagfile={run / 'flags.cfg'}", f"--workdir={run}", *flags)
    assert {path: path.stat().st_mtime_ns for path in stages} == stages and bool(stages) == (method == "pgmgan")
    found, expected = (weights_of(each / "checkpoints" / "step_00000004") for each in (run, golden / method))
    assert found.keys() == expected.keys()
    for name, value in found.items():
        np.testing.assert_allclose(value, expected[name], err_msg=name, **CLOSE)


def test_exports(golden):
    folder, expected = golden / "gngan", np.load(golden / "gngan.npz")["step_4"]
    served = tf.saved_model.load(str(folder / "export" / "1")).signatures["generate"]
    found = served(count=tf.constant(8, tf.int64), seed=tf.constant(0, tf.int64))["samples"]
    np.testing.assert_allclose(found, expected, **CLOSE)
    latents = tfgan2.load(folder).model.latents(0, 8).numpy()
    for name, form in FORMATS.items():
        found = form.read(folder / f"export_{name}" / "1" / form.file)([latents])
        np.testing.assert_allclose(found, expected, err_msg=name, **CLOSE)


def test_an_evaluation(golden, tmp_path):
    result = golden / "gngan" / "evaluations" / "modes-2k" / "4.json"
    assert "registered_modes" in call("evaluate", f"--compare={result},{result}")
    call("report", f"--workdir={golden / 'gngan'}", f"--output={tmp_path / 'report.html'}")
    assert "modes-2k" in (tmp_path / "report.html").read_text()


def test_a_cache(golden, tool, tmp_path):
    folder = shutil.copytree(golden / "cache", tmp_path / "cache")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    found, expected = tool("golden").from_cache(folder), np.load(golden / "cache.npz")
    assert found.keys() == set(expected.files)
    for name, array in found.items():
        np.testing.assert_allclose(array, expected[name], err_msg=name, **CLOSE)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before  # Nothing was made anew.
