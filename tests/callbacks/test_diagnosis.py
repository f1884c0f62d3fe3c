"""Warnings once until they change, in the log, on the board and on the terminal; and the end of a flat run."""

import io

import pytest

from tfgan2.callbacks.diagnosis import Diagnosis
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.progress import Progress
from tfgan2.data.kinds import POINTS
from tfgan2.evaluation.panel import Panel

APART = {
    "discriminator/real_called_real": 1.0,
    "discriminator/fake_called_real": 0.0,
    "discriminator/real_probability": 0.99,
    "discriminator/fake_probability": 0.01,
    "generator/loss": 8.0,
    "generator/gradient_norm": 1.0,
}
BALANCED = APART | {"discriminator/real_called_real": 0.8, "discriminator/fake_called_real": 0.2}
PANEL = Panel(POINTS, 8, "registered_modes", 10, {"registered_modes": float("inf")}, None)
WON = "warning: the discriminator has won since step 200: it is right about 100.0% of the samples, and the generator"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "metrics.jsonl"


def callbacks(path, **options):
    log = MetricsLog(path, every=100)
    options = {"train_steps": 10_000, "epochs_per_step": 0.0} | options
    return [log, Diagnosis(log, **options)]


def chunks(count, logs):
    return [(100, logs)] * count


def warnings_in(path):
    return [(line["step"], line["values"]) for line in MetricsLog(path, every=0).lines() if line["kind"] == "warning"]


def test_a_warning_is_given_once_until_it_changes(path, play, board, capsys):
    log, diagnosis = callbacks(path, board=board)
    play([log, diagnosis], chunks(12, APART) + chunks(8, BALANCED) + chunks(20, APART))
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["warning", "note", "warning"]
    assert lines[0].startswith(WON.replace("200", "0")) and "Start again with a lower learning rate" in lines[0]
    assert lines[1] == "note: the discriminator no longer wins."
    (began, first), (over, second), (_, third) = warnings_in(path)
    assert (began, over) == (800, 1500)
    assert list(first) == ["name", "level", "active", "text", "advice"]
    assert (first["name"], first["level"], first["active"]) == ("discriminator_won", "warning", True)
    assert (second["active"], second["advice"]) == (False, "") and third["active"]
    assert list(diagnosis.findings) == ["discriminator_won"]
    shown = [values["warnings/discriminator_won"] for _, values in board.points]
    assert shown[:7] == [0] * 7 and shown[7:14] == [1] * 7 and shown[14] == 0 and shown[-1] == 1


@pytest.mark.parametrize("stop", [5, 9, 13, 14, 25])
def test_a_resumed_run_says_what_an_unbroken_one_says(path, tmp_path, play, stop):
    played = chunks(12, APART) + chunks(8, BALANCED) + chunks(20, APART)
    play(callbacks(path), played)
    broken = tmp_path / "broken.jsonl"
    play(callbacks(broken), played[: stop + 2])  # The last two chunks are lost.
    play(callbacks(broken), played[stop:], global_step=100 * stop)
    assert warnings_in(broken) == warnings_in(path) and len(warnings_in(path)) == 3


def test_progress_shows_the_warning_above_the_bar(path, play):
    stream = io.StringIO()
    progress = Progress(train_steps=10_000, every=0, stream=stream)
    play([*callbacks(path, progress=progress), progress], chunks(12, APART))
    assert stream.getvalue().startswith(WON.replace("200", "0")) and stream.getvalue().count("\n") == 1


def test_health_of_the_samples_is_on_the_board(path, play, board, capsys):
    log, diagnosis = callbacks(path, board=board)
    draw = [lambda: log.write(700, "health", {"health/spread": 0.1, "health/nearest": 0.2})] * 3
    play([log, diagnosis], [*chunks(7, BALANCED), *draw])
    assert board.points[-1] == (
        700,
        {"warnings/samples_alike": 1.0, "warnings/training_copied": 0.0, "health/spread": 0.1, "health/nearest": 0.2},
    )
    assert capsys.readouterr().err.startswith("warning: the generated samples are alike")


def evaluated(log, game, values):
    """Chunks of 100 steps with an evaluation after each."""
    played = []
    for value in values:
        played += [(100, BALANCED), lambda value=value: log.write(game.global_step, "evaluation", value)]
    return played


def modes(*counts):
    return [{"coverage/registered_modes": count, "coverage/collapsed": 0.0} for count in counts]


@pytest.mark.parametrize("stops", [False, True])
def test_a_flat_run_ends_early_if_the_user_asks(path, play, game, capsys, stops):
    played = game()
    log, diagnosis = callbacks(path, panel=PANEL, stops_when_flat=stops)
    play([log, diagnosis], evaluated(log, played, modes(1, 3, 5, 7, 8, *[8] * 30)), game=played)
    (step, note), *_ = [found for found in warnings_in(path) if found[1]["name"] == "not_improving"]
    assert note["text"].startswith("flat since step ") and note["level"] == "note"
    assert "improving" not in diagnosis.findings
    assert played.finish_training == stops and "note: flat since step " in capsys.readouterr().err
    # A run that was ended stays so, until the user asks for more.
    again = game(played.global_step)
    play(callbacks(path, panel=PANEL, stops_when_flat=stops), [], game=again)
    assert again.finish_training == stops and step <= played.global_step


def test_a_flat_phase_that_is_not_the_last_ends_nothing(path, play, game):
    class Growing(game):
        def schedule(self, train_steps):
            return [(1, 2000), (2, train_steps)]

    played = Growing()
    log, diagnosis = callbacks(path, panel=PANEL, stops_when_flat=True)
    play([log, diagnosis], evaluated(log, played, modes(2, 5, *[8] * 18)), game=played)
    assert "not_improving" in diagnosis.findings and not played.finish_training
    # In the next phase the evaluations count anew.
    play([log], evaluated(log, played, modes(*[8] * 9)), game=played)
    assert not played.finish_training


def test_modes_lost_and_found(path, play, game, capsys):
    played = game()
    log, diagnosis = callbacks(path, panel=PANEL)
    lost = [{"coverage/registered_modes": 2, "coverage/collapsed": 1.0}]
    play([log, diagnosis], evaluated(log, played, modes(8) + lost + modes(8, 8, 8)), game=played)
    first, last = [line for line in capsys.readouterr().err.splitlines() if "mode" in line]
    assert first.startswith("warning: mode collapse: covered modes fell from 8 at step 100 to 2 of 8 at step 200.")
    assert last == "note: the modes are covered again."
