"""The progress on a terminal and in a file."""

import io
import os
import re
import termios

import pytest

from tfgan2.callbacks.progress import Progress

LOGS = {
    "generator/loss": 0.69314,
    "discriminator/loss": 1.38629,
    "autoencoder/loss": 0.5,
    "other/loss": 3.0,
    "x/y": 1.0,
}


class Terminal(io.StringIO):
    """Records all output. Its size is that of a real terminal device."""

    encoding = "utf-8"

    def __init__(self, device):
        super().__init__()
        self._device = device

    def fileno(self):
        return self._device

    def isatty(self):
        return True

    def frames(self):
        """The visible lines in the order of drawing."""
        drawn = re.split(r"[\r\n]+", re.sub(r"\x1b\[\d*\w", "", self.getvalue()))
        return [frame.rstrip() for frame in drawn if frame.strip()]


@pytest.fixture
def terminal():
    """Function that returns a terminal with a given number of columns."""
    devices = []

    def made(columns):
        devices.extend(os.openpty())
        termios.tcsetwinsize(devices[-1], (25, columns))
        return Terminal(devices[-1])

    yield made
    for device in devices:
        os.close(device)


@pytest.fixture
def clock(monkeypatch):
    """The clock of the bar, which the test sets."""
    now = [1e9]
    monkeypatch.setattr("tqdm.std.time", lambda: now[0])
    monkeypatch.setattr("tfgan2.callbacks.time_left.time.perf_counter", lambda: now[0])
    return now


def test_lines_where_there_is_no_terminal(play):
    stream = io.StringIO()
    progress = Progress(train_steps=100, every=40, stream=stream)
    chunks = [(20, LOGS), (20, LOGS | {"generator/loss": 0.7}), lambda: progress.show("3/25 modes"), (60, LOGS)]
    play([progress], chunks)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    pattern = r"step 40/100 \(40%\)  \S+ steps/s, \d\d:\d\d left  D 1.39  G 0.697  AE 0.5  other 3"
    assert re.fullmatch(pattern, lines[0])
    pattern = r"step 100/100 \(100%\)  \S+ steps/s, 00:00 left  3/25 modes  D 1.39  G 0.693  AE 0.5  other 3"
    assert re.fullmatch(pattern, lines[1])


def test_about_twenty_lines_by_default(play):
    stream = io.StringIO()
    play([Progress(train_steps=1000, stream=stream)], [(7, LOGS)] * 142 + [(6, LOGS)])
    assert (
        len(stream.getvalue().splitlines()) == 18
    )  # One line per 8 chunks of 7 steps, as 56 is the first multiple above 50, and a last line.
    assert "\r" not in stream.getvalue()


def test_first_chunk_gets_no_line_unless_it_is_the_last(play):
    stream = io.StringIO()
    play([Progress(train_steps=30, every=10, stream=stream)], [(10, LOGS), (10, LOGS), (10, LOGS)])
    assert [line.split()[1] for line in stream.getvalue().splitlines()] == ["20/30", "30/30"]
    play([Progress(train_steps=10, every=10, stream=stream)], [(10, LOGS)])
    assert stream.getvalue().splitlines()[-1].startswith("step 10/10 (100%)")


def test_cadence_0_writes_no_lines(play):
    stream = io.StringIO()
    play([Progress(train_steps=10, every=0, stream=stream)], [(10, LOGS)])
    assert stream.getvalue() == ""


def test_standard_error_by_default(play, capsys):
    play([Progress(train_steps=10)], [(10, LOGS)])
    captured = capsys.readouterr()
    assert captured.err.startswith("step 10/10") and captured.out == ""


def test_bar_on_a_terminal(play, terminal):
    stream = terminal(130)
    progress = Progress(train_steps=100, stream=stream)

    def middle():
        progress.show("3/25 modes")
        progress.write("a warning")

    play([progress], [(20, LOGS), (30, LOGS), middle, (50, LOGS)])
    frames = stream.frames()
    assert frames[0] == "0/100  compiling, then the first steps"
    assert "a warning" in frames
    pattern = r"100%\|█{30}\| 100/100  .* steps/s, 00:00 left, 3/25 modes  D 1.39  G 0.693  AE 0.5  other 3"
    assert re.fullmatch(pattern, frames[-1])
    assert stream.getvalue().endswith("\n")


def test_bar_starts_where_the_run_resumes(play, terminal):
    stream = terminal(130)
    play([Progress(train_steps=100, stream=stream)], [(10, LOGS)], global_step=60)
    frames = stream.frames()
    assert frames[0].startswith("60/100")
    assert frames[-1].startswith(" 70%") and "70/100" in frames[-1]


@pytest.mark.parametrize(
    ("columns", "begin", "end"),
    [
        (121, r"100%\|█{30}\| 100/100", "left, 3/25 modes  D 1.39  G 0.693  AE 0.5  other 3"),
        (101, r"100%\|█{10}\| 100/100", "left, 3/25 modes  D 1.39  G 0.693  AE 0.5  other 3"),
        (80, "100/100", "left, 3/25 modes  D 1.39  G 0.693  AE 0.5"),
        (60, "100/100", "left, 3/25 modes  D 1.39"),
        (35, "100/100", "left"),
    ],
)
def test_line_fits_the_terminal_without_a_torn_number(play, terminal, clock, columns, begin, end):
    stream = terminal(columns)
    progress = Progress(train_steps=100, stream=stream)
    progress.show("3/25 modes")

    def second():
        clock[0] += 1.0

    play([progress], [(50, LOGS), second, (50, LOGS)])
    frames = stream.frames()
    assert re.fullmatch(rf"{begin}  50.00 steps/s, 00:00 {end}", frames[-1])
    assert max(map(len, frames)) <= columns


def test_first_steps_do_not_count_for_the_speed(play, terminal, clock):
    stream = terminal(120)

    def seconds(count):
        return lambda: clock.__setitem__(0, clock[0] + count)

    chunks = [seconds(60), (20, LOGS), seconds(1), (20, LOGS), seconds(1), (20, LOGS)]
    play([Progress(train_steps=100, stream=stream)], chunks)
    assert "60/100  20.00 steps/s, 00:02 left" in stream.frames()[-1]


def test_echoed_ctrl_c_is_overwritten(play, terminal):
    stream = terminal(120)
    longer, shorter = ({"generator/loss": value} for value in (0.12345, 0.5))
    play([Progress(train_steps=30, stream=stream)], [(10, longer), lambda: stream.write("^C"), (10, shorter)])
    last = stream.getvalue().rpartition("\r")[2]
    assert re.search(r"G 0\.5\x1b\[K(\x1b\[0m)?\n$", last)


def test_no_bar_for_a_run_that_is_complete(play, terminal):
    stream = terminal(120)
    play([Progress(train_steps=100, stream=stream)], [], global_step=100)
    assert stream.getvalue() == ""


def test_close_ends_the_line_and_may_be_repeated(game, terminal):
    stream = terminal(120)
    progress = Progress(train_steps=100, stream=stream)
    progress.set_model(game())
    progress.on_train_begin()
    progress.close()
    progress.close()
    assert stream.getvalue().endswith("\n")
    progress.write("said after it")
    assert stream.getvalue().endswith("\nsaid after it\n")


def test_cadence_is_checked():
    with pytest.raises(ValueError, match="every is -5"):
        Progress(train_steps=10, every=-5)
