"""Every kind of file that is read again: its version is written, and a newer one is refused by name."""

import json
import re
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from PIL import Image
from small_games import standard_gan

from tfgan2 import __version__
from tfgan2.callbacks.metrics_log import MetricsLog, read_lines
from tfgan2.data.cache import prepared
from tfgan2.data.computed import computed
from tfgan2.data.facts import Facts, to_json
from tfgan2.data.images import ImageSet
from tfgan2.data.kinds import POINTS
from tfgan2.data.parts import Part
from tfgan2.data.reading import Contents, Item, Source
from tfgan2.data.resizing import Preparation
from tfgan2.data.scaling import Scaling
from tfgan2.errors import InputError
from tfgan2.evaluate import _show
from tfgan2.evaluation.partition_report import report_partition
from tfgan2.evaluation.record_text import comparison
from tfgan2.flags import parse, read_flagfile
from tfgan2.page.stages import _partition
from tfgan2.recipe.making import _record
from tfgan2.run.facts import read_facts
from tfgan2.run.stages.recipe import finished_steps, write_recipe
from tfgan2.run.workdir import recorded_choices
from tfgan2.serving.formats import FORMATS
from tfgan2.serving.origin import newest_export, origin_of, write_origin
from tfgan2.system import checkpoints
from tfgan2.system.file_versions import KEY, VERSIONS, check_version, version_in
from tfgan2.system.recoveries import Recovery, read_recoveries, write_recoveries

RECIPE = {"stage": "pretext", "networks": ["x"], "steps": 2, "flags": {}, "arguments": {}, "shape": [2]}
RECIPE |= {"scaling": [0.0, 1.0], "before": None}
IMAGES = ImageSet("x", np.zeros((1, 4, 4, 1), np.uint8), None, ())
EVALUATION = {"values": {"x": 1.0}, "protocol": {"name": "y", "samples": 3}, "samples": "x.npz"}


@pytest.fixture(scope="module")
def game():
    game = standard_gan()
    game.compile({role: keras.optimizers.SGD() for role in game.trained_roles})
    return game


@pytest.fixture(scope="module")
def decoder():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])


def _pictures(folder):
    source = Source(("x",), lambda: Contents(1, 1, (), [Item("x", lambda: Image.new("L", (4, 4)), None)]))
    return prepared("x", source, Preparation(), cache_dir=folder)


def _write_flags(folder):
    settings = parse("train", ["--method=gngan", "--dataset=grid25", "--train_steps=1", f"--workdir={folder}"])
    (folder / "flags.cfg").write_text(settings.text())


def _write_export(folder, game):
    (folder / "1").mkdir()
    write_origin(folder / "1", origin_of(game, Scaling(0.0, 1.0), False), "")


def _write_choices(folder):
    draft = SimpleNamespace(config=folder, choices={})
    (folder / "choices.json").write_bytes(_record(draft, None, {}, None))


# Kind -> (function of folder, game and decoder that writes a file, function of them that reads it).
KINDS = {
    "checkpoint": (
        lambda folder, game, decoder: checkpoints.save(game, folder),
        lambda folder, game, decoder: checkpoints.restore(game, folder),
    ),
    "flags.cfg": (
        lambda folder, game, decoder: _write_flags(folder),
        lambda folder, game, decoder: read_flagfile(folder / "flags.cfg"),
    ),
    "data.json": (
        lambda folder, game, decoder: (folder / "data.json").write_bytes(
            to_json(Facts(POINTS, Scaling(0.0, 1.0), (), (), {}))
        ),
        lambda folder, game, decoder: read_facts(folder),
    ),
    "choices.json": (
        lambda folder, game, decoder: _write_choices(folder),
        lambda folder, game, decoder: recorded_choices(folder),
    ),
    "metrics.jsonl": (
        lambda folder, game, decoder: MetricsLog(folder / "metrics.jsonl", every=0).write(1, "train", {"x": 1.0}),
        lambda folder, game, decoder: read_lines(folder / "metrics.jsonl"),
    ),
    "recoveries.json": (
        lambda folder, game, decoder: write_recoveries(folder, [Recovery(1, "x")]),
        lambda folder, game, decoder: read_recoveries(folder),
    ),
    "partition.json": (
        lambda folder, game, decoder: report_partition(folder, Part(IMAGES), np.zeros(1, int), 1),
        lambda folder, game, decoder: list(_partition(folder)),
    ),
    "recipe.json": (
        lambda folder, game, decoder: write_recipe(folder, RECIPE),
        lambda folder, game, decoder: finished_steps(folder, RECIPE),
    ),
    "evaluation": (
        lambda folder, game, decoder: _show("x", EVALUATION, folder / "x.json"),
        lambda folder, game, decoder: comparison([folder / "x.json"]),
    ),
    "export": (
        lambda folder, game, decoder: _write_export(folder, game),
        lambda folder, game, decoder: newest_export(folder),
    ),
    "safetensors": (
        lambda folder, game, decoder: FORMATS["safetensors"].write(decoder, folder / "x"),
        lambda folder, game, decoder: FORMATS["safetensors"].read(folder / "x"),
    ),
    "computed arrays": (
        lambda folder, game, decoder: computed("x", {}, lambda: {"a": np.ones(1)}, cache_dir=folder),
        lambda folder, game, decoder: computed("x", {}, None, cache_dir=folder),
    ),
    "prepared images": (
        lambda folder, game, decoder: _pictures(folder),
        lambda folder, game, decoder: _pictures(folder),
    ),
}


def test_all_kinds_are_here():
    assert KINDS.keys() == VERSIONS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_version_is_refused_by_name(kind, game, decoder, tmp_path, monkeypatch):
    write, read = KINDS[kind]
    newer = VERSIONS[kind] + 1
    for version in (VERSIONS[kind], newer):
        (tmp_path / str(version)).mkdir()
    write(tmp_path / str(VERSIONS[kind]), game, decoder)
    assert read(tmp_path / str(VERSIONS[kind]), game, decoder) not in (None, (), [], {})
    folder = tmp_path / str(newer)
    with monkeypatch.context() as context:
        if kind != "prepared images":  # A newer entry has another name, so that releases can share a cache.
            context.setitem(VERSIONS, kind, newer)
        write(folder, game, decoder)
    if kind == "prepared images":
        (path,) = folder.glob("*/entry.json")
        path.write_text(json.dumps(json.loads(path.read_text()) | {KEY: newer}))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as error:
        read(folder, game, decoder)
    accepted = "version 1 " if newer == 2 else f"versions 1 to {newer - 1} "
    message = str(error.value)
    assert message.startswith(str(folder)) and "install that release" in message
    assert f"{KEY} {newer}, and tfgan2 {__version__} reads {accepted}" in message and f"({kind})" in message
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_has_no_version_is_of_version_1():
    for kind in VERSIONS:
        check_version(kind, "x", {})
        check_version(kind, "x", [])


@pytest.mark.parametrize("version", [0, -1, True, None, 1.0, "1", [1], 10**30])
def test_what_is_no_version_is_refused(version):
    with pytest.raises(InputError, match=f"^x has format_version {re.escape(repr(version))}, and "):
        check_version("checkpoint", "x", {KEY: version})


def test_a_version_in_a_text():
    assert [version_in(text) for text in ("12", "", "1.0", "²", "9" * 5000)] == [12, "", "1.0", "²", "9" * 5000]
