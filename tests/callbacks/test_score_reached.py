"""The end of a run at a score, in the log and on the terminal, and what a run that continues makes of it."""

import pytest

from tfgan2.callbacks.diagnosis import Diagnosis
from tfgan2.callbacks.metrics_log import MetricsLog
from tfgan2.callbacks.score_reached import ScoreReached
from tfgan2.flags.stopping import condition_of

NOTE = "registered_modes is 8 at step 300: registered_modes>=8 is reached."


@pytest.fixture
def run(tmp_path, play, game):
    """(text of a condition, numbers of modes at steps 100, 200, ..., game) -> (game, its callbacks)."""

    def run(text, modes, played=None):
        played = played or game()
        log = MetricsLog(tmp_path / "metrics.jsonl", every=0)
        stop = ScoreReached(condition_of(text), log, train_steps=10_000)
        diagnosis = Diagnosis(log, train_steps=10_000, epochs_per_step=0.0)
        chunks, reached = [], []
        for count in modes:
            values = {} if count is None else {"coverage/registered_modes": count}
            chunks += [(100, {}), lambda values=values: log.write(played.global_step, "evaluation", values)]
            chunks += [lambda: reached.append(played.finish_training)]
        play([log, stop, diagnosis], chunks, game=played)
        return played, log, diagnosis, reached

    return run


def notes_of(log):
    return [(line["step"], line["values"]) for line in log.lines() if line["kind"] == "warning"]


def test_it_ends_the_run_at_the_first_evaluation_that_meets_it(run, capsys):
    _, log, diagnosis, reached = run("registered_modes >= 8", [3, None, 8])
    assert reached == [False, False, True]
    assert notes_of(log) == [
        (300, {"name": "score_reached", "level": "note", "active": True, "text": NOTE, "advice": ""})
    ]
    assert diagnosis.findings == {"score_reached": NOTE}
    assert capsys.readouterr().err == f"note: {NOTE}\n"


def test_an_ended_run_stays_so_and_another_condition_trains_on(run, game, capsys):
    run("registered_modes>=8", [3, 7, 8])
    capsys.readouterr()
    again, log, diagnosis, _ = run("registered_modes>=8", [], game(300))
    assert again.finish_training and len(notes_of(log)) == 1 and diagnosis.findings == {"score_reached": NOTE}
    assert capsys.readouterr().err == ""
    more, log, _, reached = run("registered_modes>=9", [8, 9], game(300))
    assert reached == [False, True] and more.global_step == 500 and [step for step, _ in notes_of(log)] == [300, 500]


def test_a_later_start_is_judged_by_the_last_evaluation(run, game):
    run("registered_modes>=9", [8, 7])
    assert not run("registered_modes>=8", [], game(200))[0].finish_training
    met, log, _, _ = run("registered_modes<8", [], game(200))
    assert met.finish_training and notes_of(log)[0][1]["text"].startswith("registered_modes is 7 at step 200: ")


def test_phases_before_the_last_do_not_count(run, game):
    class Growing(game):
        def schedule(self, train_steps):
            return [(1, 200), (2, train_steps)]

    _, log, _, reached = run("registered_modes>=8", [8, 8, 8], Growing())
    assert reached == [False, False, True] and [step for step, _ in notes_of(log)] == [300]
