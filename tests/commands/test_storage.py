"""A full disk: exit code 74, the file named, nothing half written; with room made the same command goes on exactly."""

import subprocess

import pytest

import tfgan2

FULL = "File too large"  # what the system says of a limit on the size of files


def half_written(folder):
    return [path for path in folder.rglob("*") if ".unfinished" in path.name or path.name.startswith(".export-")]


@pytest.mark.parametrize(
    ("limit", "flags", "message", "left"),
    [
        pytest.param(1_000, ["--sample_every=0"], "flags.cfg could not be written", set(), id="flags"),
        pytest.param(3_000, ["--sample_every=0"], "tensorboard could not be written", set(), id="events"),
        pytest.param(60_000, [], "samples/step_0000000.png could not be written", set(), id="picture"),
        pytest.param(
            10_000,
            ["--sample_every=0", "--evaluate_every=0", "--log_every=0"],
            "checkpoints/step_00000020 could not be written",
            set(),
            id="checkpoint",
        ),
        pytest.param(
            40_000,
            ["--sample_every=0"],
            "export: writing the export failed",
            {"step_00000020", "step_00000040", "step_00000045"},
            id="export",
        ),
    ],
)
def test_training(limit, flags, message, left, trained, call, differing, full_disk, tmp_path):
    argv = [*trained.argv, *flags, f"--workdir={tmp_path / 'w'}"]
    with full_disk(limit):
        ended = call("train", *argv)
    assert ended.code == 74, ended.err
    last = ended.err.splitlines()[-1]
    assert last.startswith("tfgan2: ") and f"{tmp_path / 'w'}/{message}" in last and FULL in last
    assert "Traceback" not in ended.err
    assert half_written(tmp_path) == []
    assert {path.name for path in (tmp_path / "w").glob("checkpoints/*")} == left
    assert {path.stat().st_size <= limit for path in (tmp_path / "w").rglob("*") if path.is_file()} <= {True}

    if limit < 10_000:  # There is less to go on with than after the others.
        return
    ended = call("train", *argv)
    assert ended.code == 0, ended.err
    assert differing(tmp_path / "w", trained.workdir) == []
    assert (tmp_path / "w" / "export" / "1" / "saved_model.pb").is_file()


def test_training_in_a_real_process(trained, start, tmp_path):
    flags = ["--sample_every=0", "--evaluate_every=0"]
    ended = start(*trained.argv, *flags, f"--workdir={tmp_path / 'w'}", largest_file=10_000).end()
    assert ended.code == 74 and FULL in ended.err and "Traceback" not in ended.err
    assert half_written(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path):
    """(size) -> makes a file system of that size at `tmp_path / "disk"`, or gives it that size."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = []

    def resize(size):
        options = f"size={size}" if not mounted else f"remount,size={size}"
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        finished = subprocess.run(command, capture_output=True, text=True)
        if finished.returncode:
            pytest.skip(f"only a system that lets this user mount can run this test: {finished.stderr.strip()}")
        mounted.append(size)
        return folder

    yield resize
    if mounted:
        # This process may still have files of its trained run open there.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_fills_up(trained, start, call, differing, metrics_of, small_disk):
    # A picture is 130 kB, and again as much in TensorBoard's file: the third one, at step 40, finds no room.
    workdir = small_disk("700k") / "w"
    ended = start(*trained.argv, f"--workdir={workdir}").end()
    assert ended.code == 74
    assert "could not be written: " in ended.err and "No space left on device" in ended.err
    assert "Traceback" not in ended.err and str(workdir) in ended.err.splitlines()[-1]
    assert half_written(workdir) == []
    assert [path.name for path in (workdir / "checkpoints").iterdir()] == ["step_00000020"]
    assert tfgan2.load(workdir).model.global_step == 20

    small_disk("20m")
    ended = call("train", *trained.argv, f"--workdir={workdir}")
    assert ended.code == 0, ended.err
    assert differing(workdir, trained.workdir) == []
    assert metrics_of(workdir) == metrics_of(trained.workdir)


@pytest.mark.parametrize(
    ("command", "flags", "message"),
    [
        ("sample", ["--output=new/x.npz", "--count=1500"], "new/x.npz could not be written: " + FULL),
        ("sample", ["--output=x.png"], "x.png could not be written: " + FULL),
        ("evaluate", [], "evaluations/grid25-2k/45.json could not be written: " + FULL),
        ("export", ["--output=models"], "models: writing the export failed"),
        ("report", ["--output=x.html"], "x.html could not be written: " + FULL),
    ],
)
def test_the_other_commands(command, flags, message, trained_copy, call, tree, full_disk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = {path for path, content in tree(tmp_path).items() if content is not None}
    with full_disk(500):
        ended = call(command, f"--workdir={trained_copy}", *flags)
    assert ended.code == 74 and (ended.out == "") == (command != "evaluate")  # It prints its table.
    assert ended.err.startswith("tfgan2: ") and message in ended.err and "Traceback" not in ended.err
    assert {path for path, content in tree(tmp_path).items() if content is not None} == before
    assert call(command, f"--workdir={trained_copy}", *flags).code == 0
