"""Base class of the callbacks that draw pictures of samples during training."""

import abc
import io
import re
from pathlib import Path

import keras
import numpy as np

from tfgan2.callbacks.cadence import check_every, is_due
from tfgan2.system.files import write_whole

_NAME = re.compile(r"step_(\d+)\.npz$")


class Pictures(keras.callbacks.Callback, abc.ABC):
    """Draws samples before the first step, at a cadence, and at the end of training.

    For example, step 5,000 gives `step_0005000.png` with the picture and `step_0005000.npz` with the samples. At the
    end, `evolution.png` shows the samples of all .npz files, also of those before a resume. If training is stopped
    early, neither a last picture nor `evolution.png` is drawn.

    Args:
      folder: Folder of the pictures.
      every: Steps between two pictures. 0 draws none.
      count: Number of samples in a picture.
      seed: Seed of the latents. All pictures have the same latents, so that each sample can be followed.
      board: A `TensorBoard` callback that also receives the pictures, or None.
    """

    kept = "samples"
    """Name of the array in the .npz files."""

    def __init__(self, folder, *, every, count, seed, board):
        super().__init__()
        self._folder = Path(folder)
        self._every = check_every(every)
        self._count = count
        self._seed = seed
        self._board = board
        self._first_step = 0

    @abc.abstractmethod
    def _draw(self, step):
        """Writes the samples and the picture of a step."""

    @abc.abstractmethod
    def _draw_evolution(self, step, frames):
        """Writes the picture of all frames, which are pairs (step, samples) in order."""

    def on_train_begin(self, logs=None):
        self._first_step = self.model.global_step
        if self._every and self._first_step == 0:
            self._draw(0)

    def on_train_batch_end(self, batch, logs=None):
        if is_due(self.model.global_step, self._every):
            self._draw(self.model.global_step)

    def on_train_end(self, logs=None):
        if not self._every or self.model.stop_training:
            return
        step = self.model.global_step
        trained = step > self._first_step
        if not (is_due(step, self._every) if trained else self._path(step).exists()):
            self._draw(step)
        elif not trained and (self._folder / "evolution.png").exists():
            return  # The run was complete before.
        paths = {int(match[1]): path for path in self._folder.glob("*.npz") if (match := _NAME.match(path.name))}
        self._draw_evolution(step, [(at, np.load(paths[at])[self.kept]) for at in sorted(paths) if at <= step])

    def _keep(self, step, array):
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **{self.kept: array})
        write_whole(self._path(step), buffer.getvalue())

    def _write(self, step, name, encoded, pixels):
        """Writes a picture.

        Args:
          step: The global step.
          name: Name of the file, without .png.
          encoded: The picture as bytes of a PNG file.
          pixels: Function that returns the picture as uint8 [height, width, 3], for TensorBoard.
        """
        write_whole(self._folder / f"{name}.png", encoded)
        if self._board is not None:
            self._board.image(step, "evolution" if name == "evolution" else "samples", pixels())

    def _path(self, step):
        return self._folder / f"step_{step:07d}.npz"
