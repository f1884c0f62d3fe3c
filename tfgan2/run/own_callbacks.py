"""The callbacks of a user, named by --callback. They run the code of their modules."""

import keras

from tfgan2.errors import InputError
from tfgan2.system.importing import called, imported


def own_callbacks(names):
    """Imports and calls each `module:factory`, and returns the Keras callbacks that they make.

    Raises:
      InputError: A module or factory is missing or fails, or makes something else.
    """
    return [_made(name) for name in names]


def teller_of(callbacks):
    """Returns a listener of the log that gives each evaluation to `on_test_end` of the callbacks."""

    def tell(line):
        if line["kind"] == "evaluation":
            for callback in callbacks:
                callback.on_test_end(dict(line["values"]))

    return tell


def _made(name):
    factory = imported("callback", name, "a class or function that makes a keras.callbacks.Callback")
    callback = called("callback", name, factory)
    if not isinstance(callback, keras.callbacks.Callback):
        raise InputError(
            f"--callback={name} makes {type(callback).__name__}; it must make a keras.callbacks.Callback, without "
            "arguments"
        )
    return callback
