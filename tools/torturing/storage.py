"""Full, read-only, failing and slow disks, two commands at once, and folders with other names.

A command that fails says so and leaves nothing that is later taken for whole. The same command, on a disk that is well
again, ends as one that was never disturbed.
"""

import collections
import errno
import os
import re
import shutil

from tfgan2.errors import InputError, StorageError
from torturing import full_disk
from torturing.full_disk import Disk
from torturing.judge import Wrong
from torturing.run_folders import check_equal, check_whole, contents
from torturing.tiny_runs import RUNS, reference_of, start

_NAMES = ("best", "longer", "stage by stage", "pictures", "evaluate", "sample", "export")
_FULL = {errno.ENOSPC: "full disk", errno.EDQUOT: "full quota", errno.EIO: "input/output error"}
_KINDS = {"failing": 12, "read-only": 2, "slow": 1, "twice": 2, "named": 3}
_WORDS = (
    *("two words", "a,b", "a:b", "100%", "%s{}", "a=b", "a\\b", "[0]*?", "$HOME", "~", "-x", "'\""),
    *("é日本🙂", "l" * 200),
)
_UNNUMBERED = re.compile(r"\d+|tmp\w+|\.[a-z0-9_]{8}\b")
_REFUSALS = (InputError.exit_code, StorageError.exit_code)


def run(drawn, folder, name_kind, names=_NAMES, kinds=tuple(_KINDS), nursery=None):
    """Disturbs a command of a run in one way, and runs it again.

    Args:
      drawn: A random.Random.
      folder: An empty folder.
      name_kind: Function that receives what was done.
      names: Names of `RUNS`. The case has one of them.
      kinds: Names of disturbances: failing, read-only, slow, twice and named. The case has one of them.
      nursery: A `Nursery` with the variables of `full_disk.preloaded`. None takes the one of all cases.
    """
    if not full_disk.library():
        raise InputError(
            f"{full_disk.COMPILER} is missing or fails. Install a C compiler. It makes the disk that fails."
        )
    name, kind = drawn.choice(names), drawn.choices(kinds, [_KINDS[each] for each in kinds])[0]
    case = _Case(name, drawn, folder / "place", nursery or full_disk.nursery())
    try:
        name_kind(f"{getattr(case, kind.replace('-', '_'))()}: {case.command[0]}")
    except Wrong as wrong:
        name_kind(f"{kind}: {case.command[0]}")
        raise Wrong(f"{name}: {case.said or kind}: {wrong}") from None


