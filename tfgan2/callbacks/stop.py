"""Stopping on a signal at the end of a chunk of steps, so that nothing is lost."""

import signal

import keras

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
"""What asks a process to end: users, terminals that close, and schedulers before a time limit."""

_INSIST = (signal.SIGTERM, signal.SIGINT)


class StopOnSignal(keras.callbacks.Callback):
    """Ends training at the end of the running chunk when one of `SIGNALS` arrives.

    A second SIGTERM or SIGINT (Ctrl-C) acts at once, as without this callback. The others may arrive twice: when a
    terminal closes, the system and the shell both send SIGHUP. They stay ignored if the process ignored them before
    training, as SIGHUP under nohup.

    Attributes:
      received: the signal that arrived, or None.
    """

    def __init__(self):
        super().__init__()
        self.received = None
        self._previous = {}

    def on_train_begin(self, logs=None):
        self.restore_handlers()
        self.received = None
        for number in SIGNALS:
            if number in _INSIST or signal.getsignal(number) is not signal.SIG_IGN:
                self._previous[number] = signal.signal(number, self._receive)

    def on_train_batch_end(self, batch, logs=None):
        if self.received is not None:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.restore_handlers()

    def restore_handlers(self):
        """Gives the signals back to whoever had them before training."""
        while self._previous:
            signal.signal(*self._previous.popitem())

    def _receive(self, number, frame):
        del frame
        self.received = signal.Signals(number)
        if number in _INSIST:
            signal.signal(number, self._previous.pop(number))
