"""--callback: Keras callbacks of a user's own are called during training, and what they may lack."""

import json
import sys
from pathlib import Path

import pytest

MODULE = '''
import json
import keras

class Notes(keras.callbacks.Callback):
    """Writes what it is called with."""

    def on_train_begin(self, logs=None):
        self.lines = [["begin", self.model.global_step]]

    def on_train_batch_end(self, batch, logs=None):
        self.lines.append([batch, sorted(logs)])

    def on_test_end(self, logs=None):
        self.lines.append([self.model.global_step, sorted(logs)])

    def on_train_end(self, logs=None):
        with open("notes.json", "w") as file:
            json.dump(self.lines, file)

class Stop(keras.callbacks.Callback):
    """Finishes the run at step 20."""

    def on_train_batch_end(self, batch, logs=None):
        self.model.finish_training = batch >= 20

def fails():
    raise KeyError("no server")

def makes_a_list():
    return []

def needs(project):
    return Notes()
'''


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The working directory with the module my_notes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    Path("my_notes.py").write_text(MODULE)
    sys.modules.pop("my_notes", None)
    yield tmp_path
    sys.modules.pop("my_notes", None)


ARGV = ("--method=standard_gan", "--train_steps=40", "--evaluate_every=0", "--sample_every=0", "--workdir=w")


def test_callbacks_get_the_scores_of_each_evaluation(here, fast, call):
    ended = call("train", *fast, *ARGV, "--evaluate_every=20", "--train_steps=30", "--callback=my_notes:Notes")
    assert ended.code == 0, ended.err
    _, *lines = json.loads(Path("notes.json").read_text())
    kinds = [(step, "scores" if "coverage/registered_modes" in names else "losses") for step, names in lines]
    assert kinds[-4:] == [(20, "scores"), (20, "losses"), (30, "losses"), (30, "scores")]
    assert [step for step, kind in kinds if kind == "scores"] == [20, 30]


def test_callbacks_are_called_and_can_end_the_run(here, fast, call):
    ended = call("train", *fast, *ARGV, "--callback=my_notes:Notes", "--callback=my_notes:Stop")
    assert ended.code == 0, ended.err
    assert (
        "ended before step 40; the same command trains on" in ended.out
        and "--callback=my_notes:Notes,my_notes:Stop" in Path("w/flags.cfg").read_text()
    )
    first, *steps = json.loads(Path("notes.json").read_text())
    assert first == ["begin", 0] and [step for step, _ in steps][-2:] == [10, 20]
    assert all("generator/loss" in names for _, names in steps)
    ended = call("train", *fast, *ARGV, "--callback=my_notes:Notes")
    assert ended.code == 0 and json.loads(Path("notes.json").read_text())[0] == ["begin", 20]
    sys.modules.pop("my_notes")
    Path("my_notes.py").unlink()
    assert call("sample", "--workdir=w", "--output=s.npz").code == 0  # It runs no code of the user.


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("my_notes", "--callback=my_notes is not of the form module:attribute"),
        ("my_nots:Notes", "--callback=my_nots:Notes: there is no module 'my_nots'"),
        (
            "my_notes:Note",
            "module 'my_notes' has no class or function 'Note'; did you mean Notes?",
        ),
        ("my_notes:fails", "--callback=my_notes:fails failed: KeyError: 'no server'"),
        (
            "my_notes:needs",
            "--callback=my_notes:needs failed: TypeError: needs() missing 1 required",
        ),
        (
            "my_notes:makes_a_list",
            "--callback=my_notes:makes_a_list makes list; it must make a keras",
        ),
    ],
)
def test_refused(name, message, here, fast, call):
    ended = call("train", *fast, *ARGV, f"--callback={name}")
    assert (ended.code, ended.out) == (2, "") and message in ended.err
    assert not Path("w").exists()