class _Case:
    """One command of a run, in a copy of the folder in which it is started."""

    def __init__(self, name, drawn, place, nursery):
        self.nursery, self.tiny, self.drawn, self.place = nursery, RUNS[name], drawn, place
        self.reference = reference_of(name, self.nursery)
        index = drawn.randrange(len(self.tiny.commands))
        self.command, self.before, self.after = self.tiny.commands[index], *self.reference.states[index : index + 2]
        self.said = ""
        shutil.copytree(self.reference.folders[index], place, symlinks=True)

    def failing(self):
        """One call of the disk fails, or all from one on. Each kind of call and file is drawn as often as another."""
        calls = self._calls()
        number = self.drawn.choice(self.drawn.choice(calls))
        error, lasts = self.drawn.choice(list(_FULL)), self.drawn.random() < 0.5
        self.said = f"{_FULL[error]} at call {number}{' and from then on' if lasts else ''}"
        failed = self._refused(Disk(number, lasts, error))
        self._recover()
        return f"{_FULL[error]} in {failed.split()[0].strip('!') if failed else 'no call'}"

    def read_only(self):
        """All of the working folder is read-only, or a part."""
        below = self.drawn.choice([".", "run", "cache", "run/checkpoints", "run/stages"])
        self.said = f"read-only {below}"
        self._refused(Disk(0, True, errno.EROFS, below=below))
        self._recover()
        return "read-only"

    def slow(self):
        self._succeed(Disk(microseconds=self.drawn.choice([500, 2000])))
        return "slow disk"

    def twice(self):
        """A command and, with a drawn delay, the same command: one of them ends, and the other too, or is refused."""
        disk = Disk(microseconds=self.drawn.choice([0, 500]))
        processes = [self._start(disk, f"notes {number}") for number in range(2)]
        ends = [process.end() for process in processes]
        codes = sorted(end.code for end in ends)
        for end in ends:
            self._check_message(end, (self.tiny.code, *_REFUSALS))
        if self.tiny.code not in codes:
            raise Wrong(f"exit codes {codes}, and none of two at once came to its end: {ends[0].err[-300:]}")
        self._recover()
        return "two at once"

    def named(self):
        """The folder of the run has another name, is moved, or is a link."""
        word, linked = self.drawn.choice(_WORDS), self.drawn.random() < 0.3
        self.said = f"folder {word[:30]!r}{' behind a link' if linked else ''}"
        run, other = self.place / "run", self.place / word
        if run.exists():
            run.rename(other)
        elif linked:
            other.mkdir()
        if linked:
            run.symlink_to(word)
        typed = "run" if linked else f"./{word}"
        command = [f"--workdir={typed}" if each == "--workdir=run" else each for each in self.command]
        self._check_message(self._start(Disk(), "notes", command).end(), (self.tiny.code,))
        if linked:
            run.unlink()
        if not other.exists():
            raise Wrong("the folder has another name")
        other.rename(run)
        check_equal(contents(self.place), self.after, ("flags.cfg", "tensorboard"))  # They name the folder.
        return "other name"

    def _calls(self):
        """Numbers of the calls of the undisturbed command, by the kind of call and file."""
        if not hasattr(self.reference, "calls"):
            self.reference.calls = {}
        if self.command not in self.reference.calls:
            kept, self.place = self.place, self.place.with_name("counted")
            shutil.copytree(kept, self.place, symlinks=True)
            self._succeed(Disk())
            groups = collections.defaultdict(list)
            for number, line in enumerate(self._notes("notes")):
                groups[_UNNUMBERED.sub("", line)].append(number)
            self.reference.calls[self.command] = list(groups.values())
            self.place = kept
        return self.reference.calls[self.command]

    def _start(self, disk, notes="notes", command=None):
        command = command or self.command
        switch = disk.code(self.place, self.place.with_name(notes))
        return start(self.tiny, command, self.nursery, self.place, (switch, ""), output=f"{notes} output")[0]

    def _notes(self, name):
        return os.fsdecode(self.place.with_name(name).read_bytes()).splitlines()

    def _refused(self, disk):
        """Runs the command on a disk that fails. Returns the first call that failed, or None."""
        ended = self._start(disk).end()
        failed = next((line for line in self._notes("notes") if line.startswith("!")), None)
        self.said += f" ({failed})"
        self._check_message(ended, (self.tiny.code, *_REFUSALS))
        if ended.code in _REFUSALS and os.strerror(disk.error) not in ended.err:
            raise Wrong(f"the message does not name the error: {ended.err[-600:]}")
        if ended.code == self.tiny.code:
            check_equal(_without_cache(contents(self.place)), _without_cache(self.after))
        check_whole(contents(self.place), self.reference.states)
        return failed

    def _succeed(self, disk):
        self._check_message(self._start(disk).end(), (self.tiny.code,))
        self._check_end()

    def _recover(self):
        """The same command again, on a disk that is well."""
        self._check_message(self._start(Disk(), "again").end(), (self.tiny.code,), "again: ")
        self._check_end()

    def _check_end(self):
        check_equal(contents(self.place), self.after)
        left = [path.relative_to(self.place) for path in self.place.rglob(".*")]
        if left := [path for path in left if "cache" not in path.parts]:
            raise Wrong(f"{left[0]} is left")

    def _check_message(self, ended, codes, when=""):
        if ended.code not in codes or "Traceback" in ended.err:
            raise Wrong(f"{when}exit code {ended.code}: {ended.err[-1200:]}")
        if ended.code in _REFUSALS and "tfgan2: " not in ended.err:
            raise Wrong(f"{when}exit code {ended.code} without a message: {ended.err[-300:]}")


def _without_cache(found):
    return {name: content for name, content in found.items() if not name.startswith("cache")}
