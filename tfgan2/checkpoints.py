"""Checkpoints: a folder for each, whole or absent, from which a run goes on bit for bit."""

import re
import shutil
from pathlib import Path

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError, NonFiniteError
from tfgan2.system.files import storing
from tfgan2.system.paths import literal

BEST = "best"
"""The name beside those of steps that stands for the best of them."""

_NAME = re.compile(r"step_(\d{8,})$")
_DAMAGE = (tf.errors.OpError, IndexError, OSError)


def saved_steps(folder):
    """The steps that have a checkpoint, in rising order; none where there is no folder.

    Raises:
      InputError: it is a file.
    """
    if Path(folder).is_file():
        raise InputError(f"{folder} is a file, not the folder of checkpoints; restore it, or name a new workdir.")
    found = (_NAME.match(path.name) for path in Path(folder).glob("step_*"))
    return sorted(int(match.group(1)) for match in found if match)


def path_of(folder, step):
    """The folder of one checkpoint."""
    return Path(folder) / f"step_{step:08d}"


def save(model, folder):
    """Writes a checkpoint of the model's present step and returns its folder.

    Raises:
      NonFiniteError: a variable is not finite; nothing is written.
      StorageError: the file system refuses; nothing half written stays.
    """
    state = model.state()
    for name, variable in state.items():
        if variable.dtype.is_floating and not np.all(np.isfinite(variable.numpy())):
            raise NonFiniteError(f"{name} is not finite after step {model.global_step - 1}; it is not saved.")
    target = path_of(folder, model.global_step)
    for left_by_a_kill in target.parent.glob(".step_*.unfinished"):
        shutil.rmtree(left_by_a_kill, ignore_errors=True)
    unfinished = _unfinished(target)
    with storing(target):
        try:
            unfinished.mkdir(parents=True)
            tf.train.Checkpoint(**state).write(str(unfinished / "state"))
            if target.exists():
                shutil.rmtree(target)
            unfinished.rename(target)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return target


def mark_best(folder, step):
    """Makes `best` in the folder a link to the checkpoint of a step, at once, so that there always is one.

    Raises:
      StorageError: the file system refuses.
    """
    link, target = Path(folder, BEST), path_of(folder, step).name
    unfinished = _unfinished(link)
    with storing(link):
        if link.is_dir() and not link.is_symlink():
            remove(link)  # whoever copied the run followed the link
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(target)
        unfinished.replace(link)


def remove(path):
    """Removes a checkpoint so that a kill in between leaves no part of it under its name."""
    unfinished = _unfinished(path)
    shutil.rmtree(unfinished, ignore_errors=True)
    with storing(path):
        path.rename(unfinished)
    shutil.rmtree(unfinished, ignore_errors=True)


def restore(model, folder, *, step=None, report=print):
    """Restores the newest checkpoint that can be read, or the one of a given step.

    Args:
      model: a compiled game, built as the one that was saved.
      folder: what was given to `save`.
      step: which checkpoint; None takes the newest, and the one before if it is damaged.
      report: is told about each damaged checkpoint that is passed over.

    Returns:
      The restored step, or None if the folder has no checkpoint and no step is asked for.

    Raises:
      InputError: there is no checkpoint of that step, or none that can be read.
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
            f"no checkpoint in {folder} can be read ({_listed(candidates)} tried); "
            "restore the folder from a copy, or start again in a new workdir."
        )
    return None


def restore_best(model, folder):
    """Restores the checkpoint that is kept as the best, and returns its step.

    Raises:
      InputError: there is none, it cannot be read, or it is of another model.
    """
    path = Path(folder, BEST)
    if not path.is_dir():
        raise InputError(
            f"{folder} has no best checkpoint, only those of the steps {_listed(saved_steps(folder))}; the best by "
            "a metric is kept from when a run is trained with --best_metric=NAME on."
        )
    try:
        _read(model.state(), path, partial=False)
    except _DAMAGE as error:
        raise InputError(f"{path.resolve()} is damaged ({_reason(error)}).") from error
    return model.global_step


def restore_networks(model, folder):
    """Takes the networks and averages of the newest checkpoint in `folder`; step and optimizers stay as they are.

    Raises:
      InputError: the folder has no readable checkpoint, or the networks are others.
    """
    steps = saved_steps(folder)
    if not steps:
        raise InputError(f"{folder} has no checkpoint to start from; name the workdir of a run that saved one.")
    state = {name: v for name, v in model.state().items() if name != "step" and not name.startswith("optimizer/")}
    try:
        _read(state, path_of(folder, steps[-1]), partial=True)
    except _DAMAGE as error:
        raise InputError(f"{path_of(folder, steps[-1])} is damaged ({_reason(error)}).") from error
    return steps[-1]


def _read(state, path, *, partial):
    """Reads variables by their names; `partial` if others may lie beside them."""
    stored, here = _stored(path), {name: _kind(v.dtype, v.shape) for name, v in state.items()}
    for name in sorted(here if partial else here.keys() | stored.keys()):
        if stored.get(name) != here.get(name):
            there, asked = stored.get(name, "not there"), here.get(name, "not at all")
            raise InputError(
                f"{path} holds other variables than this run has: {name} is {there}, and the run has it {asked}. "
                "Use the flags (and the version) that it was made with."
            )
    with literal(path) as folder:
        status = tf.train.Checkpoint(**state).read(str(folder / "state"))
    if partial:
        status.expect_partial()
    else:
        status.assert_consumed()


def _stored(path):
    """Name -> type and shape of the variables of a checkpoint."""
    with literal(path) as folder:
        reader = tf.train.load_checkpoint(str(folder / "state"))
        types, shapes = reader.get_variable_to_dtype_map(), reader.get_variable_to_shape_map()
    kinds = {}
    for key, shape in shapes.items():
        name, suffix, _ = key.partition("/.ATTRIBUTES/VARIABLE_VALUE")
        if suffix:
            kinds[name.replace(".S", "/")] = _kind(types[key], shape)  # which TensorFlow writes for a / in a name
    return kinds


def _kind(dtype, shape):
    return f"{tf.as_dtype(dtype).name} {list(shape)}"


def _unfinished(path):
    return path.with_name(f".{path.name}.unfinished")


def _reason(error):
    text = getattr(error, "message", None) or getattr(error, "strerror", None) or str(error)
    return text.strip().splitlines()[0][:300]


def _listed(steps):
    return ", ".join(map(str, steps)) if steps else "none"
