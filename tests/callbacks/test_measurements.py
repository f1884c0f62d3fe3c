"""Measurements of the averaged generator, the best step, and mode collapse."""

import io

import numpy as np
import pytest

from tfgan2.callbacks.measurements import Measurements
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.progress import Progress
from tfgan2.data.kinds import POINTS
from tfgan2.data.points import PointSet
from tfgan2.data.scaling import Scaling
from tfgan2.data.synthetic import grid25, ring8, swiss_roll
from tfgan2.errors import NonFiniteError
from tfgan2.evaluation.panel import Panel, panel_for

GRID = grid25(points_per_mode=100)
PANEL = panel_for(GRID)
SCALING = Scaling(-4.0, 8.0)


def at_modes(count):
    """Points in the range of the networks, equally distributed over the first `count` modes."""
    return SCALING.to_network(GRID.centers[:count])


@pytest.fixture
def log(tmp_path):
    return MetricsLog(tmp_path / "metrics.jsonl", every=0)


def moves_to(game, count):
    def move():
        game.points = at_modes(count)

    return move


def test_a_mode_is_covered_as_in_the_paper():
    # Of 2,000 samples, 19 and 20 are at two modes, and the others at a third mode.
    found = PANEL.measure(np.repeat(GRID.centers[:3], [19, 20, 1961], axis=0))
    assert (found["registered_modes"], found["registered_points"]) == (2, 2000)
    # The equal share of 2,000 samples over 100 modes is 20, and a quarter of it is 5.
    many = PointSet("many", np.zeros((1, 1)), np.arange(100.0)[:, None], 0.01)
    padded = np.concatenate([np.repeat(many.centers[:2], [4, 5], axis=0), np.full((1991, 1), 50.0)])
    assert panel_for(many).measure(padded)["registered_modes"] == 2
    ring = ring8(points_per_mode=10)
    assert panel_for(ring).measure(np.repeat(ring.centers, 250, axis=0))["registered_modes"] == 8


def test_point_sets_without_modes(log, play):
    without_std = PointSet("npz:mine", GRID.samples, GRID.centers, None)
    assert panel_for(swiss_roll(point_count=10)) is None and panel_for(without_std) is None
    coverage = Measurements(None, SCALING, every=10, log=log)
    play([coverage], [(10, {})], points=at_modes(25))
    assert coverage.history == [] and log.lines() == [] and coverage.shown() is None


def test_measures_the_average_at_the_cadence_and_at_the_end(log, play, board):
    coverage = Measurements(PANEL, SCALING, every=10, seed=1, log=log, board=board)
    play([coverage], [(10, {}), (5, {}), (5, {}), (3, {})], points=at_modes(20))
    assert coverage.history == [(10, 20), (20, 20), (23, 20)]
    lines = log.lines()
    assert [(line["step"], line["kind"]) for line in lines] == [(step, "evaluation") for step in (10, 20, 23)]
    values = lines[0]["values"]
    # 20 modes have 100 samples each: |25 * 100 / 2000 - 1| = .25. For the other modes the value is 1.
    # Of the five missed modes there are no samples, and at the others no width.
    quality = {"quality_at_coverage": 0.0, "within_3_std": 1.0, "balance": pytest.approx(0.8, abs=0.02)}
    quality |= dict.fromkeys(("width_large", "width_small", "width_match"), 0.0)
    quality |= {f"modes_within_{radius}_std": 20.0 for radius in (1, 2, 3, 5, 10, 20)}
    distance = values.pop("coverage/sliced_wasserstein")
    assert 0 < distance < 40
    assert values == {f"coverage/{name}": value for name, value in quality.items()} | {
        "coverage/registered_modes": 20.0,
        "coverage/registered_points": 2000.0,
        "coverage/total_variation_true": 1.0,
        "coverage/total_variation_differential": 1.0,
        "coverage/total_variation": pytest.approx(0.2),
        "coverage/collapsed": 0.0,
    }
    assert board.points[0] == (10, values | {"coverage/sliced_wasserstein": distance}) and len(board.points) == 3


def test_end_is_not_measured_twice_nor_after_a_stop(log, play, game):
    coverage = Measurements(PANEL, SCALING, every=10, log=log)
    play([coverage], [(10, {})], points=at_modes(20))
    assert coverage.history == [(10, 20)]
    stopped = game(points=at_modes(20))

    def stop():
        stopped.stop_training = True

    coverage = Measurements(PANEL, SCALING, every=10, log=log)
    play([coverage], [(13, {}), stop], game=stopped)
    assert coverage.history == []


def test_cadence_0_measures_nothing(log, play):
    play([Measurements(PANEL, SCALING, every=0, log=log)], [(10, {})], points=at_modes(20))
    assert log.lines() == []


def test_collapse_is_logged_while_it_lasts(log, play, game):
    played = game(points=at_modes(20))
    chunks = [(10, {})]
    for count in (11, 10, 4, 12, 9):
        chunks += [moves_to(played, count), (10, {})]
    coverage = Measurements(PANEL, SCALING, every=10, log=log)
    play([coverage], chunks, game=played)
    assert [modes for _, modes in coverage.history] == [20, 11, 10, 4, 12, 9]
    assert [line["values"]["coverage/collapsed"] for line in log.lines()] == [0, 0, 1, 1, 0, 1]


