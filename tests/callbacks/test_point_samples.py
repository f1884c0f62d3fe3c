"""Pictures of generated points: their steps, their points, their titles, and resumed runs."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.callbacks import point_samples
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.pictures import LastPicture
from tfgan2.callbacks.point_samples import PointSamples
from tfgan2.data.points import PointSet
from tfgan2.data.scaling import Scaling
from tfgan2.data.synthetic import grid25
from tfgan2.errors import SettingWarning
from tfgan2.evaluation.held_out_gap import HeldOutGap

GRID = grid25(points_per_mode=20)
SCALING = Scaling(-4.0, 8.0)
POINTS = SCALING.to_network(GRID.centers)


@pytest.fixture
def drawn(monkeypatch):
    """Records the arguments of each picture without drawing it."""
    calls = []

    def record_film(frames, real):
        calls.append(([at for at, _ in frames], frames))

    monkeypatch.setattr(point_samples, "points_picture", lambda *given, **named: calls.append((given, named)))
    monkeypatch.setattr(point_samples, "filmstrip", record_film)
    monkeypatch.setattr(point_samples, "pixels", lambda figure: np.zeros((2, 2, 3), np.uint8))
    return calls


def log_in(folder):
    return MetricsLog(folder / "metrics.jsonl", every=0)


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_pictures_are_drawn(tmp_path, play, board):
    play([PointSamples(tmp_path, GRID, SCALING, every=10, count=100, board=board)], [(10, {})], points=POINTS)
    names = ["step_0000000.npz", "step_0000000.png", "step_0000010.npz", "step_0000010.png"]
    assert files(tmp_path) == ["evolution.png", *names]
    shapes = {name: tf.io.decode_png((tmp_path / name).read_bytes()).shape[:2] for name in names[1::2]}
    assert [(step, name) for step, name, _ in board.images] == [(0, "samples"), (10, "samples"), (10, "evolution")]
    shown = board.images[1][2]
    assert shown.shape == (*shapes["step_0000010.png"], 3) and shown.dtype == np.uint8


def test_a_single_mode_is_not_counted_in_titles(tmp_path, play, drawn):
    alone = PointSet("alone", np.zeros((50, 2), np.float32), np.zeros((1, 2), np.float32), 0.1)
    play([PointSamples(tmp_path, alone, SCALING, every=10, count=10)], [(10, {})], points=POINTS)
    assert [named["title"] for _, named in drawn[:2]] == ["alone, step 0", "alone, step 10"]


def test_cadence_end_and_title(tmp_path, play, drawn):
    play(
        [PointSamples(tmp_path, GRID, SCALING, every=10, count=50)],
        [(10, {}), (5, {}), (5, {}), (3, {})],
        points=POINTS,
    )
    steps = [0, 10, 20, 23]
    assert files(tmp_path) == sorted(
        ["evolution.png", *(f"step_{s:07d}.{end}" for s in steps for end in ("npz", "png"))]
    )
    assert [named["title"] for _, named in drawn[:4]] == [f"grid25, step {s}: 25 of 25 modes" for s in steps]
    assert drawn[4][0] == [f"step {s}: 25 of 25 modes" for s in steps]


def test_points_are_those_of_the_average_in_data_units(tmp_path, play, drawn):
    play([PointSamples(tmp_path, GRID, SCALING, every=10, count=25)], [(10, {})], points=POINTS)
    with np.load(tmp_path / "step_0000010.npz", allow_pickle=False) as archive:
        points = archive["points"]
    assert points.dtype == np.float32
    np.testing.assert_allclose(points, GRID.centers, atol=1e-5)
    (real, fake), _ = drawn[0]
    np.testing.assert_array_equal(fake, points)
    assert real is GRID.samples


def test_probability_is_that_of_the_score(tmp_path, play, drawn):
    play([PointSamples(tmp_path, GRID, SCALING, every=10)], [(10, {})], points=POINTS)
    discriminator = drawn[0][1]["discriminator"]
    # The point (4, 0) is (1, .5) in the range of the networks. The score here is the sum, so D is sigmoid(1.5).
    np.testing.assert_allclose(discriminator(tf.constant([[4.0, 0.0]])), [[1 / (1 + np.exp(-1.5))]], rtol=1e-6)


def test_games_without_score(tmp_path, play, game, drawn):
    class Unscored(game):
        score = property()

    play([PointSamples(tmp_path, GRID, SCALING, every=10)], [(10, {})], game=Unscored(points=POINTS))
    assert drawn[0][1]["discriminator"] is None


def test_point_sets_without_modes_have_plain_titles(tmp_path, play, drawn):
    plain = GRID._replace(name="npz:mine", centers=None, std=None)
    play([PointSamples(tmp_path, plain, SCALING, every=1000)], [(12_000, {})], points=POINTS)
    assert [named["title"] for _, named in drawn[:2]] == ["npz:mine, step 0", "npz:mine, step 12,000"]


def test_evolution_spans_a_resume(tmp_path, play, drawn):
    def callback():
        return PointSamples(tmp_path, GRID, SCALING, every=10, count=25)

    play([callback()], [(10, {}), (10, {}), (10, {})], points=POINTS)
    drawn.clear()
    play([callback()], [(5, {})], global_step=20, points=POINTS)  # The run is shorter. Step 30 is not part of it.
    assert [named["title"].split(":")[0] for _, named in drawn[:-1]] == ["grid25, step 25"]
    assert [title.split(":")[0] for title in drawn[-1][0]] == ["step 0", "step 10", "step 20", "step 25"]


@pytest.mark.parametrize("damage", [lambda whole: whole[:60], lambda whole: b"", lambda whole: whole[:-40] + bytes(40)])
def test_evolution_leaves_out_what_cannot_be_read(tmp_path, play, drawn, damage):
    callback = PointSamples(tmp_path, GRID, SCALING, every=10, count=25)
    play([callback], [(10, {}), (10, {})], points=POINTS)
    path = tmp_path / "step_0000010.npz"
    path.write_bytes(damage(path.read_bytes()))
    message = r"step_0000010\.npz is damaged; evolution\.png shows the other steps"
    with pytest.warns(SettingWarning, match=message):
        play([callback], [(5, {})], global_step=20, points=POINTS)
    assert [title.split(":")[0] for title in drawn[-1][0]] == ["step 0", "step 20", "step 25"]


def test_complete_run_is_left_alone(tmp_path, play, drawn):
    play([PointSamples(tmp_path, GRID, SCALING, every=10)], [(15, {})], points=POINTS)
    drawn.clear()
    play([PointSamples(tmp_path, GRID, SCALING, every=10)], [], global_step=15, points=POINTS)
    assert drawn == []
    # The run was killed after its last checkpoint and before its last pictures. These are drawn now.
    for name in ("step_0000015.npz", "evolution.png"):
        (tmp_path / name).unlink()
    play([PointSamples(tmp_path, GRID, SCALING, every=10)], [], global_step=15, points=POINTS)
    assert len(drawn) == 2 and (tmp_path / "evolution.png").exists()


@pytest.mark.parametrize("at", [10, 15])
def test_stopped_run_gets_its_last_pictures_after_the_checkpoint(tmp_path, play, game, drawn, at):
    stopped = game(points=POINTS)

    class Saving(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            self.seen = files(tmp_path)

    def stop():
        stopped.stop_training = True

    pictures, saving = PointSamples(tmp_path, GRID, SCALING, every=10, log=log_in(tmp_path)), Saving()
    chunks = [(10, {}), *[(5, {})] * (at == 15), stop]
    play([pictures, saving, LastPicture(pictures)], chunks, game=stopped)
    pictures_of = lambda steps: {f"step_{step:07d}.{end}" for step in steps for end in ("npz", "png")}  # noqa: E731
    assert set(saving.seen) == pictures_of([0, 10]) | {"metrics.jsonl"}
    assert set(files(tmp_path)) == pictures_of([0, 10, at]) | {"metrics.jsonl", "evolution.png"}
    # A run that was never stopped has no line there.
    assert [(line["step"], line["kind"]) for line in log_in(tmp_path).lines()] == [(10, "health")]


def test_a_run_that_ends_draws_its_last_picture_once(tmp_path, play, drawn):
    pictures = PointSamples(tmp_path, GRID, SCALING, every=10)
    play([pictures, LastPicture(pictures)], [(10, {})], points=POINTS)
    assert len(drawn) == 3


def test_health_of_the_points(tmp_path, play):
    pictures = PointSamples(tmp_path, GRID, SCALING, every=10, count=100, log=log_in(tmp_path))
    play([pictures], [(10, {}), (5, {})], points=POINTS)
    assert [(line["step"], list(line["values"])) for line in log_in(tmp_path).lines()] == [
        (10, ["health/spread"]),
        (15, ["health/spread"]),
    ]
    assert log_in(tmp_path).lines()[0]["values"]["health/spread"] == pytest.approx(1.0, abs=0.1)


def test_place_of_held_out_points(tmp_path, play):
    # The score is the sum of the coordinates in the range of the networks. The mean of generated points is (0, 0).
    training, held_out = np.full((5, 2), 4.0), np.full((5, 2), 1.0)
    gap = HeldOutGap(GRID.kind, training, held_out)
    pictures = PointSamples(tmp_path, GRID, SCALING, every=10, log=log_in(tmp_path), held_out=gap)
    play([pictures], [(10, {})], points=POINTS)
    assert log_in(tmp_path).lines()[0]["values"]["health/held_out_gap"] == pytest.approx(0.75, abs=0.05)


def test_cadence_0_draws_nothing(tmp_path, play, drawn):
    play([PointSamples(tmp_path, GRID, SCALING, every=0)], [(10, {})], points=POINTS)
    assert drawn == [] and files(tmp_path) == []


def test_cadence_is_checked(tmp_path):
    with pytest.raises(ValueError, match="every is -5"):
        PointSamples(tmp_path, GRID, SCALING, every=-5)
