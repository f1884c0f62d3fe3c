"""Logging of a training run for TensorBoard."""

import contextlib
from pathlib import Path

import keras
import tensorflow as tf
from tensorboard.plugins.custom_scalar import summary as custom_scalars
from tensorboard.plugins.hparams import api as hparams

from tfgan2.callbacks.board_layout import layout, tag_of
from tfgan2.callbacks.cadence import Interval, cadence_of
from tfgan2.callbacks.event_files import cut_back
from tfgan2.system.files import storing


class TensorBoard(keras.callbacks.Callback):
    """Writes reported values for TensorBoard. The horizontal axis is the global step, also after a resume.

    A scalar is the mean since the last point. The tags are

    * `losses/<player>`: the loss of each player, and `losses/<player>/<term>`: its terms,
    * `discriminator/real_probability` and `discriminator/fake_probability`: D(real) and D(fake),
    * `discriminator/real_called_real` and `discriminator/fake_called_real`: shares of samples that D calls real,
    * `gradient_norms/<player>` and `learning_rates/<network>`,
    * `speed/steps_per_second` and `speed/samples_per_second_per_device`.

    TensorBoard opens the first two groups in alphabetical order, `coverage` and `discriminator`. The text `flags` and
    the hyperparameters are written once, at the beginning of the run. The layout of the tab Custom Scalars has the
    charts with data. It is written again when a further chart gets its first point. When training begins, events after
    the model's step are removed. At step 0 all events are removed.

    If the folder cannot be created or written at the beginning, `StorageError` is raised. If the disk becomes full
    later, TensorFlow's writer reports nothing.

    The columns of the tab HParams are not declared. TensorBoard would take the declaration of an arbitrary run. Without
    one it shows the hyperparameters that differ between runs.

    Args:
      folder: The folder of this run.
      every: Steps between two points, or `ByTime`. 0 writes none.
      settings_text: The flags of the run, shown as text.
      hyperparameters: Name -> value, for the comparison of runs.
      name: Unique name of the run in the comparison. None takes a hash of the hyperparameters.
      device_batch: Number of training samples per step on each device. None leaves out samples per second.
    """

    def __init__(self, folder, *, every, settings_text="", hyperparameters=None, name=None, device_batch=None):
        super().__init__()
        self._folder = Path(folder)
        self._every = cadence_of(every)
        self._settings_text = settings_text
        self._hyperparameters = dict(hyperparameters or {})
        self._name = name
        self._device_batch = device_batch
        self._interval = Interval()
        self._writer = None
        self._tags = set()
        self._layout = None

    def scalars(self, step, values, prefix=""):
        """Writes one point of each scalar.

        Args:
          step: The global step.
          values: Name -> float.
          prefix: If not empty, the tag is `<prefix>/<name>` instead of `<name>`.
        """
        values = {f"{prefix}/{name}" if prefix else name: value for name, value in values.items()}
        with self._writing():
            for tag, value in values.items():
                tf.summary.scalar(tag, value, step=step)
            self._lay_out(step, values)

    def image(self, step, name, pixels):
        """Writes a picture with the tag `name`; `pixels` is uint8 [height, width, 3]."""
        with self._writing():
            tf.summary.image(name, pixels[None], step=step)

    def on_train_begin(self, logs=None):
        self._interval.begin(self.model.global_step)
        with self._writing():
            pass

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.global_step
        self._interval.add(step, logs)
        if self._every.is_due(step):
            self._write_interval(step)
            self._every.done()

    def on_train_end(self, logs=None):
        if self._every and self._interval.steps:
            self._write_interval(self.model.global_step)

    def set_model(self, model):
        super().set_model(model)
        self._writer = None  # The next run removes later events and opens a new file.

    def _write_interval(self, step):
        values = {tag_of(name): value for name, value in self._interval.take().items()}
        for name, optimizer in self.model.network_optimizers.items():
            values[f"learning_rates/{name}"] = float(tf.convert_to_tensor(optimizer.learning_rate))
        if self._device_batch is not None:
            values["speed/samples_per_second_per_device"] = values["speed/steps_per_second"] * self._device_batch
        self.scalars(step, values)

    @contextlib.contextmanager
    def _writing(self):
        with storing(self._folder):
            if self._writer is None:
                self._open()
            with self._writer.as_default():
                yield
            self._writer.flush()

    def _open(self):
        step = self.model.global_step
        self._tags = cut_back(self._folder, step if step else -1)
        self._layout = layout(self._tags)
        self._writer = tf.summary.create_file_writer(str(self._folder))
        if not self._tags:
            with self._writer.as_default(step):
                # TensorBoard reads Markdown. Four spaces make it show the lines unchanged.
                tf.summary.text("flags", "\n".join(f"    {line}" for line in self._settings_text.splitlines()))
                if self._hyperparameters:
                    values = {name: _hyperparameter(value) for name, value in self._hyperparameters.items()}
                    hparams.hparams(values, trial_id=self._name)

    def _lay_out(self, step, tags):
        """Writes the layout if the tags give it a further chart."""
        if not self._tags.issuperset(tags):
            self._tags.update(tags)
            if (found := layout(self._tags)) != self._layout:
                self._layout = found
                tf.summary.experimental.write_raw_pb(custom_scalars.pb(found).SerializeToString(), step=step)


def _hyperparameter(value):
    return value if isinstance(value, bool | int | float | str) else str(value)
