"""Settings of Keras, TensorFlow, matplotlib and Python in a user's environment have no effect or raise an error."""

import hashlib
import json
import os
import subprocess
import sys
import warnings

import keras
import numpy as np
import pytest

from tfgan2.errors import InputError
from tfgan2.evaluation.figures import png
from tfgan2.evaluation.point_pictures import points_picture
from tfgan2.system import environment

MISLEADING = {
    "KERAS_BACKEND": "jax",
    "KERAS_MAX_EPOCHS": "x",
    "KERAS_MAX_STEPS_PER_EPOCH": "1",
    "KERAS_NNX_ENABLED": "1",
    "MPLBACKEND": "nonsense",
    "TF_FUNCTION_JIT_COMPILE_DEFAULT": "true",
    "TF_USE_LEGACY_KERAS": "1",
    "PYTHONWARNINGS": "error",
    "MPLCONFIGDIR": ".",
}
KERAS_JSON = {"backend": "torch", "image_data_format": "channels_first", "floatx": "float16", "epsilon": 0.1}
MATPLOTLIBRC = "text.usetex: True\nfigure.facecolor: red\nfont.size: 40\nsavefig.dpi: 300\n"

DRAWN = """
import hashlib, json, keras, numpy as np
from tfgan2.evaluation.figures import png
from tfgan2.evaluation.point_pictures import points_picture
config = [keras.config.backend(), keras.config.image_data_format(), keras.config.floatx(), keras.config.epsilon()]
print(json.dumps([config, hashlib.sha256(png(points_picture(np.eye(2), np.eye(2)))).hexdigest()]))
"""
COMMAND = f"""
import sys
from tfgan2 import cli, train
code = cli.run(lambda argv: exec({DRAWN!r}), [])
sys.exit(code or train.main(sys.argv[1:]))
"""
SCRIPT = f"""
import os, sys, warnings
before = dict(os.environ)
import tfgan2
run = tfgan2.load(sys.argv[1])
assert run.sample(2).shape == (2, 8, 8, 1)
{DRAWN}
assert before.items() <= os.environ.items(), before.items() - os.environ.items()
"""


@pytest.fixture(scope="module")
def misled(tmp_path_factory):
    """Function that runs a program with flags in an environment with all misleading settings."""
    folder = tmp_path_factory.mktemp("misled")
    (folder / "keras.json").write_text(json.dumps(KERAS_JSON))
    (folder / "matplotlibrc").write_text(MATPLOTLIBRC)

    def misled(program, *argv, **variables):
        inherited = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
        python_path = os.pathsep.join(filter(None, (os.getcwd(), os.environ.get("PYTHONPATH"))))
        given = MISLEADING | {"KERAS_HOME": str(folder), "PYTHONPATH": python_path} | variables
        command = [sys.executable, "-c", program, *argv]
        return subprocess.run(command, cwd=folder, env=inherited | given, capture_output=True, text=True, timeout=300)

    return misled


def test_the_environment_changes_neither_a_command_nor_a_script(misled, tmp_path):
    flags = ("--method=standard_gan", "--dataset=digits", "--network=sngan_cnn", "--network.width_multiplier=0.05")
    flags += ("--batch_size=4", "--train_steps=2", "--evaluate_every=0", f"--workdir={tmp_path / 'w'}")
    ended = misled(COMMAND, *flags)
    assert ended.returncode == 0, ended.stderr
    picture = hashlib.sha256(png(points_picture(np.eye(2), np.eye(2)))).hexdigest()
    expected = [["tensorflow", "channels_last", "float32", 1e-7], picture]
    assert json.loads(ended.stdout.partition("\n")[0]) == expected
    # Warnings remain errors in a script, and libraries warn. So this environment has no PYTHONWARNINGS=error.
    ended = misled(SCRIPT, str(tmp_path / "w"), PYTHONWARNINGS="", MPLBACKEND="agg")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout) == expected


@pytest.mark.parametrize(
    "program", ["from tfgan2 import train; sys.exit(train.main([]))", "import tfgan2; tfgan2.load"]
)
def test_python_without_docstrings(program):
    ended = subprocess.run(
        [sys.executable, "-OO", "-c", f"import sys; {program}"], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == (2 if "train" in program else 1)
    assert ended.stderr.splitlines()[-1].endswith(
        ": Python runs without docstrings; the help of the flags needs them. Unset PYTHONOPTIMIZE, or use -O instead "
        "of -OO."
    )
    assert "train" not in program or len(ended.stderr.splitlines()) == 1


def test_a_python_without_tensorflow():
    program = (
        f"import sys; sys.path.insert(0, {os.getcwd()!r}); from tfgan2 import {{0}}; sys.exit({{0}}.main(['--list']))"
    )
    for command in ("train", "sample", "evaluate", "export", "report"):
        ended = subprocess.run(
            [sys.executable, "-I", "-S", "-c", program.format(command)], capture_output=True, text=True, timeout=60
        )
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr == (
            f"tfgan2: TensorFlow is not installed in this Python, {sys.executable}. Activate the environment in which "
            "tfgan2 is installed, for example by `source .venv/bin/activate`.\n"
        )


def test_a_configuration_that_keras_cannot_read(tmp_path):
    (tmp_path / "keras.py").write_text("raise ValueError('Invalid `floatx` configuration. Expected one of')")
    program = (
        f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n"
        "from tfgan2 import train\nfrom tfgan2.system import environment\n"
        "environment._import_tensorflow = lambda: None\nsys.exit(train.main([]))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        2,
        "",
        "tfgan2: Keras cannot read its configuration (Invalid `floatx` configuration). Correct or remove keras.json in "
        "~/.keras or $KERAS_HOME.\n",
    )


@pytest.mark.parametrize(
    ("name", "other", "needed"),
    [("image_data_format", "channels_first", "channels_last"), ("floatx", "float64", "float32")],
)
def test_a_keras_that_was_set_up_before(name, other, needed):
    change = getattr(keras.config, f"set_{name}")
    change(other)
    try:
        with pytest.raises(InputError) as error:
            environment.prepare()
    finally:
        change(needed)
    assert str(error.value) == (f"{name} of Keras is {other}; it must be {needed}. Use keras.config.set_{name}.")
    environment.prepare()


def test_a_keras_with_another_backend(monkeypatch):
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(InputError, match=r"^backend of Keras is jax; it must be tensorflow\. Import Keras without"):
        environment.prepare()


def test_the_environment_is_restored(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.delenv("MPLBACKEND", raising=False)
    monkeypatch.setattr(sys, "warnoptions", ["error"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        before = dict(os.environ), list(warnings.filters)
        with environment.neutral():
            assert os.environ["KERAS_BACKEND"] == "tensorflow"
            assert not any(entry[0] == "error" for entry in warnings.filters)
        assert (dict(os.environ), warnings.filters) == before


def test_important_messages_at_the_start_are_shown():
    program = (
        "import os, sys\n"
        "from tfgan2.system import environment\n"
        "with environment._without_unimportant_lines():\n"
        "    os.write(2, b'I0000 00:00:1.2 3 port.cc:153] oneDNN\\nWARNING: All log messages before absl::x\\n')\n"
        "    os.write(2, b'E0000 00:00:1.2 3 cuda_platform.cc:52] failed call to cuInit: x\\n')\n"
        "    os.write(2, b'E0000 00:00:1.2 3 gpu.cc:1] out of memory\\n')\n"
        "    print('a warning', file=sys.stderr)\n"
        "print('later', file=sys.stderr)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert ended.stderr == "E0000 00:00:1.2 3 gpu.cc:1] out of memory\na warning\nlater\n"
