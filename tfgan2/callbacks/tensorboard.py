"""A run in TensorBoard."""

import contextlib
from pathlib import Path

import keras
import tensorflow as tf
from tensorboard.plugins.custom_scalar import summary as custom_scalars
from tensorboard.plugins.hparams import api as hparams

from tfgan2.callbacks.board_layout import layout
from tfgan2.callbacks.cadence import Interval, check_every, is_due
from tfgan2.callbacks.event_files import cut_back
from tfgan2.system.files import storing


class TensorBoard(keras.callbacks.Callback):
    """Writes what a run reports for TensorBoard, with the global step as abscissa, also over a resume.

    Scalars are means since the last point. Tags: `losses/<player>` for what each player minimises,
    `losses/<player>/<term>` for its terms, `discriminator/real_probability` for D(real) and
    `discriminator/fake_probability` for D(fake), `gradient_norms/<player>`, `learning_rates/<network>`,
    `speed/steps_per_second` and `speed/samples_per_second_per_device`. TensorBoard opens the first two groups of the
    alphabet, `coverage` and `discriminator`. Text `flags`, the HParams and the layout of the tab Custom Scalars are
    written once, when the run begins. When training begins, events after the model's step are dropped from the folder;
    at step 0 all are. A folder that cannot be made or cut back raises `StorageError`; of a disk that fills up later
    TensorFlow's writer says nothing.

    No run is declared for the HParams: TensorBoard would take its columns from any one of the runs, where by
    itself it shows the hyperparameters in which the runs differ.

    Args:
      folder: the folder of this run.
      every: steps between two points; 0 writes none.
      settings_text: how the run was called, shown as text.
      hyperparameters: name -> value, for TensorBoard's comparison of runs.
      name: of the run in that comparison, one of its own; None takes a hash of the hyperparameters.
      device_batch: samples that a step takes of the data on each device; None leaves out their speed.
    """

    def __init__(self, folder, *, every, settings_text="", hyperparameters=None, name=None, device_batch=None):
        super().__init__()
        self._folder = Path(folder)
        self._every = check_every(every)
        self._settings_text = settings_text
        self._hyperparameters = dict(hyperparameters or {})
        self._name = name
        self._device_batch = device_batch
        self._interval = Interval()
        self._writer = None

    def scalars(self, step, values, prefix=""):
        """Writes one point of each of `values`, name -> float, under the tag `<prefix>/<name>`."""
        with self._writing():
            for name, value in values.items():
                tf.summary.scalar(f"{prefix}/{name}" if prefix else name, value, step=step)

    def image(self, step, name, pixels):
        """Writes a picture, uint8 [height, width, 3]."""
        with self._writing():
            tf.summary.image(name, pixels[None], step=step)

    def on_train_begin(self, logs=None):
        self._interval.begin(self.model.global_step)
        with self._writing():
            pass

    def on_train_batch_end(self, batch, logs=None):
        step = self.model.global_step
        self._interval.add(step, logs)
        if is_due(step, self._every):
            self._write_interval(step)

    def on_train_end(self, logs=None):
        if self._every and self._interval.steps:
            self._write_interval(self.model.global_step)

    def set_model(self, model):
        super().set_model(model)
        self._writer = None  # the next run cuts back and begins a file of its own

    def _write_interval(self, step):
        values = {_tag(name): value for name, value in self._interval.take().items()}
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
        continued = cut_back(self._folder, step if step else -1)
        self._writer = tf.summary.create_file_writer(str(self._folder))
        if not continued:
            with self._writer.as_default(step):
                # Four spaces make TensorBoard's Markdown show the lines as they are.
                tf.summary.text("flags", "\n".join(f"    {line}" for line in self._settings_text.splitlines()))
                tf.summary.experimental.write_raw_pb(custom_scalars.pb(layout()).SerializeToString())
                if self._hyperparameters:
                    values = {name: _hyperparameter(value) for name, value in self._hyperparameters.items()}
                    hparams.hparams(values, trial_id=self._name)


def _tag(name):
    player, _, term = name.rpartition("/")
    if term == "steps_per_second":
        return f"speed/{term}"
    if term.endswith("_probability"):
        return name
    return {"loss": f"losses/{player}", "gradient_norm": f"gradient_norms/{player}"}.get(term, f"losses/{name}")


def _hyperparameter(value):
    return value if isinstance(value, bool | int | float | str) else str(value)
