"""Orderly end of training on a signal."""

import signal

import keras

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
"""Signals that request the end of a process: from users, closing terminals, and schedulers at a time limit."""

_IMMEDIATE_IF_REPEATED = (signal.SIGTERM, signal.SIGINT)


class StopOnSignal(keras.callbacks.Callback):
    """Ends training after the current chunk of steps when one of `SIGNALS` arrives.

    A second SIGTERM or SIGINT (Ctrl-C) acts at once, as without this callback. The other signals may arrive twice. For
    example, the system and the shell both send SIGHUP when a terminal closes. If the process ignored one of these
    signals before training, as SIGHUP under nohup, it remains ignored.

    Attributes:
      received: The signal that arrived, or None.
    """

    def __init__(self):
        super().__init__()
        self.received = None
        self._previous = {}

    def on_train_begin(self, logs=None):
        self.restore_handlers()
        for number in SIGNALS:
            if number in _IMMEDIATE_IF_REPEATED or signal.getsignal(number) is not signal.SIG_IGN:
                self._previous[number] = signal.signal(number, self._receive)

    def on_train_batch_end(self, batch, logs=None):
        if self.received is not None:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.restore_handlers()

    def restore_handlers(self):
        """Restores the signal handlers from before training."""
        while self._previous:
            signal.signal(*self._previous.popitem())

    def _receive(self, number, frame):
        del frame
        self.received = signal.Signals(number)
        if number in _IMMEDIATE_IF_REPEATED:
            signal.signal(number, self._previous.pop(number))
