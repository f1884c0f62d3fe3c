"""All experiments by name."""

from experiments import gngan, logan, own_pictures, p2gan, pgmgan, r3gan, rumi

_MODULES = (gngan, rumi, p2gan, logan, pgmgan, r3gan, own_pictures)
EXPERIMENTS = {name: experiment for module in _MODULES for name, experiment in module.EXPERIMENTS.items()}
