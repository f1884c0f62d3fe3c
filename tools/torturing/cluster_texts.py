"""The variable TF_CONFIG with parts that are wrong, missing or strange."""

import json
import os
from unittest import mock

from tfgan2.distribution.cluster import find_cluster
from torturing.judge import Wrong
from torturing.strange import TEXTS, mutated


def run(drawn, folder, name_kind):
    """Reads one TF_CONFIG. A whole one must give the addresses that it has."""
    del folder
    count = drawn.randint(1, 4)
    addresses = [f"host{number}:{drawn.randint(1, 65535)}" for number in range(count)]
    index = drawn.randrange(count)
    config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    kind = drawn.choice(["whole", "changed", "cut"])
    name_kind(kind)
    if kind == "changed":
        _change(drawn, config)
    text = json.dumps(config)  # Escapes what a variable cannot hold.
    if kind == "cut":
        text = mutated(drawn, text).replace("\x00", "")
    with mock.patch.dict(os.environ, {"TF_CONFIG": text}):
        cluster = find_cluster()
    if kind == "whole" and (list(cluster.addresses), cluster.index) != (addresses, index):
        raise Wrong(f"{text} gives {cluster}")
    if not 0 <= cluster.index < len(cluster.addresses):
        raise Wrong(f"{text} gives worker {cluster.index} of {len(cluster.addresses)}")


def _change(drawn, config):
    """Replaces a random part of nested dictionaries and lists, or takes it out."""
    part = config
    while True:
        keys = [*part] if isinstance(part, dict) else range(len(part))
        key = drawn.choice([*keys])
        if isinstance(part[key], dict | list) and part[key] and drawn.random() < 0.7:
            part = part[key]
            continue
        if isinstance(part, dict) and drawn.random() < 0.3:
            del part[key]
        else:
            part[key] = drawn.choice([None, True, 0, -1, 1.5, 1e300, [], {}, [[]], {"a": 1}, *TEXTS])
        return
