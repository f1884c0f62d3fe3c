"""Safe standard streams: a closed stream, a reader that ends, or a limited encoding does not end a command."""

import contextlib
import errno
import os
import sys

_NO_READER = (errno.EPIPE, errno.EBADF, errno.EIO)  # EIO is the error of a closed terminal.


class SafeStream:
    """A text stream that remains writable. After an error, further output is discarded.

    Args:
      stream: A text stream.

    Attributes:
      failure: The first OSError that lost output, such as that of a full disk. It is None if only the reader is gone.
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
            if error.errno not in _NO_READER:
                self.failure = self.failure or error
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, self._stream.fileno())  # This also discards the buffer. Otherwise Python fails at its exit.
            os.close(null)


@contextlib.contextmanager
def safe_streams():
    """Context in which standard output and standard error are a `SafeStream`. It returns standard output.

    Characters that the encoding lacks are written as escapes such as \\xe9.
    """
    _open_descriptors()
    with contextlib.ExitStack() as stack:
        safe = []
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            stack.callback(setattr, sys, name, stream)
            if stream is None:  # The stream was closed when Python began.
                stream = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            elif hasattr(stream, "reconfigure"):
                stack.callback(stream.reconfigure, errors=stream.errors)
                stream.reconfigure(errors="backslashreplace")
            safe.append(SafeStream(stream))
            setattr(sys, name, safe[-1])
        try:
            yield safe[0]
        finally:
            for stream in safe:
                stream.flush()


def _open_descriptors():
    """Opens the null device for each closed standard stream.

    Otherwise the next opened file would get the number of the closed stream, and would receive its output.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # It gets the smallest free number.
