"""Network families: each builds a generator, a discriminator and an encoder that fit each other."""

from tfgan2.networks.acgan_cnn import ACGANCNN
from tfgan2.networks.distgan_cnn import DistGANCNN
from tfgan2.networks.distgan_resnet import DistGANResNet
from tfgan2.networks.logan_cnn import LoganCNN
from tfgan2.networks.mlp import MLP
from tfgan2.networks.p2gan_cnn import P2GANCNN
from tfgan2.networks.rumi_cnn import RumiCNN
from tfgan2.networks.sngan_cnn import SNGANCNN
from tfgan2.networks.sngan_resnet import SNGANResNet
from tfgan2.networks.wgan_gp_resnet import WGANGPResNet

NETWORKS = {
    "mlp": MLP,
    "distgan_cnn": DistGANCNN,
    "distgan_resnet": DistGANResNet,
    "logan_cnn": LoganCNN,
    "p2gan_cnn": P2GANCNN,
    "sngan_cnn": SNGANCNN,
    "sngan_resnet": SNGANResNet,
    "wgan_gp_resnet": WGANGPResNet,
    "rumi_cnn": RumiCNN,
    "acgan_cnn": ACGANCNN,
}
