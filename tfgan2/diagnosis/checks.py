"""The checks of a run: which of them follows which line of the log, and what is said when a finding is over."""

from tfgan2.diagnosis.balance import discriminator_won, generator_won, losses_oscillate
from tfgan2.diagnosis.improvement import improving, not_improving
from tfgan2.diagnosis.samples import discriminator_overfits, modes_lost, samples_alike, training_copied

CHECKS = {
    "train": (discriminator_won, generator_won, losses_oscillate, discriminator_overfits),
    "health": (samples_alike, training_copied),
    "evaluation": (modes_lost, improving, not_improving),
}
"""Kind of a line of metrics.jsonl -> the checks that follow it. A check maps a `History` to a `Finding` of the check's
name, or None."""

OPPOSITES = {"improving": "not_improving", "not_improving": "improving"}
"""Name of a finding -> the finding that ends when it begins."""

OVER = {
    "discriminator_won": "the discriminator no longer wins.",
    "generator_won": "the generator no longer wins.",
    "losses_oscillate": "the players' losses no longer swing.",
    "discriminator_overfits": "the discriminator no longer overfits.",
    "samples_alike": "the generated samples are no longer alike.",
    "training_copied": "the generated pictures are no longer copies.",
    "modes_lost": "the modes are covered again.",
    "not_improving": "no longer flat.",
}
"""Name of a finding -> the sentence at its end. Other findings end without a word."""
