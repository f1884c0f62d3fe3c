"""Removal of events after a given step from TensorBoard's event files."""

from pathlib import Path

import tensorflow as tf

from tfgan2.system.files import storing


def cut_back(folder, step):
    """Removes every event after `step` from the event files of a folder, and removes files without events.

    A resumed run writes some steps a second time. TensorBoard has two readers, which hide the old points by different
    rules: one by `SessionLog` events, the other when a tag has a point at an earlier step. Events that are not in the
    files appear in neither reader.

    Args:
      folder: The folder of one run. It may be absent.
      step: The last step to keep. -1 removes all events.

    Returns:
      The tags of the events that stay. It is empty if none stays.

    Raises:
      StorageError: A file cannot be written. It is unchanged.
    """
    kept = set()
    for path in sorted(Path(folder).glob("events.out.tfevents.*")):
        with storing(path):
            kept |= _cut_back_file(path, step)
    return kept


def _cut_back_file(path, step):
    unfinished = path.with_name(f".{path.name}.unfinished".replace("tfevents", "cut"))
    kept = set()
    try:
        with tf.io.TFRecordWriter(str(unfinished)) as writer:
            for record in _records(path):
                event = tf.compat.v1.Event.FromString(record)
                if event.HasField("file_version"):
                    writer.write(record)
                elif event.step <= step:
                    writer.write(record)
                    kept.update(value.tag for value in event.summary.value)
        if kept:
            unfinished.replace(path)
        else:
            path.unlink()
    finally:
        unfinished.unlink(missing_ok=True)
    return kept


def _records(path):
    options = tf.data.Options()
    options.autotune.enabled = False  # The autotune thread would delay the end of the loop.
    try:
        yield from tf.data.TFRecordDataset(str(path)).with_options(options).as_numpy_iterator()
    except tf.errors.DataLossError:
        return  # A crash cut this record short. It is the last one.
