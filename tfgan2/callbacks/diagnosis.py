"""Warnings and notes on a run during training, for the terminal, the log and TensorBoard."""

import sys

import keras

from tfgan2.diagnosis.checks import CHECKS, OPPOSITES, OVER
from tfgan2.diagnosis.history import History

_NAMES = [check.__name__ for checks in CHECKS.values() for check in checks]
_PATIENCE = 3  # Checks in turn without a finding until it is over.


class Diagnosis(keras.callbacks.Callback):
    """Checks the run after each line of the log, and says once what is wrong and what to do.

    A finding that begins or ends gives a line of the kind "warning" in the log:
    `{"name": str, "level": "warning" | "note", "active": bool, "text": str, "advice": str}`. TensorBoard shows the
    present findings as `warnings/<name>`, 1 or 0, and the values of lines of the kind "health". A resumed run reads the
    earlier lines.

    Args:
      log: The `MetricsLog` of the run.
      train_steps: The step at which training ends.
      epochs_per_step: Share of the training samples that one step takes.
      panel: The `Panel` of the measurements, or None.
      board: A `TensorBoard` callback, or None.
      progress: A `Progress` callback that writes the sentences. None takes standard error.
      stops_when_flat: Whether training ends as soon as no score improves any more. The last phase must have begun.

    Attributes:
      findings: Name -> last text of each finding that holds.
    """

    def __init__(
        self, log, *, train_steps, epochs_per_step, panel=None, board=None, progress=None, stops_when_flat=False
    ):
        super().__init__()
        self._log = log
        self._train_steps = train_steps
        self._options = {"epochs_per_step": epochs_per_step}
        if panel is not None:
            self._options |= {"modes": panel.modes, "best": panel.best}
        self._board = board
        self._progress = progress
        self._stops_when_flat = stops_when_flat
        self._history = History(**self._options)
        self._misses = {}
        self.findings = {}
        log.listeners.append(self._hear)

    def on_train_begin(self, logs=None):
        ends = [last for _, last in self.model.schedule(self._train_steps)]
        self._begins = [0, *ends[:-1]]
        self._history = History(**self._options)
        self.findings = {}
        self._misses = {}
        lines = self._log.lines()
        recent = [line for kind in CHECKS for line in [each for each in lines if each["kind"] == kind][-_PATIENCE:]]
        for line in lines:
            self._remember(line)
            if any(line is each for each in recent):
                for check in CHECKS[line["kind"]]:
                    self._found(check)
        self._stop_when_flat()

    def _remember(self, line):
        step, values = line["step"], line["values"]
        if line["kind"] == "warning":
            if values["active"]:
                self.findings[values["name"]] = values["text"]
            else:
                self.findings.pop(values["name"], None)
            return
        begin = self._first_step_of(step)
        if begin != self._history.first_step:
            self._history = History(first_step=begin, **self._options)
        self._history.add(step, values)

    def _first_step_of(self, step):
        """The step at which the phase of a step begins."""
        return max(begin for begin in self._begins if begin < step or not begin)

    def _hear(self, line):
        step, kind = line["step"], line["kind"]
        if kind == "warning":
            self._remember(line)
            return
        if self._first_step_of(step) != self._history.first_step:
            for name in [each for each in self.findings if each in _NAMES]:  # A new phase is judged anew.
                self._end(step, name, "")
        self._remember(line)
        for check in CHECKS[kind]:
            finding, name = self._found(check), check.__name__
            if finding and name not in self.findings:
                if OPPOSITES.get(name) in self.findings:
                    self._end(step, OPPOSITES[name], "")
                self._announce(step, finding._asdict(), active=True)
            elif name in self.findings and self._misses[name] >= _PATIENCE:
                self._end(step, name, OVER.get(name, ""))
        if self._board is not None:
            states = {f"warnings/{check.__name__}": float(check.__name__ in self.findings) for check in CHECKS[kind]}
            self._board.scalars(step, states | (line["values"] if kind == "health" else {}))
        self._stop_when_flat()

    def _found(self, check):
        self._history.active = set(self.findings)
        finding = check(self._history)
        self._misses[check.__name__] = 0 if finding else self._misses.get(check.__name__, 0) + 1
        return finding

    def _end(self, step, name, text):
        self._announce(step, {"name": name, "level": "note", "text": text, "advice": ""}, active=False)

    def _announce(self, step, finding, *, active):
        order = ("name", "level", "active", "text", "advice")
        values = finding | {"active": active}
        values = {name: values[name] for name in order}
        self._log.write(step, "warning", values)
        if not finding["text"]:
            return
        line = f"{finding['level']}: {finding['text']} {finding['advice']}".rstrip()
        if self._progress is not None:
            self._progress.write(line)
        else:
            print(line, file=sys.stderr)

    def _stop_when_flat(self):
        in_last_phase = self._history.first_step == self._begins[-1]
        if self._stops_when_flat and in_last_phase and "not_improving" in self.findings:
            self.model.finish_training = True
