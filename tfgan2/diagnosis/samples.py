"""Findings about the samples: they are alike, copied from the training pictures, or have lost modes; overfitting."""

import numpy as np

from tfgan2.diagnosis.finding import Finding

_ALIKE = 0.3  # Distance between generated samples as a share of that between real samples.
_REPEATED = 0.3  # The same for nearest neighbours.
_COPIED = 0.2  # Share of generated pictures.
_CONFIDENT = 0.9  # r_t = 2 * share of real samples that are called real - 1. ADA aims at 0.6.
_DECEIVED = 0.5  # Share of generated samples that are called real. Above it, D knows no sample by heart.
_EPOCHS = 10
_MISSED = 0.5  # D(held-out) on the way from D(training) to D(fake).


def samples_alike(history):
    """Generated samples are much more alike than real samples, in three pictures in turn.

    They are at most 30 % as far apart as real samples: on average (`health/spread`), or for images from the most
    similar other sample (`health/nearest`).
    """
    spread, nearest = history.last("health/spread", 3), history.last("health/nearest", 3)
    advice = (
        "Start again with a lower learning rate, a larger --batch_size, --regularizer.r1_weight=1 (pictures), or a "
        "method that covers modes (--method=gngan)."
    )
    if history.is_young:
        return None
    if spread is not None and np.max(spread) <= _ALIKE:
        text = f"the generated samples are alike: their distance is {spread[-1]:.0%} of that between real samples."
    elif nearest is not None and np.max(nearest) <= _REPEATED:
        text = (
            f"the generated samples repeat a few prototypes: the distance to the most similar one is {nearest[-1]:.0%} "
            "of that between real samples."
        )
    else:
        return None
    return Finding("samples_alike", text, advice)


def training_copied(history):
    """Many generated pictures are copies of training pictures.

    At least 20 % are near copies (`health/copies`), in two pictures in turn.
    """
    copies = history.last("health/copies", 2)
    if history.is_young or copies is None or np.min(copies) < _COPIED:
        return None
    return Finding(
        "training_copied",
        f"{copies[-1]:.0%} of the generated pictures are near copies of training pictures.",
        "Take an earlier checkpoint, more training pictures, or --network.augmentation=ada in a new run.",
    )


def discriminator_overfits(history):
    """The discriminator knows the training samples by heart.

    If samples are held out, it rates them more like generated than like training samples: D(held-out) is at least
    halfway from D(training) down to D(fake) (`health/held_out_gap`). Otherwise it calls nearly all training samples
    real, and less than half of the generated ones, after it has seen each at least ten times: r_t = E[sign D(real)],
    the heuristic of ADA, is at least 0.9. For losses without a boundary, a sample is called real if its logit is above
    that of a generated sample.
    """
    advice = (
        "Samples may get worse from here: keep the best checkpoint (--best_metric), and start again with more data, "
        "or for pictures with --network.augmentation=ada or --regularizer.r1_weight=1."
    )
    gaps = history.last("health/held_out_gap", 3)
    if gaps is not None:
        if history.is_young or np.min(gaps) < _MISSED:
            return None
        text = f"on held-out samples it falls {gaps[-1]:.0%} of the way from training to generated samples."
        return Finding("discriminator_overfits", f"the discriminator overfits: {text}", advice)
    found = history.recent("discriminator/real_called_real", "discriminator/fake_called_real")
    if found is None or history.step * history.epochs_per_step < _EPOCHS or "discriminator_won" in history.active:
        return None
    since, called, fake_called = found
    trust = 2 * np.mean(called) - 1
    if trust < _CONFIDENT or np.mean(fake_called) >= _DECEIVED:
        return None
    text = f"since step {since:,} it is sure of the training samples: r_t = E[sign D(real)] is {trust:.2f}."
    return Finding("discriminator_overfits", f"the discriminator overfits: {text}", advice)


def modes_lost(history):
    """At most half as many modes are covered as at the best evaluation before."""
    alarms = history.last("coverage/collapsed", 1)
    if alarms is None or not alarms[0]:
        return None
    steps, covered = next(
        found for name in ("registered_modes", "modes_covered") if len((found := history.of(f"coverage/{name}"))[0])
    )
    best = int(np.argmax(covered))
    return Finding(
        "modes_lost",
        f"mode collapse: covered modes fell from {covered[best]:.0f} at step {int(steps[best]):,} to {covered[-1]:.0f} "
        f"of {history.modes} at step {int(steps[-1]):,}.",
        "If they do not come back, take the best checkpoint (--best_metric), or start again with a lower learning "
        "rate, a method that covers modes (--method=gngan), or for pictures --regularizer.r1_weight=1.",
    )
