"""Streams: the names of the draws of random numbers within a step."""

import contextlib
import threading
import zlib

from tfgan2.methods.base.step_checks import StepError


class Streams(threading.local):
    """Turns the names of streams into keys, and rejects a stream that one step draws twice.

    Two draws of one stream would give the same numbers. Each replica of a process plays its step in a thread of its
    own, and the draws of each thread are counted apart.
    """

    def __init__(self):
        self._drawn = None

    @contextlib.contextmanager
    def of_one_step(self):
        """Within this context every stream can be drawn once. Outside of it streams are not counted."""
        self._drawn = {}
        try:
            yield
        finally:
            self._drawn = None

    def key(self, stream):
        """The key of a stream, an integer in [0, 2^32).

        Raises:
          StepError: this step has drawn the stream, or another one of the same key.
        """
        key = zlib.crc32(stream.encode())
        if self._drawn is not None:
            if key in self._drawn:
                raise StepError(
                    f"stream is {stream!r}; it must not repeat the numbers of the stream {self._drawn[key]!r}, which "
                    "this step has drawn already. Try another name."
                )
            self._drawn[key] = stream
        return key
