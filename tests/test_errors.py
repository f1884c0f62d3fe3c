"""The exit codes of errors."""

from tfgan2.errors import InputError, Interrupted, NonFiniteError, StorageError, WorkerLostError


def test_exit_codes():
    codes = {InputError: 2, NonFiniteError: 3, WorkerLostError: 69, StorageError: 74, Interrupted: 75}
    assert {error: error.exit_code for error in codes} == codes
    assert issubclass(InputError, ValueError) and issubclass(StorageError, OSError)
