"""Measurement of the speed of a run, before it starts, by a few steps of the very model."""

import gc
import statistics
import time
from typing import NamedTuple

import numpy as np

from tfgan2.data.sample_arrays import with_arrays
from tfgan2.distribution.devices import uses_xla
from tfgan2.distribution.team import Team
from tfgan2.methods.base.stage import MAIN
from tfgan2.run.build import build, strategy_of
from tfgan2.run.loop import phase_iterator
from tfgan2.run.stages.stage_runs import stage_runs

_SECONDS = 3.0  # Time of the steps that are measured.
_CHUNK_SECONDS = 0.3
_FEWEST = 3  # Chunks.


class Pace(NamedTuple):
    """The speed of one training.

    Attributes:
      start: Seconds until the first step is done. TensorFlow traces and compiles it.
      step: Seconds of each further step.
    """

    start: float
    step: float


def paces_of(settings) -> dict[str, Pace]:
    """Trains a few steps of a run and of its stages, and throws the result away.

    Args:
      settings: The flags of the run. Its data have to be prepared.

    Returns:
      Name of a stage, and `MAIN` -> its `Pace`. Stages without steps are left out.

    Raises:
      InputError: Flags do not fit together.
    """
    strategy = strategy_of(settings)
    run, team = build(settings, strategy), Team(strategy)
    runs = {own.stage.name: _with_random_arrays(own) for own in stage_runs(run)} | {MAIN: run}
    paces = {name: _pace(each, team) for name, each in runs.items()}
    del run, runs
    gc.collect()  # Networks refer to themselves.
    return paces


def _with_random_arrays(own):
    """The run of a stage with random neighbours and labels. The true ones take long to compute."""
    random, run = np.random.default_rng(0), own.run
    size = run.first_part.size
    shapes = {"neighbors": (size, run.settings.arguments("prepare").get("neighbors", 1)), "labels": (size,)}
    arrays = {key: random.integers(0, 2, shapes[key]) for key in own.stage.array_keys}
    return run._replace(parts={"real": with_arrays(run.first_part, arrays)}) if arrays else run


def _pace(run, team):
    training, model = run.training, run.model
    phase, last_step = model.schedule(training.train_steps)[-1]
    model.begin_phase(phase)
    iterator = phase_iterator(run, last_step, team)
    # XLA compiles each size of a chunk separately.
    compiled = uses_xla(training.jit)
    period = run.settings.values.get("regularizer.penalty_every", 1)
    size = training.steps_per_execution if compiled else 1
    start = _seconds(model, iterator, size)
    times = [_seconds(model, iterator, size) / size]
    seconds, measured = 0.0, []
    while seconds < _SECONDS or len(measured) < _FEWEST:
        if not compiled:
            size = _chunk_size(times[-1], period, training.steps_per_execution)
        times.append(_seconds(model, iterator, size) / size)
        measured.append(times[-1])
        seconds += measured[-1] * size
    step = statistics.median(measured)
    return Pace(max(0.0, start - step * (training.steps_per_execution if compiled else 1)), step)


def _chunk_size(step, period, limit):
    """Number of steps that are measured together: about 0.3 s of them, up to a limit, but whole periods.

    Args:
      step: Seconds of a step.
      period: Number of steps after which a more expensive step comes again, as one with a penalty.
      limit: Largest number of steps, if it is not less than a period.
    """
    size = max(1, min(limit, round(_CHUNK_SECONDS / step)))
    return -(-size // period) * period


def _seconds(model, iterator, steps):
    started = time.perf_counter()
    model.train_chunk(iterator, steps)
    return time.perf_counter() - started
