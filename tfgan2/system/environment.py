"""TensorFlow, Keras and Python as this package needs them, whatever a user's environment says.

Nothing here imports TensorFlow before `prepare` does.
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
"""Variables that make Keras, matplotlib or TensorFlow compute something else, or fail."""

_CHATTER = re.compile(r"WARNING: All log messages before absl|I\d{4} |E\d{4} .*failed call to cuInit")


@contextlib.contextmanager
def neutral():
    """Within it no environment variable changes what libraries compute, and no warning is an error as by -W error."""
    wanted = dict.fromkeys(_MISLEADING) | {"KERAS_BACKEND": "tensorflow"}
    before = {name: os.environ.get(name) for name in wanted}
    _set_variables(wanted)
    try:
        with warnings.catch_warnings():
            if sys.warnoptions:
                warnings.filters[:] = [entry for entry in warnings.filters if entry[0] != "error"]
            yield
    finally:
        _set_variables(before)


def prepare():
    """Imports TensorFlow and Keras quietly, and gives Keras its own defaults in place of those of keras.json.

    A Keras that a user's script has imported before stays as it is, and so do the messages of a TensorFlow. Where
    TF_CPP_MIN_LOG_LEVEL is not set, it is 3 from then on.

    Raises:
      InputError: Python runs without docstrings, or Keras was imported, or is configured, in a way that does not do.
    """
    if sys.flags.optimize > 1:
        raise InputError(
            "Python runs without docstrings, which the help of the flags is made of; unset PYTHONOPTIMIZE, or use -O "
            "in place of -OO."
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
                f"Keras cannot read its configuration ({reason}); mend or remove keras.json in ~/.keras or $KERAS_HOME."
            ) from error
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")


def _check_keras():
    from keras import config

    for name, found, needed, mend in (
        ("backend", config.backend(), "tensorflow", "unset KERAS_BACKEND, or set it to tensorflow, before it is"),
        ("image_data_format", config.image_data_format(), "channels_last", "use keras.config.set_image_data_format"),
        ("floatx", config.floatx(), "float32", "use keras.config.set_floatx"),
    ):
        if found != needed:
            raise InputError(f"Keras has been imported with the {name} {found}; it must be {needed}: {mend}.")


def _set_variables(values):
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _import_tensorflow():
    """Imports TensorFlow and looks for devices without their start-up messages on standard error.

    What goes wrong is raised; what TensorFlow logs as an error besides, such as an optimization of a graph that it has
    left out, changes nothing. TF_CPP_MIN_LOG_LEVEL does not hold for what is logged while the libraries load; set to 0
    or 1 it shows everything.
    """
    if "tensorflow" in sys.modules:
        return
    level = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _without_chatter() if level not in ("0", "1") else contextlib.nullcontext():
        import tensorflow as tf

        tf.config.list_physical_devices()


@contextlib.contextmanager
def _without_chatter():
    """Holds back what is written to file descriptor 2, and passes on the lines that are not chatter."""
    with contextlib.ExitStack() as stack:
        try:
            stderr = os.dup(2)
            stack.callback(os.close, stderr)
            held = stack.enter_context(tempfile.TemporaryFile())
        except OSError:  # there is no standard error, or no folder for temporary files
            yield
            return
        if sys.stderr is not None:
            sys.stderr.flush()
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(stderr, 2)
            held.seek(0)
            lines = held.read().decode(errors="replace").splitlines(keepends=True)
            print("".join(line for line in lines if not _CHATTER.match(line)), end="", file=sys.stderr)
