"""Load on the example server: requests a second, how long they take, and whether the memory grows."""

import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

_SERVE = Path(__file__).resolve().parent.parent / "serve.py"
_CLIENTS = 4
_PORT = 18_473


def loaded(model, requests):
    """Starts the server, sends requests for one sample each from four clients at a time, and stops it.

    Args:
      model: Folder of a SavedModel.
      requests: Number of requests, after a tenth of that number that are not counted.

    Returns:
      A dictionary: requests, per_second, p50_ms and p99_ms, and mib_before and mib_after, the server's memory.
    """
    command = [sys.executable, str(_SERVE), f"--model={model}", f"--port={_PORT}"]
    with subprocess.Popen(command) as process:
        try:
            _wait(process)
            with_png = "generate_png" in json.loads(_get("/model"))["signatures"]
            path = "/sample.png" if with_png else "/samples"
            _send(path, requests // 10)
            before, started = _mib(process.pid), time.perf_counter()
            times = _send(path, requests)
            seconds, after = time.perf_counter() - started, _mib(process.pid)
        finally:
            process.terminate()
    cuts = statistics.quantiles(times, n=100)
    found = {"path": path, "clients": _CLIENTS, "requests": requests, "per_second": requests / seconds}
    found |= {"p50_ms": cuts[49] * 1e3, "p99_ms": cuts[98] * 1e3, "mib_before": before, "mib_after": after}
    print(json.dumps(found, indent=1))
    return found


def _wait(process):
    while process.poll() is None:
        try:
            return _get("/health")
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"the server ended with code {process.returncode}")


def _get(path, connection=None):
    connection = connection or http.client.HTTPConnection("127.0.0.1", _PORT, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: status {answer.status}, {body[:200]}")
    return body


def _send(path, requests):
    """The seconds of each request. The clients keep their connections, and each request has a seed of its own."""
    times = [[] for _ in range(_CLIENTS)]

    def client(index):
        connection = http.client.HTTPConnection("127.0.0.1", _PORT, timeout=60)
        for seed in range(index, requests, _CLIENTS):
            started = time.perf_counter()
            _get(f"{path}?seed={seed}", connection)
            times[index].append(time.perf_counter() - started)

    threads = [threading.Thread(target=client, args=(index,)) for index in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [seconds for own in times for seconds in own]


def _mib(pid):
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) // 1024
