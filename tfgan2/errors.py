"""What ends a command in an orderly way, and the exit code of each. Any other exception is a bug and exits with 1."""


class InputError(ValueError):
    """Wrong usage or wrong input: the message says what came, what is accepted and what to do."""

    exit_code = 2


class ArgumentError(InputError):
    """An argument has a value that is not accepted: "NAME is VALUE; it must be ACCEPTED. ADVICE".

    Args:
      name: of the argument.
      value: of the argument.
      accepted: what the value must be, a clause such as "at least 0".
      advice: what to do, one or more sentences; empty if nothing more is to be said.
    """

    def __init__(self, name, value, accepted, advice=""):
        super().__init__(_sentences(name, repr(value), accepted, advice))
        self.name, self.value, self.accepted, self.advice = name, value, accepted, advice

    def of_flag(self, flag: str) -> InputError:
        """The same error about the flag that set the argument, with the value as one writes it there."""
        return InputError(_sentences(f"--{flag}", _as_typed(self.value), self.accepted, self.advice))


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


def _sentences(name, value, accepted, advice):
    return f"{name} is {value}; it must be {accepted}." + (f" {advice}" if advice else "")


def _as_typed(value):
    """A value as a flag has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return ",".join(map(_as_typed, value)) or "empty"
    return str(value) or "empty"
