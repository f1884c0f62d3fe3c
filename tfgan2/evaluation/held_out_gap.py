"""How a discriminator rates held-out samples: as training samples, or as generated ones."""

import numpy as np

ROWS = 256
"""Largest number of training, held-out and generated samples that are rated."""


class HeldOutGap:
    """The place of held-out samples between training and generated samples, by the discriminator's mean scores.

    It is r_v of ADA (Karras et al., NeurIPS 2020): 0 if the discriminator rates held-out samples as training samples,
    and 1 if it rates them as generated samples. Here two standard errors are subtracted from the difference of training
    and held-out samples, and a negative difference is 0, so that a few held-out samples raise no false alarm.

    Args:
      kind: The `Kind` of the samples.
      training, held_out: Stored samples [n, ...] of both sets.
    """

    def __init__(self, kind, training, held_out):
        self._kind = kind
        self._training, self._held_out = kind.as_float(training), kind.as_float(held_out)

    def of(self, score, generated):
        """Returns {"held_out_gap": value}, or nothing if the scores of generated samples are the highest.

        Args:
          score: Function from samples in data units, float32 [n, ...], to scores [n, 1].
          generated: Stored samples [n, ...].
        """
        sets = (self._training, self._held_out, self._kind.as_float(generated[:ROWS]))
        training, held_out, fake = (np.asarray(score(samples), np.float64) for samples in sets)
        span = training.mean() - fake.mean()
        if not span > 0:
            return {}
        error = np.sqrt(training.var() / len(training) + held_out.var() / len(held_out))
        return {"held_out_gap": float(max(training.mean() - held_out.mean() - 2 * error, 0.0) / span)}
