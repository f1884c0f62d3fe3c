"""What ends a command in an orderly way, and the exit code of each. Any other exception is a bug and exits with 1."""


class InputError(ValueError):
    """Wrong usage or wrong input: the message says what came, what is accepted and what to do."""

    exit_code = 2


class AbsentData(InputError):
    """A known dataset is not on this machine: the message says how to get it.

    Args:
      message: the message.
      shape: (height, width, channels) of its images as they would be trained on, None where they differ.
    """

    def __init__(self, message, shape):
        super().__init__(message)
        self.shape = shape


class NonFiniteError(RuntimeError):
    """A loss became infinite or NaN: the message names the loss and the step."""

    exit_code = 3


class WorkerLostError(RuntimeError):
    """Another process of the run ended or cannot be reached: the last checkpoint stays, all can be started again."""

    exit_code = 69


class StorageError(OSError):
    """Reading or writing failed, as on a full disk: the message names the file."""

    exit_code = 74


class Interrupted(Exception):
    """A signal stopped the run after it had saved its state: the same command continues it."""

    exit_code = 75


class SettingWarning(UserWarning):
    """A setting or an input is valid, and something else than expected may come of it: the message says what."""
