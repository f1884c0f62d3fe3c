"""Cutting TensorBoard's event files back to a step."""

from pathlib import Path

import tensorflow as tf

from tfgan2.system.files import storing


def cut_back(folder, step):
    """Drops every event after `step` from the event files of a folder, and files that have nothing left.

    TensorBoard has two readers, and they treat points that a resumed run writes again differently: one by
    `SessionLog` events, the other as soon as a tag gets a point of an earlier step. What is not in the files, neither
    shows.

    Args:
      folder: the folder of one run; it need not exist.
      step: the last step whose events stay; -1 drops all.

    Returns:
      Whether any event stayed.

    Raises:
      StorageError: the file system refuses; the files are as they were.
    """
    kept_any = False
    for path in sorted(Path(folder).glob("events.out.tfevents.*")):
        with storing(path):
            kept_any |= _cut_back_file(path, step)
    return kept_any


def _cut_back_file(path, step):
    unfinished = path.with_name(f".{path.name}.unfinished".replace("tfevents", "cut"))
    kept = 0
    try:
        with tf.io.TFRecordWriter(str(unfinished)) as writer:
            for record in _records(path):
                event = tf.compat.v1.Event.FromString(record)
                if event.HasField("file_version"):
                    writer.write(record)
                elif event.step <= step:
                    writer.write(record)
                    kept += 1
        if kept:
            unfinished.replace(path)
        else:
            path.unlink()
    finally:
        unfinished.unlink(missing_ok=True)
    return kept > 0


def _records(path):
    options = tf.data.Options()
    options.autotune.enabled = False  # its thread would delay the end of the loop
    try:
        yield from tf.data.TFRecordDataset(str(path)).with_options(options).as_numpy_iterator()
    except tf.errors.DataLossError:
        return  # a record that a crash tore; nothing follows it
