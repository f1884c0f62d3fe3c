"""The training loop: from the newest checkpoint to the last step, in phases and chunks of steps."""

import contextlib
import sys
import time
from pathlib import Path

import keras

from tfgan2.data.batches import batches_of_parts
from tfgan2.data.computed import computed, stored
from tfgan2.data.sample_arrays import with_arrays
from tfgan2.distribution.devices import uses_xla
from tfgan2.distribution.team import Team
from tfgan2.errors import InputError, Interrupted, NonFiniteError
from tfgan2.system import checkpoints
from tfgan2.system.recoveries import Recovery, read_recoveries, recoveries_until, write_recoveries

_LONGEST_CHUNK = 5.0  # Seconds. A signal takes effect at the end of a chunk.


def restore(run, team):
    """Restores the newest checkpoint of the workdir. Without one, restores the weights of `--init_from`.

    Raises:
      InputError: No checkpoint can be read, it is from another model or after `train_steps`, or the workers found
        different checkpoints.
    """
    training, model = run.training, run.model
    report = print if team.is_chief else lambda _: None
    step = checkpoints.restore(model, Path(training.workdir) / "checkpoints", report=report)
    if step is None and training.init_from:
        checkpoints.restore_networks(model, Path(training.init_from) / "checkpoints")
    if step is not None and step > training.train_steps:
        raise InputError(
            f"--workdir={training.workdir} has been trained to step {step} already, and --train_steps="
            f"{training.train_steps} is less; give at least {step}, or a new workdir."
        )
    # From here on the chief may remove checkpoints.
    steps = [int(there) for (there,) in team.gather(model.global_step)]
    if len(set(steps)) > 1:
        raise InputError(
            f"the workers found checkpoints of different steps ({', '.join(map(str, steps))}) in --workdir="
            f"{training.workdir}; it must be one folder that all their machines share."
        )


def train(run, callbacks, team=None):
    """Trains from the model's step to `train_steps`, phase by phase.

    Args:
      run: The run of `build`, restored or not.
      callbacks: Keras callbacks. They are called with the global step at the end of each chunk of steps. If a callback
        sets the model's `stop_training` or `finish_training`, training ends at this step on all workers. A finished
        run has come to its end, as at `train_steps`.
      team: The `Team` of the model's strategy. None makes it.

    Raises:
      NonFiniteError: A number of the training is not finite, and the run may not go back any more.
      Interrupted: A callback stopped training early. The callbacks have saved their results.
    """
    team = team or Team(run.model.distribute_strategy)
    recoveries = read_recoveries(run.training.workdir)
    while True:
        try:
            _train_on(run, callbacks, team, recoveries)
            return
        except NonFiniteError as error:
            recoveries = _gone_back(run, team, recoveries, error)


def _gone_back(run, team, recoveries, error):
    """Restores the newest checkpoint after an error, and returns the recoveries with one more.

    Raises:
      NonFiniteError: There have been as many recoveries as allowed.
    """
    training = run.training
    if len(recoveries) >= training.recover:
        if not recoveries:
            raise error
        times = f"{len(recoveries)} time{'s' * (len(recoveries) > 1)}"
        raise NonFiniteError(
            f"{error} The run has gone back {times}, and --recover={training.recover} allows no more."
        ) from error
    restore(run, team)
    recoveries = (*recoveries, Recovery(run.model.global_step, str(error)))
    if team.is_chief:
        write_recoveries(training.workdir, recoveries)
    team.wait()
    return recoveries


