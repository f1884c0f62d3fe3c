"""The methods. Each is a `Game` with one step of its paper's algorithm in `train_step`; see `base` for the words."""

from tfgan2.methods.acgan import ACGAN, TACGAN
from tfgan2.methods.cgan_pd import CGANPD
from tfgan2.methods.d2gan import D2GAN
from tfgan2.methods.distgan import DistGAN
from tfgan2.methods.gngan import GNGAN
from tfgan2.methods.logan import LOGAN
from tfgan2.methods.mgan import MGAN
from tfgan2.methods.p2gan.p2gan import P2GAN
from tfgan2.methods.pgmgan.pgmgan import PGMGAN
from tfgan2.methods.rumi.rumi import Rumi
from tfgan2.methods.self_conditioned.self_conditioned_gan import SelfConditionedGAN
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.methods.vae import VAE
from tfgan2.methods.vae_gan import VAEGAN

METHODS = {
    "standard_gan": StandardGAN,
    "gngan": GNGAN,
    "distgan": DistGAN,
    "rumi": Rumi,
    "acgan": ACGAN,
    "tacgan": TACGAN,
    "cgan_pd": CGANPD,
    "p2gan": P2GAN,
    "logan": LOGAN,
    "pgmgan": PGMGAN,
    "d2gan": D2GAN,
    "mgan": MGAN,
    "vae": VAE,
    "vae_gan": VAEGAN,
    "self_conditioned_gan": SelfConditionedGAN,
}
