"""Runs that differ in the seed alone: one compiled step trains them one after the other, which saves seconds a run."""

import keras

from tfgan2 import flags
from tfgan2.evaluation.sampler import Sampler
from tfgan2.run.build import build
from tfgan2.run.loop import train


def measured_while_trained(argv, measure, *, every, seeds=(0,)):
    """Trains a run of each seed and measures its averaged generator.

    A seed determines the initial weights and the order of the data. All runs draw the latents of the first seed, as
    these are part of the compiled step.

    Args:
      argv: Flags of tfgan2.train.
      measure: (`Sampler`, run) -> a result.
      every: Steps between two measurements, a multiple of --steps_per_execution.
      seeds: Seeds of the runs.

    Returns:
      The results in order, a list for each seed.
    """
    shared, results = None, []
    for seed in seeds:
        run = build(flags.parse("train", [*argv, f"--seed={seed}"]))
        shared = shared or run.model
        for name, variable in shared.state().items():
            variable.assign(run.model.state()[name])
        # The order of the data goes by the seed of the model. The compiled step keeps the one that it was traced with.
        shared.seed = shared.drawing_seed = seed
        results.append([])
        train(run._replace(model=shared), [_Measuring(run, measure, every, results[-1])])
    return results


class _Measuring(keras.callbacks.Callback):
    def __init__(self, run, measure, every, results):
        super().__init__()
        self._run, self._measure, self._every, self._results = run, measure, every, results

    def on_train_begin(self, logs=None):
        self._sampler = Sampler(self.model, self._run.scaling, self._run.data.kind)

    def on_train_batch_end(self, step, logs=None):
        if step % self._every == 0:
            self._results.append(self._measure(self._sampler, self._run))
