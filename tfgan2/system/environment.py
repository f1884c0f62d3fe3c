"""Setup of Python, TensorFlow and Keras that does not depend on the environment of the user.

Only `prepare` imports TensorFlow.
"""

import contextlib
import os
import re
import sys
import tempfile
import warnings

from tfgan2.errors import InputError

_MISLEADING = (
    *("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH", "KERAS_NNX_ENABLED", "MPLBACKEND"),
    *("TF_FUNCTION_JIT_COMPILE_DEFAULT", "TF_USE_LEGACY_KERAS"),
)
"""Environment variables that change results of Keras, matplotlib or TensorFlow, or make them fail."""

_UNIMPORTANT = re.compile(r"WARNING: All log messages before absl|I\d{4} |E\d{4} .*failed call to cuInit")


@contextlib.contextmanager
def neutral():
    """Context in which environment variables do not change results, and in which no warning is an error.

    Python's option -W error makes warnings errors. The environment and the filters of warnings are restored at the end.
    """
    variables = dict.fromkeys(_MISLEADING) | {"KERAS_BACKEND": "tensorflow"}
    before = {name: os.environ.get(name) for name in variables}
    _set_variables(variables)
    try:
        with warnings.catch_warnings():
            if sys.warnoptions:
                warnings.filters[:] = [entry for entry in warnings.filters if entry[0] != "error"]
            yield
    finally:
        _set_variables(before)


def prepare():
    """Imports TensorFlow and Keras without start-up messages, and sets Keras to its defaults instead of keras.json.

    If a script has imported Keras before, its settings are checked and not changed. If TensorFlow was imported before,
    its messages do not change. Otherwise TF_CPP_MIN_LOG_LEVEL is set to 3, unless the user has set it.

    Raises:
      InputError: TensorFlow is not installed, Python runs without docstrings, keras.json cannot be read, or Keras has
        unsuitable settings.
    """
    if sys.flags.optimize > 1:
        raise InputError(
            "Python runs without docstrings; the help of the flags needs them. Unset PYTHONOPTIMIZE, or use -O instead "
            "of -OO."
        )
    if "keras" in sys.modules:
        _check_keras()
        return
    with neutral():
        _import_tensorflow()
        try:
            import keras
        except (ValueError, AttributeError, TypeError) as error:
            reason = str(error).partition(". ")[0]
            raise InputError(
                f"Keras cannot read its configuration ({reason}). Correct or remove keras.json in ~/.keras or "
                "$KERAS_HOME."
            ) from error
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")


def _check_keras():
    from keras import config

    for name, found, needed, advice in (
        ("backend", config.backend(), "tensorflow", "Import Keras without KERAS_BACKEND, or with this value of it"),
        ("image_data_format", config.image_data_format(), "channels_last", "Use keras.config.set_image_data_format"),
        ("floatx", config.floatx(), "float32", "Use keras.config.set_floatx"),
    ):
        if found != needed:
            raise InputError(f"{name} of Keras is {found}; it must be {needed}. {advice}.")


def _set_variables(values):
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _import_tensorflow():
    """Imports TensorFlow and lists devices without start-up messages on standard error.

    Real errors are raised as exceptions. TensorFlow also logs errors without effect, for example a graph optimization
    that it leaves out. TF_CPP_MIN_LOG_LEVEL does not apply to messages while the libraries load, so these are filtered
    here. With the level 0 or 1 all messages are shown.
    """
    if "tensorflow" in sys.modules:
        return
    level = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _without_unimportant_lines() if level not in ("0", "1") else contextlib.nullcontext():
        try:
            import tensorflow as tf
        except ModuleNotFoundError as error:
            if error.name != "tensorflow":
                raise
            raise InputError(
                f"TensorFlow is not installed in this Python, {sys.executable}. Activate the environment in which "
                "tfgan2 is installed, for example by `source .venv/bin/activate`."
            ) from None

        tf.config.list_physical_devices()


@contextlib.contextmanager
def _without_unimportant_lines():
    """Context that buffers output to file descriptor 2, and at the end writes it without unimportant lines."""
    with contextlib.ExitStack() as stack:
        try:
            stderr = os.dup(2)
            stack.callback(os.close, stderr)
            buffer = stack.enter_context(tempfile.TemporaryFile())
        except OSError:  # There is no standard error, or no folder for temporary files.
            yield
            return
        if sys.stderr is not None:
            sys.stderr.flush()
        os.dup2(buffer.fileno(), 2)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(stderr, 2)
            buffer.seek(0)
            lines = buffer.read().decode(errors="replace").splitlines(keepends=True)
            print("".join(line for line in lines if not _UNIMPORTANT.match(line)), end="", file=sys.stderr)
