"""Workers that wait for each other: what they learn, what else comes to their port, and what goes wrong."""

import re
import socket
import threading
import time

import pytest

from tfgan2.distribution.cluster import Cluster
from tfgan2.distribution.meeting import meet
from tfgan2.errors import InputError


@pytest.fixture
def addresses():
    """(count) -> free addresses on this machine."""

    def addresses(count):
        sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
        found = tuple(f"localhost:{listener.getsockname()[1]}" for listener in sockets)
        for listener in sockets:
            listener.close()
        return found

    return addresses


def meeting(clusters, patience=10, delays=()):
    """What `meet` returns or raises for each of the clusters, in threads."""
    results = [None] * len(clusters)

    def attend(number, cluster):
        time.sleep(delays[number] if delays else 0)
        try:
            results[number] = meet(cluster, {"of": number}, patience=patience)
        except InputError as error:
            results[number] = str(error)

    threads = [threading.Thread(target=attend, args=item) for item in enumerate(clusters)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.parametrize("delays", [(0, 0, 0), (0.5, 0, 0.1)])
def test_all_learn_what_all_were_told(delays, addresses):
    found = addresses(3)
    told = [{"of": 0}, {"of": 1}, {"of": 2}]
    assert meeting([Cluster(found, index, "X") for index in range(3)], delays=delays) == [told] * 3


def test_one_worker_meets_nobody(addresses):
    assert meeting([Cluster(addresses(1), 0, "X")]) == [[{"of": 0}]]


def test_whatever_else_comes_to_the_port_is_sent_away(addresses):
    found = addresses(2)
    port = int(found[0].rpartition(":")[2])
    results = []
    chief = threading.Thread(target=lambda: results.append(meet(Cluster(found, 0, "X"), {}, patience=10)))
    chief.start()
    for words in (b"GET / HTTP/1.0\n", b"[1]\n", b"{}\n", b""):
        while True:
            try:
                with socket.create_connection(("localhost", port), 5) as connection:
                    connection.sendall(words)
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
    assert meet(Cluster(found, 1, "X"), {}, patience=10) == [{}, {}]
    chief.join(10)
    assert results == [[{}, {}]]


def test_a_port_in_use(addresses):
    found = addresses(2)
    for index in range(2):
        port = int(found[index].rpartition(":")[2])
        with socket.create_server(("", port)):
            message = f"worker {index} cannot listen on port {port} of this machine: Address already in use. Choose a"
            with pytest.raises(InputError, match=re.escape(message)):
                meet(Cluster(found, index, "X"), {}, patience=1)


def test_workers_that_do_not_appear(addresses):
    found = addresses(3)
    started = time.monotonic()
    missing = f"worker 1 ({found[1]}) did not appear within 1 s; start it, mend X, or wait longer with --join_seconds"
    assert meeting([Cluster(found, index, "X") for index in (0, 2)], patience=1) == [missing] * 2
    missing = f"worker 0 ({found[0]}) did not appear within 1 s; start it, mend X, or wait longer with --join_seconds"
    assert meeting([Cluster(found, index, "X") for index in (1, 2)], patience=1) == [missing] * 2
    assert meeting([Cluster(found, 0, "X")], patience=1)[0].startswith(
        f"worker 1 ({found[1]}), worker 2 ({found[2]}) did"
    )
    assert time.monotonic() - started < 20


def test_workers_with_other_addresses(addresses):
    found, others = addresses(2), addresses(1)
    there, here = ", ".join([found[0], *others]), ", ".join(found)
    message = f"by X the workers are {there} for worker 1, but {here} for worker 0; give all of them the same"
    assert meeting([Cluster(found, 0, "X"), Cluster((found[0], *others), 1, "X")]) == [message] * 2


def test_two_workers_of_one_index(addresses):
    # Two machines that both say they are worker 1: here they are told apart by the port that they listen on.
    found, others = addresses(3), addresses(1)
    results = meeting([Cluster(found, 0, "X"), Cluster(found, 1, "X"), Cluster((found[0], *others, "c:1"), 1, "X")])
    assert results == ["two workers say that they are worker 1; mend X"] * 3
