"""The end of a run whose score meets a condition."""

import sys

import keras

_NAME = "score_reached"


class ScoreReached(keras.callbacks.Callback):
    """Ends training at the first evaluation whose score meets a condition.

    It then writes a line of the kind "warning" with the name `score_reached` and the level "note". Evaluations before
    the last phase of a method do not count. A run that continues is judged by its last evaluation at once. So a run
    that has ended does not train on.

    Its place is after the log, which removes later lines when training begins.

    Args:
      condition: The `Condition`.
      log: The `MetricsLog` of the run.
      train_steps: The step at which training ends otherwise.
      progress: A `Progress` callback that writes the sentence. None takes standard error.
    """

    def __init__(self, condition, log, *, train_steps, progress=None):
        super().__init__()
        self._condition = condition
        self._log = log
        self._train_steps = train_steps
        self._progress = progress
        log.listeners.append(self._hear)

    def on_train_begin(self, logs=None):
        ends = [last for _, last in self.model.schedule(self._train_steps)]
        self._begin = max([0, *ends[:-1]])
        for line in [line for line in self._log.lines() if line["kind"] == "evaluation"][-1:]:
            self._hear(line)

    def _hear(self, line):
        if line["kind"] != "evaluation" or line["step"] <= self._begin:
            return
        value = line["values"].get(f"coverage/{self._condition.name}")
        if value is None or not self._condition.holds(value):
            return
        self.model.finish_training = True
        text = f"{self._condition.name} is {value:.6g} at step {line['step']:,}: {self._condition} is reached."
        if text not in [other["values"].get("text") for other in self._log.lines()]:
            self._announce(text)

    def _announce(self, text):
        values = {"name": _NAME, "level": "note", "active": True, "text": text, "advice": ""}
        self._log.write(self.model.global_step, "warning", values)
        if self._progress is not None:
            self._progress.write(f"note: {text}")
        else:
            print(f"note: {text}", file=sys.stderr)
