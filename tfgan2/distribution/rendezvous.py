"""The rendezvous of the workers of a run: they wait for each other and compare their settings.

TensorFlow alone would wait for a missing worker forever, share a port with another server, and train with workers that
have different flags. So each worker first sends its settings to the chief, on the port of the chief. When all have
done so, the chief sends all settings to all workers.
"""

import contextlib
import json
import os
import socket
import time

from tfgan2.errors import InputError

_LONGEST = 2**20  # Bytes of a message.


def exchange_settings(cluster, settings, *, timeout):
    """Waits for all workers and returns their settings.

    Args:
      cluster: A `Cluster`.
      settings: The settings of this worker, a dict that JSON can express.
      timeout: Seconds to wait for the other workers.

    Returns:
      A list of the settings of all workers, in the order of their indices.

    Raises:
      InputError: The port of this worker is in use, a worker is missing, two workers have one index, or a worker has
        other addresses.
    """
    own = {"index": cluster.index, "addresses": list(cluster.addresses), "settings": settings}
    deadline = time.monotonic() + timeout
    with _listener(cluster) as listener:
        if cluster.index == 0:
            messages = _collect(listener, cluster, own, deadline, timeout)
        else:
            listener.close()
            messages = _send_to_chief(cluster, own, deadline, timeout)
    first = messages[0]
    for message in messages:
        if message["addresses"] != first["addresses"]:
            raise InputError(
                f"workers have different addresses from {cluster.source}: {', '.join(first['addresses'])} for worker "
                f"0, {', '.join(message['addresses'])} for worker {message['index']}. Give all workers the same ones."
            )
    return [message["settings"] for message in messages]


def _listener(cluster):
    """A socket that listens on the port of this worker. It shows that the port is free."""
    port = int(cluster.addresses[cluster.index].rpartition(":")[2])
    try:
        return socket.create_server(("", port), backlog=len(cluster.addresses))
    except OSError as error:
        raise InputError(
            f"worker {cluster.index} cannot listen on port {port} of this machine: {os.strerror(error.errno)}. "
            f"Choose a free port in {cluster.source}."
        ) from error


def _collect(listener, cluster, own, deadline, timeout):
    """On the chief: receives the message of each worker, then sends all messages to all workers."""
    messages, connections = {0: own}, []
    with contextlib.ExitStack() as stack:
        while len(messages) < len(cluster.addresses):
            listener.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                connection = stack.enter_context(listener.accept()[0])
                connection.settimeout(5.0)
                message = _parsed(connection)
            except OSError:
                if time.monotonic() < deadline:
                    continue
                absent = [index for index in range(len(cluster.addresses)) if index not in messages]
                error = _missing(cluster, absent, timeout)
                _send_all(connections, {"error": str(error)})
                raise error from None
            if message is None:
                continue  # The connection is not from a worker.
            connections.append(connection)
            if message["index"] in messages:
                error = InputError(
                    f"two workers have the index {message['index']}; each must have its own. Correct {cluster.source}."
                )
                _send_all(connections, {"error": str(error)})
                raise error
            messages[message["index"]] = message
        ordered = [messages[index] for index in sorted(messages)]
        _send_all(connections, {"messages": ordered})
    return ordered


def _send_to_chief(cluster, own, deadline, timeout):
    """On other workers: sends the message of this worker and waits for the answer of the chief."""
    while time.monotonic() < deadline:
        # The chief waits for the others up to its own deadline. Only then does it know who is missing.
        answer = _exchange(cluster.addresses[0], own, wait=deadline - time.monotonic() + 5.0)
        if answer is not None and "error" in answer:
            raise InputError(answer["error"])
        if answer is not None:
            return answer["messages"]
        time.sleep(0.2)
    raise _missing(cluster, [0], timeout)


def _exchange(address, message, *, wait):
    """Sends a message to an address and returns the answer, or None without a valid answer."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), 5.0) as chief:
            chief.sendall(_encoded(message))
            chief.settimeout(wait)
            return json.loads(_line(chief))
    except (OSError, ValueError):
        return None


def _parsed(connection):
    """The message of a worker, or None if the connection is from another program."""
    try:
        message = json.loads(_line(connection))
        return message if {"index", "addresses", "settings"} <= message.keys() else None
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


def _missing(cluster, indices, timeout):
    names = ", ".join(f"worker {index} ({cluster.addresses[index]})" for index in indices)
    return InputError(
        f"{names} did not appear within {timeout} s. Start {'it' if len(indices) == 1 else 'them'}, correct "
        f"{cluster.source}, or wait longer with --join_seconds."
    )
