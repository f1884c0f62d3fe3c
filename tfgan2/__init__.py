"""GANs that cover every mode of their data, or avoid what is marked as unwanted."""

import importlib

__version__ = "0.1.0"

_PUBLIC = {
    "Game": "tfgan2.methods.base.game",
    "GenerativeGame": "tfgan2.methods.base.generative_game",
    "StandardGAN": "tfgan2.methods.standard_gan",
    "GNGAN": "tfgan2.methods.gngan",
    "DistGAN": "tfgan2.methods.distgan",
    "Rumi": "tfgan2.methods.rumi.rumi",
    "P2GAN": "tfgan2.methods.p2gan.p2gan",
    "LOGAN": "tfgan2.methods.logan",
    "ACGAN": "tfgan2.methods.acgan",
    "TACGAN": "tfgan2.methods.acgan",
    "CGANPD": "tfgan2.methods.cgan_pd",
    "PGMGAN": "tfgan2.methods.pgmgan.pgmgan",
    "D2GAN": "tfgan2.methods.d2gan",
    "MGAN": "tfgan2.methods.mgan",
    "VAE": "tfgan2.methods.vae",
    "VAEGAN": "tfgan2.methods.vae_gan",
    "SelfConditionedGAN": "tfgan2.methods.self_conditioned.self_conditioned_gan",
    "MLP": "tfgan2.networks.mlp",
    "load": "tfgan2.run.restore",
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name):
    # On first use, so that `import tfgan2` costs nothing.
    if name not in _PUBLIC:
        raise AttributeError(f"module 'tfgan2' has no attribute {name!r}; it has {', '.join(__all__)}")
    importlib.import_module("tfgan2.system.environment").prepare()
    return getattr(importlib.import_module(_PUBLIC[name]), name)
