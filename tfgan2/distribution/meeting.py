"""The workers of a run wait for each other, and show each other what they were started with.

TensorFlow would wait for a missing worker without end, share a port with another server, and let workers with other
flags train. So before it starts, each worker tells the chief, on the chief's own port, what it was started with, and
the chief tells everyone all of it.
"""

import contextlib
import json
import os
import socket
import time

from tfgan2.errors import InputError

_LONGEST = 2**20  # bytes of a message


def meet(cluster, told, *, patience):
    """What every worker tells, in the order of their indices, once all of them are there.

    Args:
      cluster: a `Cluster`.
      told: a dict of JSON's types.
      patience: seconds to wait for the others.

    Raises:
      InputError: the port of this worker is taken, or a worker is missing, or two have one index or other addresses.
    """
    hello = {"index": cluster.index, "addresses": list(cluster.addresses), "told": told}
    deadline = time.monotonic() + patience
    with _listener(cluster) as listener:
        if cluster.index == 0:
            hellos = _receive(listener, cluster, hello, deadline, patience)
        else:
            listener.close()
            hellos = _ask(cluster, hello, deadline, patience)
    for other in hellos:
        if other["addresses"] != hellos[0]["addresses"]:
            there, here = (", ".join(hello["addresses"]) for hello in (other, hellos[0]))
            raise InputError(
                f"by {cluster.source} the workers are {there} for worker {other['index']}, but {here} for worker 0; "
                "give all of them the same"
            )
    return [other["told"] for other in hellos]


def _listener(cluster):
    """A socket on this worker's own port, which shows that no one else has it."""
    port = int(cluster.addresses[cluster.index].rpartition(":")[2])
    try:
        return socket.create_server(("", port), backlog=len(cluster.addresses))
    except OSError as error:
        raise InputError(
            f"worker {cluster.index} cannot listen on port {port} of this machine: {os.strerror(error.errno)}. "
            f"Choose a free port, by {cluster.source}"
        ) from error


def _receive(listener, cluster, own, deadline, patience):
    """The chief's part: takes in what each worker says, then sends all of it to all."""
    hellos, connections = {0: own}, []
    with contextlib.ExitStack() as stack:
        while len(hellos) < len(cluster.addresses):
            listener.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                connection = stack.enter_context(listener.accept()[0])
                connection.settimeout(5.0)
                hello = _parsed(connection)
            except OSError:
                if time.monotonic() < deadline:
                    continue
                absent = [index for index in range(len(cluster.addresses)) if index not in hellos]
                error = _missing(cluster, absent, patience)
                _send_all(connections, {"error": str(error)})
                raise error from None
            if hello is None:
                continue  # no worker
            connections.append(connection)
            if hello["index"] in hellos:
                error = InputError(f"two workers say that they are worker {hello['index']}; mend {cluster.source}")
                _send_all(connections, {"error": str(error)})
                raise error
            hellos[hello["index"]] = hello
        ordered = [hellos[index] for index in sorted(hellos)]
        _send_all(connections, {"hellos": ordered})
    return ordered


def _ask(cluster, own, deadline, patience):
    """The others' part: says who this is, and waits for the chief's answer."""
    while time.monotonic() < deadline:
        # The chief waits as long for the others, and then knows who is missing.
        answer = _exchange(cluster.addresses[0], own, wait=deadline - time.monotonic() + 5.0)
        if answer is not None and "error" in answer:
            raise InputError(answer["error"])
        if answer is not None:
            return answer["hellos"]
        time.sleep(0.2)
    raise _missing(cluster, [0], patience)


def _exchange(address, message, *, wait):
    """The answer of whoever listens there, or None if nobody does or it is no answer."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), 5.0) as chief:
            chief.sendall(_encoded(message))
            chief.settimeout(wait)
            return json.loads(_line(chief))
    except (OSError, ValueError):
        return None


def _parsed(connection):
    """What a worker says, or None if it is something else that came to this port."""
    try:
        hello = json.loads(_line(connection))
        return hello if {"index", "addresses", "told"} <= hello.keys() else None
    except (ValueError, AttributeError):
        return None


def _line(connection):
    data = b""
    while not data.endswith(b"\n") and len(data) < _LONGEST and (more := connection.recv(65536)):
        data += more
    return data


def _send_all(connections, answer):
    for connection in connections:
        with contextlib.suppress(OSError):
            connection.sendall(_encoded(answer))


def _encoded(message):
    return json.dumps(message).encode() + b"\n"


def _missing(cluster, indices, patience):
    names = ", ".join(f"worker {index} ({cluster.addresses[index]})" for index in indices)
    return InputError(
        f"{names} did not appear within {patience} s; start {'it' if len(indices) == 1 else 'them'}, mend "
        f"{cluster.source}, or wait longer with --join_seconds"
    )