def test_no_collapse_from_a_few_modes(log, play, game):
    played = game(points=at_modes(6))
    play([Measurements(PANEL, SCALING, every=10, log=log)], [(10, {}), moves_to(played, 1), (10, {})], game=played)
    assert [line["values"]["coverage/collapsed"] for line in log.lines()] == [0, 0]


def test_progress_shows_covered_modes(log, play, game):
    stream = io.StringIO()
    progress = Progress(train_steps=30, every=10, stream=stream)
    played = game(points=at_modes(20))
    coverage = Measurements(PANEL, SCALING, every=10, log=log, progress=progress)
    play([coverage, progress], [(10, {}), (10, {}), moves_to(played, 5), (10, {})], game=played)
    lines = stream.getvalue().splitlines()
    assert lines[0].endswith("20/25 modes") and lines[1].endswith("5/25 modes")


def test_best_step(log, play, game):
    played = game(points=at_modes(20))
    chunks = [(10, {}), moves_to(played, 22), (10, {}), (10, {}), moves_to(played, 5), (10, {})]
    coverage = Measurements(PANEL, SCALING, every=10, log=log, best_metric="registered_modes")
    play([log, coverage], chunks, game=played)
    resumed = Measurements(PANEL, SCALING, every=10, log=log, best_metric="total_variation")
    play([resumed], [], game=game(40, at_modes(5)))
    for best_of in (coverage.best_of, resumed.best_of):
        assert best_of([10, 20, 30, 40]) == 20  # The earliest of equal values.
        assert best_of([40, 30, 10]) == 30 and best_of([10, 40]) == 10 and best_of([15]) is None and best_of([]) is None
    assert Measurements(PANEL, SCALING, every=10, log=log).best_of([10]) is None


def test_weights_that_are_not_finite_are_not_measured(log, play):
    with pytest.raises(NonFiniteError, match=r"^a point is not finite\.$"):
        play([Measurements(PANEL, SCALING, every=10, log=log)], [(10, {})], points=np.full((3, 2), np.nan))
    assert log.lines() == []


def test_a_value_that_is_not_finite_ends_the_training(log, play):
    panel = Panel(POINTS, 0, None, 100, {}, lambda samples, reconstruct, rows_of: {"fid": float("nan")})
    with pytest.raises(NonFiniteError, match=r"^coverage/fid is not finite after step 9\.$"):
        play([Measurements(panel, SCALING, every=10, log=log)], [(10, {})], points=at_modes(3))
    assert log.lines() == []


def test_a_panel_without_modes(log, play, game):
    best = {"fid": float("-inf")}
    panel = Panel(POINTS, 0, None, 100, best, lambda samples, reconstruct, rows_of: {"fid": len(log.lines())})
    stream = io.StringIO()
    progress = Progress(train_steps=20, every=10, stream=stream)
    coverage = Measurements(panel, SCALING, every=10, log=log, progress=progress, best_metric="fid")
    play([coverage, progress], [(10, {}), (10, {})], points=at_modes(2))
    assert [line["values"] for line in log.lines()] == [{"coverage/fid": 0}, {"coverage/fid": 1}]
    assert coverage.history == [] and coverage.shown() is None and coverage.best_of([10, 20]) == 10
    assert "modes" not in stream.getvalue()
    resumed = Measurements(panel, SCALING, every=10, log=log, progress=progress, best_metric="fid")
    play([resumed], [], game=game(20, at_modes(2)))
    assert resumed.best_of([10, 20]) == 10


def test_similarities_are_averaged_over_twenty_measurements(log, play, game):
    # The values are 1, 2, 3 and so on. The mean of the first 20 is 10.5, and each later mean is larger by 1, also after
    # a resume.
    best = {"ssim": 1.0}
    panel = Panel(POINTS, 0, None, 100, best, lambda samples, reconstruct, rows_of: {"ssim": len(log.lines()) + 1})
    play([Measurements(panel, SCALING, every=10, log=log)], [(10, {})] * 21, points=at_modes(2))
    play([Measurements(panel, SCALING, every=10, log=log)], [(10, {})], game=game(210, at_modes(2)))
    averages = [line["values"].get("coverage/ssim_average") for line in log.lines()]
    assert averages == [None] * 19 + [10.5, 11.5, 12.5]


def test_a_resumed_run_has_earlier_measurements(log, play, game):
    play([log, Measurements(PANEL, SCALING, every=10, log=log)], [(10, {}), (10, {}), (10, {})], points=at_modes(20))
    coverage = Measurements(PANEL, SCALING, every=10, log=log)
    # The log still has lines after step 20 when the measurements begin.
    play([coverage, log], [(10, {})], game=game(20, at_modes(8)))
    assert coverage.history == [(10, 20), (20, 20), (30, 8)]
    assert log.lines()[-1]["values"]["coverage/collapsed"] == 1


def test_cadence_is_checked(log):
    with pytest.raises(ValueError, match="every is -5"):
        Measurements(PANEL, SCALING, every=-5, log=log)
