"""The moment at which Python handles a signal, on which this package relies."""

import signal
import time

import tensorflow as tf


def test_a_signal_waits_for_the_running_function():
    """So StopOnSignal acts at the end of a chunk of steps, and runs keep chunks short."""

    @tf.function
    def work(seconds):
        end = tf.timestamp() + seconds
        count = 0
        while tf.timestamp() < end:
            count += 1
        return count

    moments = []
    work(tf.constant(0.0, tf.float64))
    before = signal.signal(signal.SIGALRM, lambda *_: moments.append(time.monotonic()))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        started = time.monotonic()
        work(tf.constant(0.2, tf.float64))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    (moment,) = moments
    assert moment - started > 0.19
