"""Expected errors with their exit codes. Any other exception is a bug and gives exit code 1."""


class InputError(ValueError):
    """Wrong usage or input. The message states the value, what is accepted, and what to do."""

    exit_code = 2


class ArgumentError(InputError):
    """An argument has an invalid value. The message is "NAME is VALUE; it must be ACCEPTED. ADVICE".

    Args:
      name: Name of the argument.
      value: Value of the argument.
      accepted: Accepted values as a clause, such as "at least 0".
      advice: One or more sentences about what to do, or an empty text.
    """

    def __init__(self, name, value, accepted, advice=""):
        super().__init__(_sentences(name, repr(value), accepted, advice))
        self.name, self.value, self.accepted, self.advice = name, value, accepted, advice

    def of_flag(self, flag: str) -> InputError:
        """The same error for the flag of the argument, with the value as on the command line."""
        return InputError(_sentences(f"--{flag}", _as_typed(self.value), self.accepted, self.advice))


class AbsentData(InputError):
    """A known dataset is not on this machine. The message says how to get it.

    Args:
      message: The message.
      shape: (height, width, channels) of its training images. A size that varies is None.
    """

    def __init__(self, message, shape):
        super().__init__(message)
        self.shape = shape


class NonFiniteError(RuntimeError):
    """A number of the training or a score became infinite or NaN. The message names the number and the step."""

    exit_code = 3


class OutOfMemoryError(RuntimeError):
    """There was not enough memory, on the GPU or on the machine. The last checkpoint of a run stays."""

    exit_code = 71


class WorkerLostError(RuntimeError):
    """Another worker of the run ended or cannot be reached. All workers can continue from the last checkpoint."""

    exit_code = 69


class StorageError(OSError):
    """Reading or writing failed, for example on a full disk. The message names the file."""

    exit_code = 74


class Interrupted(Exception):
    """A signal stopped the run after its state was saved. The same command continues it."""

    exit_code = 75


class SettingWarning(UserWarning):
    """A setting or an input is valid, but may have an unexpected effect. The message describes the effect."""


def _sentences(name, value, accepted, advice):
    return f"{name} is {value}; it must be {accepted}." + (f" {advice}" if advice else "")


def _as_typed(value):
    """The text of a value on the command line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return ",".join(map(_as_typed, value)) or "empty"
    return str(value) or "empty"