def _train_on(run, callbacks, team, recoveries):
    """Trains from the model's step to the end, or to a number that is not finite."""
    training, model = run.training, run.model
    if team.is_chief and 0 < model.global_step < training.train_steps:
        print(f"tfgan2: continues from step {model.global_step}", file=sys.stderr)
    callbacks = keras.callbacks.CallbackList(callbacks, model=model)
    model.stop_training = model.finish_training = False
    with _together(team):
        callbacks.on_train_begin()
    model.finish_training = any(finished for (finished,) in team.gather(model.finish_training))
    first_step = 0
    for phase, last_step in model.schedule(training.train_steps):
        number = recoveries_until(recoveries, first_step)
        if model.global_step < last_step and not _ends(model):
            model.check_finite()  # A phase may begin with what the networks compute.
            model.begin_phase(phase)
            own = _with_own_arrays(run, first_step, number)
            # From the step of a recovery on the random numbers are others.
            ends = {recovery.step for recovery in recoveries if model.global_step < recovery.step < last_step}
            for end in sorted({*ends, last_step}):
                model.draw_anew(recoveries_until(recoveries, model.global_step))
                _train_phase(own, end, callbacks, team)
        elif model.global_step == last_step:
            _take_arrays_again(run, phase, first_step, number)
        first_step = last_step
    with _together(team):
        callbacks.on_train_end()
    if model.stop_training:
        raise Interrupted(
            f"stopped at step {model.global_step} of {training.train_steps}; the same command continues from there."
        )


def _ends(model):
    return model.stop_training or model.finish_training


@contextlib.contextmanager
def _together(team):
    """Context that all workers leave together. A number that is not finite on one worker is an error on all."""
    found = None
    try:
        yield
    except NonFiniteError as error:
        found = error
    if any(is_found for (is_found,) in team.gather(found is not None)):
        raise found or NonFiniteError("a number of another worker is not finite; see its output.")


def _with_own_arrays(run, first_step, recovery):
    """A run whose batches hold the arrays that its method computes at the beginning of a phase."""
    model, key = run.model, next(iter(run.parts))
    if not model.array_keys:
        return run
    make = lambda: model.arrays_of(run.network_samples)  # noqa: E731
    arrays = computed(*_key_of_arrays(first_step, model.phase, recovery), make, cache_dir=_folder_of_arrays(run))
    model.take_arrays(arrays)
    return run._replace(parts=run.parts | {key: with_arrays(run.first_part, arrays)})


def _take_arrays_again(run, phase, first_step, recovery):
    """Gives the model the arrays of the phase that has ended where the run continues."""
    if run.model.array_keys:
        arrays = stored(*_key_of_arrays(first_step, phase, recovery), cache_dir=_folder_of_arrays(run))
        if arrays is not None:
            run.model.take_arrays(arrays)


def _folder_of_arrays(run):
    return Path(run.training.workdir) / "arrays"


def _key_of_arrays(first_step, phase, recovery):
    return f"step_{first_step:08d}", {"phase": phase} | ({"recovery": recovery} if recovery else {})


def _train_phase(run, last_step, callbacks, team):
    training, model = run.training, run.model
    iterator = phase_iterator(run, last_step, team)
    chunk = training.steps_per_execution
    step = model.global_step
    # A graph can run chunks of any size. So its first two steps are single, to measure the time of a step. XLA would
    # compile each size separately.
    alone = step if uses_xla(training.jit) else step + 2
    traced = set()
    while step < last_step and not _ends(model):
        # A chunk ends at each multiple of steps_per_execution, because cadences in steps are such multiples.
        steps = 1 if step < alone else min(chunk - step % chunk, last_step - step)
        started = time.monotonic()
        with _together(team):
            logs = model.train_chunk(iterator, steps)
            seconds = (time.monotonic() - started) / steps
            step += steps
            callbacks.on_train_batch_end(step, logs)
        stops, finishes, times = zip(*team.gather(model.stop_training, model.finish_training, seconds), strict=True)
        model.stop_training, model.finish_training, seconds = any(stops), any(finishes), max(times)
        # The first chunk of each size includes tracing and compilation, so its time is not used.
        while steps in traced and chunk > 1 and seconds * chunk > _LONGEST_CHUNK:
            chunk = next(size for size in range(chunk // 2, 0, -1) if chunk % size == 0)
        traced.add(steps)


def phase_iterator(run, last_step, team):
    """Returns the iterator over the batches of a phase."""
    training, model = run.training, run.model
    dataset = batches_of_parts(
        run.parts,
        run.scaling,
        labels="labels" in model.batch_keys,
        batch_size=training.batch_size * model.discriminator_steps,
        seed=model.drawing_seed,
        first_step=model.global_step,
        last_step=last_step,
        prefetch=training.steps_per_execution,
        shard=(team.index, team.count),
    )
    return team.distribute(dataset)
