"""What the game of Rumi-LSGAN ends with, computed on a finite alphabet.

The paper's Lemma 3.2 substitutes the best discriminator into the generator's loss, which no training does. In the game
that is trained, the discriminator answers a generator's distribution pg by D = Q / S + a with Q = beta+ (b+ - a) p+ +
beta- (b- - a) p- and S = beta+ p+ + beta- p- + pg, and the generator moves to where (D - c)^2 is least. It rests where
D is one constant k on all that it makes: pg = max(0, Q / (k - a) - beta+ p+ - beta- p-), with the k that gives it a sum
of 1. It stays there only if c > k; below, making more of something draws D towards c, and the generator collapses.
Where nothing is clipped pg is the paper's Eq. 5.
"""

from typing import NamedTuple


class LeastSquaresGame(NamedTuple):
    """The labels and weights of Rumi-LSGAN.

    Attributes:
      positive_label: b+.
      negative_label: b-.
      fake_label: a, below b+.
      generator_label: c.
      positive_weight: beta+, above 0.
      negative_weight: beta-, at least 0.
    """

    positive_label: float
    negative_label: float
    fake_label: float
    generator_label: float
    positive_weight: float
    negative_weight: float


class Equilibrium(NamedTuple):
    """Where a game rests.

    Attributes:
      distribution: the generator's, a probability for each letter.
      output: the discriminator's on all that is made, k.
      margin: c - k, how far the generator's label is above this output.
    """

    distribution: tuple[float, ...]
    output: float
    margin: float

    @property
    def is_stable(self):
        """Whether the generator stays there."""
        return self.margin > 0


def equilibrium(game, positive, negative):
    """The `Equilibrium` of a `LeastSquaresGame` for two distributions over the same letters.

    Args:
      game: labels and weights.
      positive: the positives' distribution, probabilities.
      negative: the negatives' distribution.
    """
    distributions = list(zip(positive, negative, strict=True))
    pulls = [
        game.positive_weight * (game.positive_label - game.fake_label) * plus
        + game.negative_weight * (game.negative_label - game.fake_label) * minus
        for plus, minus in distributions
    ]
    masses = [game.positive_weight * plus + game.negative_weight * minus for plus, minus in distributions]

    def law_at(height):
        return tuple(max(0.0, pull / height - mass) for pull, mass in zip(pulls, masses, strict=True))

    # The sum falls with the height k - a: from infinity near 0, as some pull is positive, to 0 at the largest ratio.
    low, high = 0.0, max(pull / mass for pull, mass in zip(pulls, masses, strict=True) if mass)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(law_at(middle)) > 1 else (low, middle)
    output = game.fake_label + high
    return Equilibrium(law_at(high), output, game.generator_label - output)


def share_of_disjoint_negatives(game):
    """The share of its samples that the generator makes of negatives that are unlike all positives."""
    return equilibrium(game, (1.0, 0.0), (0.0, 1.0)).distribution[1]
