"""The progress of several trainings at once, from what they have logged, and the time that is left."""

import json
import sys
import threading
import time

from tqdm import tqdm

from tfgan2.flags.durations import duration_text

_PAUSE = 5.0  # Seconds between two looks at the logs.


class Progress:
    """A bar on the terminal over the steps of all trainings. Elsewhere there are only the lines of `write`.

    Args:
      trainings: List of pairs (folder of the run, its number of steps).
    """

    def __init__(self, trainings):
        self._trainings = trainings
        self._ended = threading.Event()

    def __enter__(self):
        self._first, self._began = self._done(), time.monotonic()
        total = sum(steps for _, steps in self._trainings)
        self._bar = tqdm(total=total, initial=self._first, unit=" steps", smoothing=0.05, disable=None)
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._ended.set()
        self._bar.close()

    def write(self, line):
        """Writes a line to standard error, followed by the time that is left."""
        done, total = self._done(), sum(steps for _, steps in self._trainings)
        left = (total - done) * (time.monotonic() - self._began) / max(1, done - self._first)
        known = self._first < done < total
        self._bar.write(f"{line}{f'; about {duration_text(max(1.0, left))} left' if known else ''}", file=sys.stderr)

    def _done(self):
        return sum(min(steps, last_logged_step(folder)) for folder, steps in self._trainings)

    def _watch(self):
        while not self._ended.wait(_PAUSE):
            self._bar.n = self._done()
            self._bar.refresh()


def last_logged_step(workdir):
    """Returns the step of the last whole line of metrics.jsonl in the folder of a run, or 0."""
    try:
        return json.loads((workdir / "metrics.jsonl").read_bytes().splitlines()[-1])["step"]
    except (OSError, IndexError, ValueError, KeyError):
        return 0
