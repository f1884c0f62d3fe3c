"""The balance of the players: one of them has won, or they swing.

The checks read what a discriminator thinks of real and generated samples (`losses/verdicts.py`). Its scale is the same
for all losses. They look at a long stretch, because a player is often ahead for a while.
"""

import numpy as np

from tfgan2.diagnosis.finding import Finding
from tfgan2.diagnosis.improvement import gain, improved, shortfalls

_NEARLY_ALL = 0.95  # Share of samples on the right side.
_MOSTLY = 0.9  # Share of the points of a stretch.
_VANISHED = 0.01  # Gradient norm of the generator as a share of its first values.
_AHEAD = 0.02  # D(fake) - D(real).
_SWING = 0.1  # Half of the range of D(real) - D(fake).
_CROSSINGS = 6
_BUCKETS = 32

_VERDICTS = tuple(f"discriminator/{side}_called_real" for side in ("real", "fake"))
_PROBABILITIES = tuple(f"discriminator/{side}_probability" for side in ("real", "fake"))


def discriminator_won(history):
    """The discriminator separates nearly all samples, and the generator does not recover.

    The discriminator is right about at least 95 % of the real and 95 % of the generated samples, at nine of ten points
    of a long stretch.

    The generator does not recover if its loss does not fall, or its gradients have vanished. While a score of the
    evaluations still improves, the generator learns all the same.
    """
    found = history.recent(*_VERDICTS, "generator/loss", "generator/gradient_norm")
    if found is None:
        return None
    since, real, fake, losses, norms = found
    if np.mean((real >= _NEARLY_ALL) & (fake <= 1 - _NEARLY_ALL)) < _MOSTLY:
        return None
    if improved(shortfalls(history)):
        return None
    first = history.of("generator/gradient_norm")[1][:8]
    vanished = np.median(norms) <= _VANISHED * np.median(first)
    if not vanished and gain(np.arange(len(losses)), losses).lower > 0:
        return None
    right = (np.mean(real) + 1 - np.mean(fake)) / 2
    state = "its gradients have vanished" if vanished else f"its loss ({np.mean(losses):.3g}) does not fall"
    return Finding(
        "discriminator_won",
        f"the discriminator has won since step {since:,}: it is right about {right:.1%} of the samples, and the "
        f"generator does not recover: {state}.",
        "Start again with a lower learning rate of the discriminator (--optimizer.discriminator.learning_rate), or "
        "regularise it (for pictures --regularizer.r1_weight=1).",
    )


def generator_won(history):
    """The discriminator takes generated samples for real more than real samples.

    D(fake) is above D(real) at nine of ten points of a long stretch, by at least 0.02 on average.
    """
    found = history.recent(*_PROBABILITIES)
    if found is None:
        return None
    since, real, fake = found
    if np.mean(fake - real > 0) < _MOSTLY or np.mean(fake - real) < _AHEAD:
        return None
    return Finding(
        "generator_won",
        f"the generator has won since step {since:,}: the discriminator takes generated samples for real "
        f"(D(fake) is {np.mean(fake):.2f}) more than real samples (D(real) is {np.mean(real):.2f}).",
        "Its verdicts teach nothing. Start again with a higher learning rate of the discriminator "
        "(--optimizer.discriminator.learning_rate), or a lower one of the generator.",
    )


def losses_oscillate(history):
    """D(real) - D(fake) swings widely to and fro.

    In the second half of the run it goes at least six times from one side of its middle to the other, by at least 0.1
    on each side.
    """
    (steps, real), (_, fake) = map(history.of, _PROBABILITIES)
    if history.is_young or len(steps) < 2 * _CROSSINGS or len(real) != len(fake):
        return None
    half = len(steps) // 2  # The first half of the run may be a start.
    buckets = np.array_split((real - fake)[half:], min(_BUCKETS, len(steps) - half))
    gaps = np.array([np.mean(bucket) for bucket in buckets])
    low, high = np.quantile(gaps, [0.1, 0.9])
    middle = (low + high) / 2
    sides = np.sign(gaps - middle) * (np.abs(gaps - middle) >= _SWING)
    sides = sides[sides != 0]
    crossings = int(np.sum(sides[1:] != sides[:-1]))
    if crossings < _CROSSINGS:
        return None
    return Finding(
        "losses_oscillate",
        f"the players' losses swing: since step {int(steps[half]):,} D(real) - D(fake) went {crossings} times between "
        f"about {low:.2f} and {high:.2f}.",
        "Start again with lower learning rates of both players, or a larger --batch_size, and average the weights "
        "(--ema_decay=0.999).",
    )
