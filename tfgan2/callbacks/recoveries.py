"""The recoveries of a run in its log and on the terminal."""

import sys

import keras

from tfgan2.system.recoveries import read_recoveries


class Recoveries(keras.callbacks.Callback):
    """Writes each recovery of a run once, as a line of the kind "warning" with the name `recovery_<number>`.

    Its place is after the log, which removes later lines when training begins.

    Args:
      workdir: Folder of the run.
      log: The `MetricsLog` of the run.
      progress: A `Progress` callback that writes the sentences. None takes standard error.
    """

    def __init__(self, workdir, log, progress=None):
        super().__init__()
        self._workdir = workdir
        self._log = log
        self._progress = progress

    def on_train_begin(self, logs=None):
        step = self.model.global_step
        written = {line["values"].get("name") for line in self._log.lines()}
        for number, recovery in enumerate(read_recoveries(self._workdir), start=1):
            name = f"recovery_{number}"
            if recovery.step > step or name in written:
                continue
            then = f"The run went back to step {recovery.step:,} and has other random numbers from there."
            text = f"{recovery.reason} {then}"
            advice = "If it happens again, try a lower learning rate."
            values = {"name": name, "level": "warning", "active": True, "text": text, "advice": advice}
            self._log.write(recovery.step, "warning", values)
            if self._progress is not None:
                self._progress.write(f"warning: {text} {advice}")
            else:
                print(f"warning: {text} {advice}", file=sys.stderr)
