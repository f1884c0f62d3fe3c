"""The solution of Rumi-LSGAN's game on a finite alphabet.

The paper's Lemma 3.2 substitutes the optimal discriminator into the generator's loss. No training does this. In the
trained game the discriminator's best response to a generator's distribution pg is
  D = Q / S + a with Q = beta+ (b+ - a) p+ + beta- (b- - a) p- and S = beta+ p+ + beta- p- + pg.
The generator moves to where (D - c)^2 is smallest. It is in equilibrium if D is a constant k on all generated letters:
  pg = max(0, Q / (k - a) - beta+ p+ - beta- p-), with the k that makes the sum of pg 1.
The equilibrium is stable only for c > k. For c < k more mass on a letter moves D towards c there, and the generator
collapses. Where nothing is clipped, pg is the paper's Eq. 5.
"""

from typing import NamedTuple


class LeastSquaresGame(NamedTuple):
    """The labels and weights of Rumi-LSGAN.

    Attributes:
      positive_label: b+, the target of positive samples.
      negative_label: b-, the target of negative samples.
      fake_label: a, the target of generated samples, below b+.
      generator_label: c, the generator's target of its samples.
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
    """The equilibrium of a game.

    Attributes:
      distribution: The generator's distribution, a probability for each letter.
      output: The discriminator's output k on generated letters.
      margin: c - k.
    """

    distribution: tuple[float, ...]
    output: float
    margin: float

    @property
    def is_stable(self):
        """Whether the generator stays in the equilibrium."""
        return self.margin > 0


def equilibrium(game, positive, negative):
    """The `Equilibrium` of a `LeastSquaresGame` for two distributions over the same letters.

    Args:
      game: Labels and weights.
      positive: Probabilities p+ of the positive letters.
      negative: Probabilities p- of the negative letters.
    """
    distributions = list(zip(positive, negative, strict=True))
    pulls = [
        game.positive_weight * (game.positive_label - game.fake_label) * plus
        + game.negative_weight * (game.negative_label - game.fake_label) * minus
        for plus, minus in distributions
    ]
    masses = [game.positive_weight * plus + game.negative_weight * minus for plus, minus in distributions]

    def distribution_at(height):
        return tuple(max(0.0, pull / height - mass) for pull, mass in zip(pulls, masses, strict=True))

    # The sum falls with the height k - a: from infinity near 0, as some pull is positive, to 0 at the largest ratio.
    low, high = 0.0, max(pull / mass for pull, mass in zip(pulls, masses, strict=True) if mass)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(distribution_at(middle)) > 1 else (low, middle)
    output = game.fake_label + high
    return Equilibrium(distribution_at(high), output, game.generator_label - output)


def share_of_disjoint_negatives(game):
    """The generator's probability of negatives if no negative equals a positive."""
    return equilibrium(game, (1.0, 0.0), (0.0, 1.0)).distribution[1]
