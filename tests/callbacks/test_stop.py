"""Orderly end of training on a signal."""

import os
import signal
from types import SimpleNamespace

import pytest

from tfgan2.callbacks.stop import SIGNALS, StopOnSignal

ASKS = pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)


class Outside(Exception):
    """Raised by the handler that a signal had before training."""


@pytest.fixture(autouse=True)
def handlers():
    """Sets a handler for each signal before the test, and restores pytest's handlers after it."""

    def raise_outside(number, frame):
        raise Outside

    before = {number: signal.signal(number, raise_outside) for number in SIGNALS}
    yield raise_outside
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def stop():
    callback = StopOnSignal()
    callback.set_model(SimpleNamespace(stop_training=False))
    callback.on_train_begin()
    return callback


def send(number):
    os.kill(os.getpid(), number)


def test_signals_that_end_a_run():
    assert set(SIGNALS) == {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2}


@ASKS
def test_training_stops_at_the_end_of_the_chunk(number, stop):
    stop.on_train_batch_end(10)
    assert not stop.model.stop_training
    send(number)
    assert stop.received == number
    assert not stop.model.stop_training
    stop.on_train_batch_end(20)
    assert stop.model.stop_training


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_of_a_user_acts_at_once(number, stop):
    send(number)
    with pytest.raises(Outside):
        send(number)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2])
def test_a_terminal_or_scheduler_may_send_a_signal_twice(number, stop):
    send(number)
    send(number)
    stop.on_train_batch_end(10)
    assert stop.model.stop_training


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2])
def test_an_ignored_signal_stays_ignored(number):
    signal.signal(number, signal.SIG_IGN)
    stop = StopOnSignal()
    stop.on_train_begin()
    send(number)
    assert stop.received is None
    stop.on_train_end()
    assert signal.getsignal(number) is signal.SIG_IGN


def test_repeats_are_counted_for_each_signal(stop):
    send(signal.SIGTERM)
    send(signal.SIGINT)
    assert stop.received == signal.SIGINT
    with pytest.raises(Outside):
        send(signal.SIGTERM)


@pytest.mark.parametrize("signals_before", [0, 1])
def test_handlers_are_restored_at_the_end(signals_before, stop, handlers):
    for _ in range(signals_before):
        send(signal.SIGTERM)
    stop.on_train_end()
    assert {signal.getsignal(number) for number in SIGNALS} == {handlers}
    stop.restore_handlers()
    assert {signal.getsignal(number) for number in SIGNALS} == {handlers}


def test_a_signal_is_not_lost_if_training_begins_again(stop, handlers):
    send(signal.SIGTERM)
    # A number was not finite, so `on_train_end` was not called, and the run goes back.
    stop.on_train_begin()
    stop.on_train_batch_end(10)
    assert (stop.received, stop.model.stop_training) == (signal.SIGTERM, True)
    stop.on_train_end()
    assert signal.getsignal(signal.SIGTERM) is handlers
    assert signal.getsignal(signal.SIGINT) is handlers
