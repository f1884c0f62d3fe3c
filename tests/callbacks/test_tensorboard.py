"""The event files, read by TensorBoard's own reader."""

import re

import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.custom_scalar.layout_pb2 import Layout
from tensorboard.plugins.custom_scalar.metadata import CONFIG_SUMMARY_TAG
from tensorboard.plugins.hparams.metadata import SESSION_START_INFO_TAG
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from tfgan2.callbacks.event_files import cut_back
from tfgan2.callbacks.tensorboard import TensorBoard
from tfgan2.errors import StorageError
from tfgan2.metrics.modes import GridCoverage

LOGS = {
    "discriminator/loss": 1.25,
    "discriminator/real_probability": 0.75,
    "discriminator/fake_probability": 0.25,
    "discriminator/gradient_penalty": 0.125,
    "discriminator/gradient_norm": 2.0,
    "generator/loss": 0.5,
    "generator/gradient_norm": 4.0,
}


def read(folder):
    accumulator = EventAccumulator(str(folder), size_guidance={"tensors": 0})
    accumulator.Reload()
    return accumulator


def points(folder, tag):
    return [(event.step, tf.make_ndarray(event.tensor_proto)[()]) for event in read(folder).Tensors(tag)]


def test_tags_and_values(tmp_path, play):
    chunks = [(5, LOGS), (15, LOGS | {"generator/loss": 4.5}), (20, LOGS), (4, LOGS)]
    play([TensorBoard(tmp_path, every=20, device_batch=64)], chunks)
    assert set(read(tmp_path).Tags()["tensors"]) == {
        "flags",
        "losses/discriminator",
        "losses/generator",
        "losses/discriminator/gradient_penalty",
        "discriminator/real_probability",
        "discriminator/fake_probability",
        "gradient_norms/discriminator",
        "gradient_norms/generator",
        "learning_rates/discriminator",
        "learning_rates/generator",
        "speed/steps_per_second",
        "speed/samples_per_second_per_device",
        CONFIG_SUMMARY_TAG,
    }
    # (5 * 0.5 + 15 * 4.5) / 20 = 3.5
    assert points(tmp_path, "losses/generator") == [(20, 3.5), (40, 0.5), (44, 0.5)]
    assert points(tmp_path, "gradient_norms/generator") == [(20, 4.0), (40, 4.0), (44, 4.0)]
    assert points(tmp_path, "learning_rates/discriminator") == [(20, 0.25), (40, 0.25), (44, 0.25)]
    for (_, steps), (_, samples) in zip(
        points(tmp_path, "speed/steps_per_second"),
        points(tmp_path, "speed/samples_per_second_per_device"),
        strict=True,
    ):
        assert samples == pytest.approx(64 * steps)


def test_first_groups_are_those_that_tensorboard_opens(tmp_path, play):
    board = TensorBoard(tmp_path, every=10)
    play([board], [(10, LOGS), lambda: board.scalars(10, {"coverage/collapsed": 0.0})])
    groups = {tag.partition("/")[0] for tag in read(tmp_path).Tags()["tensors"] if "/" in tag}
    assert sorted(groups)[:2] == ["coverage", "discriminator"]


def test_layout_groups_related_scalars(tmp_path, play):
    board = TensorBoard(tmp_path, every=10, device_batch=64)
    of_images = ("modes_covered", "share_of_7", "share_of_shirt", "fid", "fd-classifier-digits", "precision", "recall")
    of_images += ("ssim", "ssim_average", "class_agreement")
    coverage = {f"coverage/{name}": 1.0 for name in (*GridCoverage._fields, *of_images, "collapsed")}
    augmented = {"discriminator/sign": 0.5, "discriminator/augmentation_probability": 0.1}
    play([board], [(10, LOGS | augmented), lambda: board.scalars(10, coverage)])
    charts = charts_of(tmp_path)
    assert all(charts.values())
    assert "covered modes" not in charts_of(tmp_path, written=0)
    assert charts["D(real) and D(fake)"] == {f"discriminator/{of}_probability" for of in ("real", "fake")}
    assert charts["losses of the players"] == {"losses/discriminator", "losses/generator"}
    assert charts["covered modes"] == {"coverage/registered_modes", "coverage/modes_covered"}
    assert charts["distances of features"] == {"coverage/fid", "coverage/fd-classifier-digits"}
    assert charts["reconstructions in their class"] == {"coverage/class_agreement"}
    assert charts["share of each class"] == {"coverage/share_of_7", "coverage/share_of_shirt"}


def charts_of(folder, written=-1):
    """Title -> tags with data, of a layout that was written."""
    tags = read(folder).Tags()["tensors"]
    _, layout = points(folder, CONFIG_SUMMARY_TAG)[written]
    return {
        chart.title: {tag for tag in tags for pattern in chart.multiline.tag if re.search(pattern, tag)}
        for category in Layout.FromString(layout).category
        for chart in category.chart
    }


