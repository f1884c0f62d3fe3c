"""Kills of tiny runs at random moments. The same command resumes, and must end as a run that was never stopped."""

import shutil
import signal
import time

from torturing.judge import Wrong
from torturing.run_folders import check_equal, check_whole, contents
from torturing.tiny_runs import RUNS, STEPS, nursery_of_all, reference_of, start

_ENDS_BY_A_LOST_WORKER = 69
_AGAIN = 0.3  # Share of cases with a second kill.
_RARE = {"two workers": 0.3}  # Share of the runs on these devices, relative to the others.


def run(drawn, folder, name_kind, names=tuple(RUNS), nursery=None):
    """Kills a command of a run once or twice, and lets it come to its end.

    Args:
      drawn: A random.Random.
      folder: An empty folder.
      name_kind: Function that receives where the kill struck.
      names: Names of `RUNS`. The case has one of them.
      nursery: The `Nursery`. None takes the one of all cases.
    """
    nursery = nursery or nursery_of_all()
    name = drawn.choices(names, [_RARE.get(RUNS[each].devices, 1.0) for each in names])[0]
    tiny, reference = RUNS[name], reference_of(name, nursery)
    index = drawn.randrange(len(tiny.commands))
    place = folder / "place"
    shutil.copytree(reference.folders[index], place, symlinks=True)
    for _ in range(1 + (drawn.random() < _AGAIN)):
        moment, struck = _killed(drawn, tiny, reference, index, place, nursery)
        name_kind(f"{_group(tiny, index)}: {_where(place) if struck else 'not before its end'}")
        check_whole(contents(place), reference.states)
    for process in start(tiny, tiny.commands[index], nursery, place):
        ended = process.end()
        if ended.code != tiny.code or "Traceback" in ended.err:
            raise Wrong(f"{name}, killed {moment}, then resumed: exit code {ended.code}: {ended.err[-600:]}")
    try:
        _check_end(place, reference, index)
    except Wrong as wrong:
        raise Wrong(f"{name}, killed {moment}: {wrong}") from None


def _killed(drawn, tiny, reference, index, place, nursery):
    """Starts a command and kills it. Returns the moment in words, and whether it was alive until then."""
    before, seconds, moment = ["", ""], None, drawn.random()
    if moment < 0.5:
        seconds = drawn.uniform(0.0, reference.seconds[index])
        moment = f"after {seconds:.2f} s"
    elif moment < 0.8:
        kind = drawn.choice(sorted(reference.events[index]))
        number = drawn.randrange(reference.events[index][kind])
        before[0] = f"suicide.die_at({kind!r}, {number})"
        moment = f"at event {number} of the kind {kind}"
    else:
        sizes = [path.stat().st_size for path in sorted(reference.folders[index + 1].rglob("*")) if path.is_file()]
        size = drawn.randrange(drawn.choice(sizes) + 1)
        before[0] = f"suicide.die_in_a_write({size})"
        moment = f"in a write beyond {size} bytes"
    processes = start(tiny, tiny.commands[index], nursery, place, before)
    victims = processes if seconds is None else drawn.choice([processes, *([each] for each in processes)])
    if seconds is not None:
        time.sleep(seconds)
        for process in victims:
            if process.code() is None:
                process.send(signal.SIGKILL)
    codes = [process.end().code for process in processes]
    for code, process in zip(codes, processes, strict=True):
        killed = code in (-signal.SIGKILL, -signal.SIGXFSZ)
        left_alone = code == _ENDS_BY_A_LOST_WORKER and len(processes) > 1
        if not (killed or left_alone or code == tiny.code):
            raise Wrong(f"killed {moment}: exit code {code}: {process.err.read_text()[-600:]}")
    return moment, any(code < 0 for code in codes)


def _group(tiny, index):
    command = tiny.commands[index][0]
    return tiny.devices if command == "train" else command


def _where(place):
    """What a killed command was doing, by what it has left."""
    run = place / "run"
    steps = sorted(int(path.name.removeprefix("step_")) for path in run.glob("checkpoints/step_*"))
    unfinished = [int(path.name[6:14]) for path in run.rglob("checkpoints/.step_*.unfinished")]
    if unfinished:
        return "within the removal of a checkpoint" if steps and unfinished[0] < steps[-1] else "within a checkpoint"
    if not (run / "flags.cfg").exists():
        return "before the run's files"
    if not steps:
        return "in a stage" if list(run.glob("stages/*/checkpoints")) else "before the first checkpoint"
    return "between checkpoints" if steps[-1] < STEPS else "after the last step"


def _check_end(place, reference, index):
    check_equal(contents(place), reference.states[index + 1])
    left = [path.relative_to(place) for path in place.rglob(".*") if "cache" not in path.relative_to(place).parts]
    if left:
        raise Wrong(f"{left[0]} is left")
