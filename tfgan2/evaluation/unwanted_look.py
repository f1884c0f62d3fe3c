"""Whether samples look like images that the generator was shown as unwanted, where no labels say what is unwanted."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tfgan2.data.parts import evenly

_MOST = 5_000  # Images of each kind.


def unwanted_samples(run):
    """The images of other datasets that the generator of a run avoids, stored [n, ...], or None without any.

    Args:
      run: A `Run` or `TrainedRun`.
    """
    if not run.data.kind.marks_unwanted:
        return None
    wanted = run.model.wanted_keys
    parts = [part for key, part in run.parts.items() if key not in wanted and part.data is not run.data]
    return np.concatenate([part.taken().samples for part in parts]) if parts else None


def unwanted_look(wanted, unwanted):
    """Trains a logistic regression on features of real images.

    Both kinds have the same weight, whatever their numbers. At most 5,000 images of each kind are used, evenly spaced.

    Args:
      wanted, unwanted: Features [n, d] and [m, d] of real images.

    Returns:
      A function from features [k, d] to bool [k]: whether each image looks unwanted.
    """
    kinds = [evenly(features, _MOST) for features in (wanted, unwanted)]
    labels = np.repeat([0, 1], [len(kind) for kind in kinds])
    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=1000))
    model.fit(np.concatenate(kinds).astype(np.float64), labels)
    return lambda features: model.predict(features.astype(np.float64)) == 1
