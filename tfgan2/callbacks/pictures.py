"""Base class of the callbacks that draw pictures of samples during training."""

import abc
import io
import re
import warnings
from pathlib import Path

import keras
import numpy as np

from tfgan2.callbacks.cadence import cadence_of
from tfgan2.errors import InputError, SettingWarning
from tfgan2.evaluation.image_grids import encoded
from tfgan2.evaluation.sample_files import read_samples
from tfgan2.evaluation.sampler import Sampler
from tfgan2.system.files import write_whole

_NAME = re.compile(r"step_(\d+)\.npz$")


class Pictures(keras.callbacks.Callback, abc.ABC):
    """Draws samples before the first step, at a cadence, and at the end of training.

    For example, step 5,000 gives `step_0005000.png` with the picture and `step_0005000.npz` with the samples. At the
    end, `evolution.png` shows the samples of all .npz files, also of those before a resume. If training is stopped
    early, `LastPicture` draws both. After the first step, each other picture gives a line of the kind "health" in the
    log, see `SampleHealth`.

    Args:
      folder: Folder of the pictures.
      kind: The `Kind` of the data.
      scaling: Maps data units to the range of the networks and back.
      health: The `SampleHealth` of the data.
      every: Steps between two pictures, or `ByTime`. 0 draws none.
      count: Number of samples in a picture.
      seed: Seed of the latents. All pictures have the same latents, so that each sample can be followed.
      board: A `TensorBoard` callback that also receives the pictures, or None.
      log: The `MetricsLog` that receives the health of the samples, or None.
      held_out: The `HeldOutGap` of the discriminator, which is logged, too, or None.
    """

    kept = "samples"
    """Name of the array in the .npz files."""

    def __init__(self, folder, kind, scaling, health, *, every, count, seed, board, log, held_out):
        super().__init__()
        self._folder = Path(folder)
        self._kind = kind
        self._scaling = scaling
        self._health = health
        self._sampler = None
        self._every = cadence_of(every)
        self._count = count
        self._seed = seed
        self._board = board
        self._log = log
        self._held_out = held_out
        self._first_step = 0
        self._last_drawn = None

    def set_model(self, model):
        super().set_model(model)
        self._sampler = Sampler(model, self._scaling, self._kind)

    @abc.abstractmethod
    def _draw(self, step):
        """Writes the samples and the picture of a step, and returns the generated samples."""

    @abc.abstractmethod
    def _draw_evolution(self, step, frames):
        """Writes the picture of all frames, which are pairs (step, samples) in order."""

    def on_train_begin(self, logs=None):
        self._first_step = self.model.global_step
        for path in self._folder.glob("step_*"):  # A run that went back draws others.
            if (match := _NAME.match(path.with_suffix(".npz").name)) and int(match[1]) > self._first_step:
                path.unlink()
        if self._every and self._first_step == 0:
            self._draw(0)

    def on_train_batch_end(self, batch, logs=None):
        if self._every.is_due(self.model.global_step):
            self._draw_and_log(self.model.global_step)
            self._every.done()

    def on_train_end(self, logs=None):
        if not self._every or self.model.stop_training:
            return
        step = self.model.global_step
        trained = step > self._first_step
        if (trained and step != self._last_drawn) or not self._path(step).exists():
            self._draw_and_log(step)
        elif not trained and (self._folder / "evolution.png").exists():
            return  # The run was complete before.
        self._evolve(step)

    def draw_last(self):
        """Draws the picture of the present step, if there is none, and `evolution.png`."""
        step = self.model.global_step
        if self._every and step > self._first_step:
            if step != self._last_drawn:
                self._draw(step)
            self._evolve(step)

    def _evolve(self, step):
        paths = {int(match[1]): path for path in self._folder.glob("*.npz") if (match := _NAME.match(path.name))}
        frames = [(at, self._read(paths[at])) for at in sorted(paths) if at <= step]
        self._draw_evolution(step, [(at, samples) for at, samples in frames if samples is not None])

    def _draw_and_log(self, step):
        self.model.check_finite()  # A ReLU can turn NaN into 0.
        samples = self._draw(step)
        self._last_drawn = step
        if self._log is not None:
            health = self._health.of(samples)
            if self._held_out is not None:
                health |= self._held_out.of(self._sampler.units.score, samples)
            self._log.write(step, "health", {f"health/{name}": value for name, value in health.items()})

    def _keep(self, step, array):
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **{self.kept: array})
        write_whole(self._path(step), buffer.getvalue())

    def _read(self, path):
        """The samples of a file, or None if it is damaged. A picture of the past must not end a run."""
        try:
            return read_samples(path, self.kept)
        except InputError:
            text = f"{path} is damaged; evolution.png shows the other steps."
            warnings.warn(text, SettingWarning, stacklevel=2)
            return None

    def _write(self, step, name, pixels):
        """Writes a picture.

        Args:
          step: The global step.
          name: Name of the file, without .png.
          pixels: The picture, uint8 [height, width, 3].
        """
        write_whole(self._folder / f"{name}.png", encoded(pixels))
        if self._board is not None:
            self._board.image(step, "evolution" if name == "evolution" else "samples", pixels)

    def _path(self, step):
        return self._folder / f"step_{step:07d}.npz"


class LastPicture(keras.callbacks.Callback):
    """Draws the last picture of a run that is stopped early.

    Its place is after the callback that saves the checkpoint, because the process may soon be killed.

    Args:
      pictures: The `Pictures` of the run.
    """

    def __init__(self, pictures):
        super().__init__()
        self._pictures = pictures

    def on_train_end(self, logs=None):
        if self.model.stop_training:
            self._pictures.draw_last()
