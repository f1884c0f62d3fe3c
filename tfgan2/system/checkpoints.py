"""Checkpoints of training runs. A checkpoint is a folder, complete or absent. A resumed run is bit-identical."""

import re
import shutil
from pathlib import Path

import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.system.file_versions import KEY, VERSIONS, check_version, version_in
from tfgan2.system.files import storing
from tfgan2.system.paths import literal

BEST = "best"
"""Name of the link to the best checkpoint."""

_NAME = re.compile(r"step_(\d{8,})$")
_DAMAGE = (tf.errors.OpError, IndexError, OSError)
_VERSION = f"{KEY}/.ATTRIBUTES/py_state"  # Name of the version in a checkpoint.


class _Version(tf.train.experimental.PythonState):
    """The version of a checkpoint as a part of it. Unlike a variable, it is on no device."""

    def serialize(self):
        return str(VERSIONS["checkpoint"])

    def deserialize(self, text):
        pass  # It is checked before the variables are read.


def saved_steps(folder):
    """Returns the steps with a checkpoint in rising order. The list is empty if the folder is absent.

    Raises:
      InputError: The folder is a file.
    """
    if Path(folder).is_file():
        raise InputError(f"{folder} is a file; it must be a folder. Restore the folder, or name a new workdir.")
    found = (_NAME.match(path.name) for path in Path(folder).glob("step_*"))
    return sorted(int(match.group(1)) for match in found if match)


def path_of(folder, step):
    """Path of the checkpoint of a step."""
    return Path(folder) / f"step_{step:08d}"


def save(model, folder):
    """Writes a checkpoint of the model's present step.

    Args:
      model: A compiled game.
      folder: Folder of the checkpoints.

    Returns:
      The path of the checkpoint.

    Raises:
      NonFiniteError: A variable is not finite. Nothing is written.
      StorageError: The checkpoint cannot be written. No incomplete checkpoint stays.
    """
    model.check_finite()
    target = path_of(folder, model.global_step)
    remove_unfinished(target.parent)
    unfinished = _unfinished(target)
    with storing(target):
        try:
            unfinished.mkdir(parents=True)
            tf.train.Checkpoint(**model.state(), **{KEY: _Version()}).write(str(unfinished / "state"))
            if target.exists():
                shutil.rmtree(target)
            unfinished.rename(target)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return target


def remove_unfinished(folder):
    """Removes what a kill within the writing or the removal of a checkpoint has left."""
    for left_by_a_kill in Path(folder).glob(".step_*.unfinished"):
        shutil.rmtree(left_by_a_kill, ignore_errors=True)


def mark_best(folder, step):
    """Links `best` in the folder to the checkpoint of a step. The link is replaced at once, so it always exists.

    Raises:
      StorageError: The link cannot be written.
    """
    link, target = Path(folder, BEST), path_of(folder, step).name
    unfinished = _unfinished(link)
    with storing(link):
        if link.is_dir() and not link.is_symlink():
            remove(link)  # A copy of the run has the checkpoint itself in place of the link.
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(target)
        unfinished.replace(link)


def remove(path):
    """Removes a checkpoint. It is renamed first, so that a kill leaves no incomplete checkpoint with a valid name."""
    unfinished = _unfinished(path)
    shutil.rmtree(unfinished, ignore_errors=True)
    with storing(path):
        path.rename(unfinished)
    shutil.rmtree(unfinished, ignore_errors=True)


def restore(model, folder, *, step=None, report=print):
    """Restores the checkpoint of a step, or the newest readable checkpoint.

    Args:
      model: A compiled game, built as the saved one.
      folder: Folder of the checkpoints.
      step: The step to restore. None takes the newest checkpoint or, if it is damaged, the one before it.
      report: Function that receives a message about each damaged checkpoint.

    Returns:
      The restored step, or None if `step` is None and the folder has no checkpoint.

    Raises:
      InputError: There is no checkpoint of the step, no checkpoint can be read, or it is from a different model.
    """
    steps = saved_steps(folder)
    if step is not None and step not in steps:
        raise InputError(f"{folder} has no checkpoint of step {step}; it has {_listed(steps)}.")
    candidates = [step] if step is not None else steps[::-1]
    for candidate in candidates:
        path = path_of(folder, candidate)
        try:
            _read(model.state(), path, partial=False)
            return candidate
        except _DAMAGE as error:
            report(f"the checkpoint {path} is damaged ({_reason(error)}).")
    if candidates:
        raise InputError(
            f"{folder} has no readable checkpoint (tried steps: {_listed(candidates)}). "
            "Restore the folder from a copy, or start again in a new workdir."
        )
    return None


