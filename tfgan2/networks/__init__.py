"""Network families. Each makes a generator and a discriminator, and each but `pgmgan_mlp` an encoder.

The families in BACKBONES make a partitioner and an embedder instead.
"""

from tfgan2.networks.acgan_cnn import ACGANCNN
from tfgan2.networks.distgan_cnn import DistGANCNN
from tfgan2.networks.distgan_resnet import DistGANResNet
from tfgan2.networks.invertible_mlp import InvertibleMLP
from tfgan2.networks.invertible_resnet import InvertibleResNet
from tfgan2.networks.logan_cnn import LoganCNN
from tfgan2.networks.mlp import MLP
from tfgan2.networks.p2gan_cnn import P2GANCNN
from tfgan2.networks.pgmgan_mlp import PGMGANMLP
from tfgan2.networks.pgmgan_resnet import PGMGANResNet
from tfgan2.networks.r3gan_resnet import R3GANResNet
from tfgan2.networks.rumi_cnn import RumiCNN
from tfgan2.networks.sngan_cnn import SNGANCNN
from tfgan2.networks.sngan_resnet import SNGANResNet
from tfgan2.networks.unconstrained_cnn import UnconstrainedCNN
from tfgan2.networks.unconstrained_mlp import UnconstrainedMLP
from tfgan2.networks.wgan_gp_resnet import WGANGPResNet

NETWORKS = {
    "mlp": MLP,
    "distgan_cnn": DistGANCNN,
    "distgan_resnet": DistGANResNet,
    "logan_cnn": LoganCNN,
    "p2gan_cnn": P2GANCNN,
    "pgmgan_mlp": PGMGANMLP,
    "pgmgan_resnet": PGMGANResNet,
    "sngan_cnn": SNGANCNN,
    "sngan_resnet": SNGANResNet,
    "wgan_gp_resnet": WGANGPResNet,
    "r3gan_resnet": R3GANResNet,
    "rumi_cnn": RumiCNN,
    "acgan_cnn": ACGANCNN,
}

BACKBONES = {
    "invertible_resnet": InvertibleResNet,
    "invertible_mlp": InvertibleMLP,
    "unconstrained_cnn": UnconstrainedCNN,
    "unconstrained_mlp": UnconstrainedMLP,
}
