"""The progress of a training run on the terminal."""

import sys

import keras
import tqdm

from tfgan2.callbacks.cadence import BySteps, Interval
from tfgan2.callbacks.time_left import TimeLeft

_SHORT_NAMES = {"discriminator": "D", "generator": "G", "autoencoder": "AE", "encoder": "E"}
_TO_THE_END = "\x1b[K"  # Erases the rest of the row, where the terminal echoes ^C.
_STARTING = "{n_fmt}/{total_fmt}  compiling, then the first steps" + _TO_THE_END
_COUNTS = "{n_fmt}/{total_fmt}  %s{postfix}" + _TO_THE_END
_LONGEST_BAR = 30
_TEXT_WIDTH = 90  # Columns for the step, the speed, the text and the losses. The bar has the remaining columns.


class Progress(keras.callbacks.Callback):
    """Shows the step, the speed, the remaining time, and the loss of each player.

    On a terminal it shows a progress bar. A narrow terminal has a shorter bar, then fewer losses, but never a line of
    two rows. Elsewhere, as in a file, it writes a line from time to time. The first chunk of steps has no line and does
    not count for the speed, because TensorFlow traces and compiles it.

    Args:
      train_steps: The step at which training ends.
      every: Steps between two lines if the stream is not a terminal. None gives about twenty lines, 0 none.
      stream: The output stream. None takes standard error.
      after: Seconds of the trainings that follow, which count as left. None is unknown.
    """

    def __init__(self, *, train_steps, every=None, stream=None, after=0.0):
        super().__init__()
        self._train_steps = train_steps
        self._every = BySteps(max(1, train_steps // 20) if every is None else every).every
        self._stream = stream
        self._text = ""
        self._losses = []
        self._is_warm = False
        self._interval = Interval()
        self._time_left = TimeLeft(train_steps, after)
        self._bar = None

    def show(self, text):
        """Sets a short text before the losses, such as "20/25 modes"."""
        self._text = text
        if self._bar is not None:
            self._draw()

    def write(self, line):
        """Writes a separate line. It appears above the bar on a terminal."""
        if self._bar is not None:
            self._bar.write(line, file=self._output)
        else:
            print(line, file=self._output, flush=True)

    def close(self):
        """Ends the bar and moves the cursor below it. It is also for runs that end with an error."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def on_train_begin(self, logs=None):
        self.close()
        step = self.model.global_step
        self._interval.begin(step)
        self._time_left.begin(step)
        self._losses = []
        self._is_warm = False
        if self._output.isatty() and step < self._train_steps:
            self._bar = tqdm.tqdm(
                total=self._train_steps,
                initial=step,
                unit=" steps",
                bar_format=_STARTING,
                dynamic_ncols=True,
                file=self._output,
            )

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.global_step
        self._interval.add(step, logs)
        self._time_left.add(step)
        if self._bar is not None:
            self._losses = _losses(logs or {})
            self._advance(step)
        elif self._every and self._is_warm and self._interval.steps >= self._every:
            self._write_line(step)
        self._is_warm = True

    def on_train_end(self, logs=None):
        if self._bar is not None:
            self._draw()
        elif self._every and self._interval.steps:
            self._write_line(self.model.global_step)
        self.close()

    @property
    def _output(self):
        return sys.stderr if self._stream is None else self._stream

    def _advance(self, step):
        if self._is_warm:
            self._fit()
            self._bar.update(step - self._bar.n)
            return
        self._is_warm = True
        self._bar.unpause()  # The clock of the bar starts here.
        self._bar.n = self._bar.last_print_n = self._bar.initial = step
        self._draw()

    def _draw(self):
        self._fit()
        self._bar.refresh()

    def _fit(self):
        """Fits the line to the width of the terminal. tqdm alone would cut it in the middle of a number."""
        if not self._is_warm:
            return
        width = self._bar.format_dict["ncols"] or 10 * _TEXT_WIDTH
        bar, counts = min(width - _TEXT_WIDTH, _LONGEST_BAR), _COUNTS % self._time_left.text
        self._bar.bar_format = f"{{percentage:3.0f}}%|{{bar:{bar}}}| {counts}" if bar >= 5 else counts
        parts = list(filter(None, [self._text, *self._losses]))
        while parts and len(self._line("  ".join(parts))) > width:
            parts.pop()
        self._bar.set_postfix_str("  ".join(parts), refresh=False)

    def _line(self, postfix):
        """The whole line with `postfix` after the counts.

        Its last three characters erase and are not visible. So the computed length leaves three columns for ^C.
        """
        return tqdm.tqdm.format_meter(**self._bar.format_dict | {"postfix": postfix, "ncols": None})

    def _write_line(self, step):
        values = self._interval.take()
        parts = [
            f"step {step}/{self._train_steps} ({step / self._train_steps:.0%})",
            self._time_left.text,
            self._text,
            *_losses(values),
        ]
        self.write("  ".join(filter(None, parts)))


def _losses(values):
    """Short texts of the players' losses, such as ["D 1.39", "G 0.693"], discriminator and generator first."""
    losses = {name.removesuffix("/loss"): value for name, value in values.items() if name.endswith("/loss")}
    first = [player for player in ("discriminator", "generator") if player in losses]
    players = dict.fromkeys([*first, *losses])
    return [f"{_SHORT_NAMES.get(player, player)} {losses[player]:.3g}" for player in players]
