"""All experiments by name."""

from experiments import gngan, logan, p2gan, pgmgan, r3gan, rumi

EXPERIMENTS = {
    name: experiment
    for part in (gngan, rumi, p2gan, logan, pgmgan, r3gan)
    for name, experiment in part.EXPERIMENTS.items()
}