def restore_best(model, folder):
    """Restores the best checkpoint and returns its step.

    Raises:
      InputError: There is no best checkpoint, it cannot be read, or it is from a different model.
    """
    path = Path(folder, BEST)
    if not path.is_dir():
        raise InputError(
            f"{folder} has no best checkpoint; it has those of steps {_listed(saved_steps(folder))}. "
            "Train with --best_metric=NAME to keep the best checkpoint."
        )
    try:
        _read(model.state(), path, partial=False)
    except _DAMAGE as error:
        raise InputError(f"{path.resolve()} is damaged ({_reason(error)}).") from error
    return model.global_step


def restore_networks(model, folder):
    """Restores the networks and averages of the newest checkpoint, but neither the step nor the optimizers.

    Returns:
      The step of the checkpoint.

    Raises:
      InputError: The folder has no checkpoint, the newest one cannot be read, or the networks are different.
    """
    steps = saved_steps(folder)
    if not steps:
        raise InputError(f"{folder} has no checkpoint to start from. Name the workdir of a run that saved one.")
    state = {name: v for name, v in model.state().items() if name != "step" and not name.startswith("optimizer/")}
    try:
        _read(state, path_of(folder, steps[-1]), partial=True)
    except _DAMAGE as error:
        raise InputError(f"{path_of(folder, steps[-1])} is damaged ({_reason(error)}).") from error
    return steps[-1]


def _read(state, path, *, partial):
    """Reads variables by name. If `partial`, the checkpoint may have further variables."""
    (stored, has_version), here = _stored(path), {name: _kind(v.dtype, v.shape) for name, v in state.items()}
    for name in sorted(here if partial else here.keys() | stored.keys()):
        if stored.get(name) != here.get(name):
            there, expected = stored.get(name, "missing"), here.get(name, "missing")
            raise InputError(
                f"{path} does not match this run: {name} is {there} in the checkpoint and {expected} in the run. "
                "Use the flags and the version of the saved run."
            )
    with literal(path) as folder:
        version = {KEY: _Version()} if has_version else {}
        status = tf.train.Checkpoint(**state, **version).read(str(folder / "state"))
    if partial:
        status.expect_partial()
    else:
        status.assert_consumed()


def _stored(path):
    """Name -> type and shape of each variable of a checkpoint, and whether it has a version."""
    with literal(path) as folder:
        reader = tf.train.load_checkpoint(str(folder / "state"))
        types, shapes = reader.get_variable_to_dtype_map(), reader.get_variable_to_shape_map()
        has_version = _VERSION in shapes
        if has_version:
            check_version("checkpoint", path, {KEY: version_in(reader.get_tensor(_VERSION).decode(errors="replace"))})
    kinds = {}
    for key, shape in shapes.items():
        name, suffix, _ = key.partition("/.ATTRIBUTES/VARIABLE_VALUE")
        if suffix:
            kinds[name.replace(".S", "/")] = _kind(types[key], shape)  # TensorFlow writes .S for / in a name.
    return kinds, has_version


def _kind(dtype, shape):
    return f"{tf.as_dtype(dtype).name} {list(shape)}"


def _unfinished(path):
    return path.with_name(f".{path.name}.unfinished")


def _reason(error):
    text = getattr(error, "message", None) or getattr(error, "strerror", None) or str(error)
    return text.strip().splitlines()[0][:300]


def _listed(steps):
    return ", ".join(map(str, steps)) if steps else "none"
