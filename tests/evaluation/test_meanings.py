"""The meanings of scores: whole sentences, with the best value that the score has."""

import math

from tfgan2.evaluation.meanings import MEANINGS, meaning_of
from tfgan2.evaluation.scores import SCORES


def test_meanings_are_sentences():
    assert len(MEANINGS) > 25
    assert all(text.endswith(".") for text, _ in MEANINGS.values())


def test_the_best_value_is_that_of_the_score():
    words = {math.inf: "high", -math.inf: "low"}
    distances = {"fd": "fd-classifier-digits", "kd": "kd-pixels-digits"}
    for score in SCORES.values():
        for name, best in score.best.items():
            found = meaning_of(distances.get(name, name)).best
            # The kernel distance of equal distributions is around 0, and of samples it may be below.
            assert found == words.get(best, f"{best:g}"), name


def test_unknown_scores():
    assert meaning_of("my_score") == ("", "") and meaning_of("precision_2") == ("", "")
