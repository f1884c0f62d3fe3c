"""All experiments by name."""

from experiments import gngan, logan, p2gan, pgmgan, rumi

EXPERIMENTS = gngan.EXPERIMENTS | rumi.EXPERIMENTS | p2gan.EXPERIMENTS | logan.EXPERIMENTS | pgmgan.EXPERIMENTS