def test_every_chart_has_data_before_and_after_a_resume(tmp_path, play):
    board = TensorBoard(tmp_path, every=10)
    play([board], [(10, LOGS), lambda: board.scalars(10, {"coverage/recall": 0.5})])
    before = charts_of(tmp_path)
    assert all(before.values()) and {"losses of the players", "precision and recall"} <= set(before)
    assert not {"covered modes", "similarity of reconstructions"} & set(before)
    play([TensorBoard(tmp_path, every=10)], [(10, LOGS)], global_step=10)
    assert charts_of(tmp_path) == before


def test_runs_are_compared_by_their_names(tmp_path, play):
    play([TensorBoard(tmp_path, every=10, hyperparameters={"seed": 3}, name="runs/third")], [(10, LOGS)])
    assert session(tmp_path).group_name == "runs/third"


def test_learning_rates_follow_their_schedules(tmp_path, play, game):
    played = game()
    iterations = played.network_optimizers["generator"].iterations
    play([TensorBoard(tmp_path, every=10)], [(10, LOGS), lambda: iterations.assign(20), (10, LOGS)], game=played)
    assert points(tmp_path, "learning_rates/generator") == [(10, 0.5), (20, 0.125)]


def test_flags_and_hyperparameters_are_written_once(tmp_path, play):
    def board():
        values = {"gngan.loss": "log", "seed": 3, "jit": True, "batch": (1, 2), "negative_dataset": None}
        return TensorBoard(tmp_path, every=10, settings_text="--seed=3\n--jit", hyperparameters=values)

    play([board()], [(10, LOGS)])
    play([board()], [(10, LOGS)], global_step=10)
    assert points(tmp_path, "flags") == [(0, b"    --seed=3\n    --jit")]
    assert {name: getattr(value, value.WhichOneof("kind")) for name, value in session(tmp_path).hparams.items()} == {
        "gngan.loss": "log",
        "seed": 3.0,
        "jit": True,
        "batch": "(1, 2)",
        "negative_dataset": "None",
    }


def session(folder):
    metadata = read(folder).SummaryMetadata(SESSION_START_INFO_TAG)
    return HParamsPluginData.FromString(metadata.plugin_data.content).session_start_info


def test_other_callbacks_write_scalars_and_images(tmp_path, play):
    board = TensorBoard(tmp_path, every=0)
    picture = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)

    def write():
        board.scalars(7, {"modes": 3}, "coverage")
        board.scalars(7, {"plain": 0.5})
        board.image(7, "samples", picture)

    play([board], [(7, LOGS), write])
    assert points(tmp_path, "coverage/modes") == [(7, 3.0)] and points(tmp_path, "plain") == [(7, 0.5)]
    (event,) = read(tmp_path).Tensors("samples")
    width, height, encoded = tf.make_ndarray(event.tensor_proto)
    assert (event.step, width, height) == (7, b"3", b"2")
    np.testing.assert_array_equal(tf.io.decode_png(encoded), picture)
    assert "losses/generator" not in read(tmp_path).Tags()["tensors"]


@pytest.mark.parametrize("torn", [False, True])
def test_resume_shows_each_step_once(tmp_path, play, torn):
    play([TensorBoard(tmp_path, every=10)], [(10, LOGS | {"generator/loss": float(n)}) for n in range(5)])
    if torn:
        (path,) = tmp_path.iterdir()
        path.write_bytes(path.read_bytes()[:-3])
    resumed = TensorBoard(tmp_path, every=20)
    seen = []
    chunks = [lambda: seen.extend(points(tmp_path, "losses/generator")), (20, LOGS | {"generator/loss": 9.0})]
    play([resumed], chunks, global_step=20)
    assert seen == [(10, 0.0), (20, 1.0)]
    assert points(tmp_path, "losses/generator") == [(10, 0.0), (20, 1.0), (40, 9.0)]
    assert len(points(tmp_path, "flags")) == 1


def test_a_new_run_removes_old_events(tmp_path, play):
    for text in ("first", "second"):
        play([TensorBoard(tmp_path, every=10, settings_text=text)], [(10, LOGS)])
    assert points(tmp_path, "losses/generator") == [(10, 0.5)]
    assert points(tmp_path, "flags") == [(0, b"    second")]


def test_cut_back_returns_the_tags_that_stay(tmp_path, play):
    assert cut_back(tmp_path / "missing", 10) == set()
    play([TensorBoard(tmp_path, every=10)], [(10, LOGS)])
    (tmp_path / "notes").write_text("mine")
    assert cut_back(tmp_path, 5) == {"flags"}
    assert cut_back(tmp_path, -1) == set()
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]


def test_cut_back_on_a_full_disk_changes_nothing(tmp_path, play, full_disk):
    play([TensorBoard(tmp_path, every=10)], [(10, LOGS)])
    (path,) = tmp_path.iterdir()
    before = path.read_bytes()
    with full_disk(100), pytest.raises(StorageError, match=r"events\.out\.tfevents\..* could not be written: "):
        cut_back(tmp_path, 10)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {path.name: before}


def test_folder_that_cannot_be_made(tmp_path, play):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StorageError, match="file/tensorboard could not be written: "):
        play([TensorBoard(tmp_path / "file" / "tensorboard", every=10)], [])


def test_cadence_is_checked(tmp_path):
    with pytest.raises(ValueError, match="every is -5"):
        TensorBoard(tmp_path, every=-5)
