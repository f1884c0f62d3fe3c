"""The rendezvous of workers: exchanged settings, other connections to the port, and errors."""

import re
import socket
import threading
import time

import pytest

from tfgan2.distribution.cluster import Cluster
from tfgan2.distribution.rendezvous import exchange_settings
from tfgan2.errors import InputError


@pytest.fixture
def addresses():
    """Function that returns a number of free addresses on this machine."""

    def addresses(count):
        sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
        found = tuple(f"localhost:{listener.getsockname()[1]}" for listener in sockets)
        for listener in sockets:
            listener.close()
        return found

    return addresses


def rendezvous(clusters, timeout=10, delays=()):
    """The result or the error message of each cluster's `exchange_settings`, run in threads."""
    results = [None] * len(clusters)

    def join(number, cluster):
        time.sleep(delays[number] if delays else 0)
        try:
            results[number] = exchange_settings(cluster, {"of": number}, timeout=timeout)
        except InputError as error:
            results[number] = str(error)

    threads = [threading.Thread(target=join, args=item) for item in enumerate(clusters)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.parametrize("delays", [(0, 0, 0), (0.5, 0, 0.1)])
def test_all_workers_get_all_settings(delays, addresses):
    found = addresses(3)
    expected = [{"of": 0}, {"of": 1}, {"of": 2}]
    assert rendezvous([Cluster(found, index, "X") for index in range(3)], delays=delays) == [expected] * 3


def test_one_worker_alone(addresses):
    assert rendezvous([Cluster(addresses(1), 0, "X")]) == [[{"of": 0}]]


def test_other_connections_to_the_port_are_ignored(addresses):
    found = addresses(2)
    port = int(found[0].rpartition(":")[2])
    results = []
    chief = threading.Thread(target=lambda: results.append(exchange_settings(Cluster(found, 0, "X"), {}, timeout=10)))
    chief.start()
    for words in (b"GET / HTTP/1.0\n", b"[1]\n", b"{}\n", b""):
        while True:
            try:
                with socket.create_connection(("localhost", port), 5) as connection:
                    connection.sendall(words)
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
    assert exchange_settings(Cluster(found, 1, "X"), {}, timeout=10) == [{}, {}]
    chief.join(10)
    assert results == [[{}, {}]]


def test_a_port_in_use(addresses):
    found = addresses(2)
    for index in range(2):
        port = int(found[index].rpartition(":")[2])
        with socket.create_server(("", port)):
            message = f"worker {index} cannot listen on port {port} of this machine: Address already in use. Choose a"
            with pytest.raises(InputError, match=re.escape(message)):
                exchange_settings(Cluster(found, index, "X"), {}, timeout=1)


def test_workers_that_do_not_appear(addresses):
    found = addresses(3)
    started = time.monotonic()
    missing = (
        f"worker 1 ({found[1]}) did not appear within 1 s. Start it, correct X, or wait longer with --join_seconds."
    )
    assert rendezvous([Cluster(found, index, "X") for index in (0, 2)], timeout=1) == [missing] * 2
    missing = (
        f"worker 0 ({found[0]}) did not appear within 1 s. Start it, correct X, or wait longer with --join_seconds."
    )
    assert rendezvous([Cluster(found, index, "X") for index in (1, 2)], timeout=1) == [missing] * 2
    assert rendezvous([Cluster(found, 0, "X")], timeout=1)[0].startswith(
        f"worker 1 ({found[1]}), worker 2 ({found[2]}) did"
    )
    assert time.monotonic() - started < 20


def test_workers_with_other_addresses(addresses):
    found, others = addresses(2), addresses(1)
    there, here = ", ".join([found[0], *others]), ", ".join(found)
    message = (
        f"workers have different addresses from X: {here} for worker 0, {there} for worker 1. Give all workers the "
        "same ones."
    )
    assert rendezvous([Cluster(found, 0, "X"), Cluster((found[0], *others), 1, "X")]) == [message] * 2


def test_two_workers_of_one_index(addresses):
    # Two machines have the index 1. Both run on this machine, so they have different ports here.
    found, others = addresses(3), addresses(1)
    results = rendezvous([Cluster(found, 0, "X"), Cluster(found, 1, "X"), Cluster((found[0], *others, "c:1"), 1, "X")])
    assert results == ["two workers have the index 1; each must have its own. Correct X."] * 3
