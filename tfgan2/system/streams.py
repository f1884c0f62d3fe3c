"""Standard output and standard error that cannot end a command: closed ones, readers that leave, odd encodings."""

import contextlib
import errno
import os
import sys

_NOBODY = (errno.EPIPE, errno.EBADF, errno.EIO)  # the last where a terminal is gone


class Lasting:
    """A text stream that stays writable: once its file refuses, what is written goes nowhere.

    Args:
      stream: a text stream.

    Attributes:
      failure: the first OSError of a file that could not take what was written, as on a full disk; None if nobody was
        there to read.
    """

    def __init__(self, stream):
        self._stream = stream
        self.failure = None

    def write(self, text):
        with self._kept_writable():
            self._stream.write(text)
        return len(text)

    def flush(self):
        with self._kept_writable():
            self._stream.flush()

    def __getattr__(self, name):
        return getattr(self._stream, name)

    @contextlib.contextmanager
    def _kept_writable(self):
        try:
            yield
        except OSError as error:
            if error.errno not in _NOBODY:
                self.failure = self.failure or error
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())  # what is still in its buffer, too, or Python fails at its exit
            os.close(nowhere)


@contextlib.contextmanager
def lasting():
    """Makes both streams `Lasting`, and escapes characters that their encoding lacks; gives standard output's."""
    _open_descriptors()
    with contextlib.ExitStack() as stack:
        made = []
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            stack.callback(setattr, sys, name, stream)
            if stream is None:  # it was closed when Python began
                stream = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            elif hasattr(stream, "reconfigure"):
                stack.callback(stream.reconfigure, errors=stream.errors)
                stream.reconfigure(errors="backslashreplace")
            made.append(Lasting(stream))
            setattr(sys, name, made[-1])
        try:
            yield made[0]
        finally:
            for stream in made:
                stream.flush()


def _open_descriptors():
    """Fills the places of closed standard streams, which the next file would take, and get what they are sent."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the first free place
