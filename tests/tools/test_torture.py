"""The short form of tools/torture.py: faults that are drawn, and what the judge holds against a program."""

import functools
import json
import shutil

import pytest

from tfgan2.errors import InputError

SHORT = {"command_lines": 120, "cluster_texts": 150, "input_files": 120, "pickles": 60}


needs_a_compiler = pytest.mark.skipif(not shutil.which("cc"), reason="a C compiler makes the disk that fails")


@pytest.fixture
def judge(tool):
    return tool("torturing.judge")


@pytest.mark.parametrize("name", SHORT)
def test_all_cases_survive(name, tool, judge):
    part = tool("torturing.parts").PARTS[name]
    verdicts = [judge.judged(name, part, 1, case) for case in range(SHORT[name])]
    assert [verdict for verdict in verdicts if verdict.outcome == "failed"] == []
    assert {verdict.outcome for verdict in verdicts} == {"accepted", "refused"}


@pytest.mark.parametrize("place", ["average", "measurement"])
def test_a_number_that_is_not_finite_is_named_and_never_saved(place, tool, judge):
    run = functools.partial(tool("torturing.numbers").run, methods=("vae",), places=(place,))
    verdict = judge.judged("numbers", judge.Part("", run, 1, 60.0, 1000), 1, 0)
    assert (verdict.kind, verdict.outcome) == (f"{place} of vae", "refused"), verdict.detail
    assert " is not finite after step " in verdict.detail


# For each call of the disk: it fails alone or with all later ones, the file is the old one or the new one, and the next
# attempt writes it.
EVERY_CALL = """
import ctypes, errno, os, shutil
from pathlib import Path
from tfgan2.errors import StorageError
from tfgan2.system.files import write_whole
disk, notes = ctypes.CDLL(None), os.open(Path(argv[0], "notes"), os.O_RDWR | os.O_CREAT | os.O_APPEND)
folder = Path(argv[0], "disk")
path = folder / "new" / "file"
def attempt(first, last):
    disk.fail_disk(os.fsencode(folder), ctypes.c_long(first), ctypes.c_long(last), errno.ENOSPC, 0, notes)
    os.truncate(notes, 0)
    try:
        write_whole(path, b"x" * 100_000)
    except StorageError as error:
        return str(error)
    finally:
        disk.fail_disk(os.fsencode(folder), ctypes.c_long(-1), ctypes.c_long(-1), 0, 0, notes)
messages = []
for old in (None, b"old"):
    for lasts in (False, True):
        number = 0
        while True:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            if old:
                path.parent.mkdir()
                path.write_bytes(old)
            message = attempt(number, 10**6 if lasts else number)
            if b"!" not in os.pread(notes, 10**6, 0):
                break
            assert "file could not be written: No space left on device" in message
            assert (path.read_bytes() if path.exists() else None) == old and not list(folder.rglob(".*"))
            assert attempt(-1, -1) is None and path.read_bytes() == b"x" * 100_000
            messages.append(message)
            number += 1
print(len(messages))
"""


@needs_a_compiler
def test_a_file_is_whole_whatever_call_fails(nursery, tmp_path):
    ended = nursery.start(EVERY_CALL, [tmp_path], tmp_path).end()
    assert ended.code == 0, ended.err
    assert int(ended.out) == 2 * (4 + 3)  # mkdir if the folder is missing, open, write and rename


def test_a_killed_run_ends_as_one_that_never_stopped(nursery, tool, judge):
    run = functools.partial(tool("torturing.kills").run, names=("short",), nursery=nursery)
    part = judge.Part("", run, 1, 600.0, 1000)
    verdicts = [judge.judged("kills", part, 1, case) for case in range(2)]
    assert [verdict for verdict in verdicts if verdict.outcome != "accepted"] == []
    assert not all("not before its end" in verdict.kind for verdict in verdicts)


@needs_a_compiler
def test_a_run_survives_a_disk_that_is_read_only(nursery, tool, judge):
    run = functools.partial(tool("torturing.storage").run, names=("short",), kinds=("read-only",), nursery=nursery)
    verdict = judge.judged("storage", judge.Part("", run, 1, 600.0, 1000), 1, 0)
    assert (verdict.kind, verdict.outcome) == ("read-only: train", "accepted"), verdict.detail


def _raising(error):
    def run(drawn, folder, name_kind):
        name_kind("kind")
        raise error

    return run


def _slow(drawn, folder, name_kind):
    while True:
        pass


@pytest.mark.parametrize(
    ("run", "outcome", "detail"),
    [
        (lambda *_: None, "accepted", ""),
        (_raising(InputError("give a number")), "refused", "give a number"),
        (_raising(InputError(" ")), "failed", "empty message"),
        (_raising(KeyError("x")), "failed", "KeyError"),
        (_slow, "failed", "took more than 0.1 s"),
    ],
    ids=["accepted", "refused", "empty", "bug", "slow"],
)
def test_judgement(run, outcome, detail, judge):
    verdict = judge.judged("part", judge.Part("about", run, 1, 0.1, 1000), 0, 3)
    assert (verdict.case, verdict.outcome) == (3, outcome) and detail in verdict.detail


def test_a_case_is_drawn_from_its_number_alone(judge):
    def draw(drawn, folder, name_kind):
        raise InputError(f"{drawn.random()}")

    part = judge.Part("about", draw, 1, 1.0, 1000)
    details = [judge.judged("part", part, seed, case).detail for seed, case in ((0, 1), (0, 2), (1, 1), (0, 1))]
    assert details[0] == details[3] and len(set(details)) == 3


def test_run_resumes_and_writes_the_page(tool, judge, tmp_path, monkeypatch, capsys):
    report = tool("torturing.report")
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "RECORD", tmp_path / "torture.json")
    monkeypatch.setattr(report, "PAGE", tmp_path / "torture.md")
    report.PAGE.write_text(f"# Page\n\n{report._START}old\n{report._END}\nafter\n")
    seen = []

    def every_third_fails(drawn, folder, name_kind):
        seen.append(None)
        name_kind("thirds")
        if len(seen) % 3 == 0:
            raise judge.Wrong("third")

    part = judge.Part("about", every_third_fails, 1, 1.0, 1000)
    assert report.run("part", part, 0, 4) == 1 and len(seen) == 4
    assert report.run("part", part, 0, 6) == 2 and len(seen) == 6
    assert "part --seed=0 --case=2 (thirds): wrong: third" in capsys.readouterr().out
    record = json.loads(report.RECORD.read_text())["part"]
    assert record["failures"] == [2, 5] and record["kinds"] == {"thirds": {"accepted": 4, "failed": 2}}
    text = report.PAGE.read_text()
    assert "| part | 0 | thirds | 6 | 4 | 0 | 2 |" in text and text.startswith("# Page") and text.endswith("after\n")
