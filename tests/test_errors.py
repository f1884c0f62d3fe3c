"""The exit codes of errors."""

from tfgan2.errors import (
    ArgumentError,
    InputError,
    Interrupted,
    NonFiniteError,
    OutOfMemoryError,
    StorageError,
    WorkerLostError,
)


def test_exit_codes():
    codes = {InputError: 2, NonFiniteError: 3, WorkerLostError: 69, OutOfMemoryError: 71, StorageError: 74}
    codes[Interrupted] = 75
    assert {error: error.exit_code for error in codes} == codes
    assert issubclass(InputError, ValueError) and issubclass(StorageError, OSError)


def test_an_argument_and_the_flag_that_set_it():
    error = ArgumentError("loss", "hing", "one of log, hinge", "Try hinge.")
    assert isinstance(error, InputError) and (error.name, error.value) == ("loss", "hing")
    assert str(error) == "loss is 'hing'; it must be one of log, hinge. Try hinge."
    assert str(error.of_flag("gngan.loss")) == "--gngan.loss is hing; it must be one of log, hinge. Try hinge."
    shown = {True: "true", ("a", 2): "a,2", (): "empty", "": "empty", None: "None", -0.5: "-0.5"}
    for value, text in shown.items():
        assert str(ArgumentError("x", value, "else").of_flag("x")) == f"--x is {text}; it must be else."
