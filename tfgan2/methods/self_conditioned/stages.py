"""The stages of Logo-GAN: an autoencoder, or a classifier of the data's labels, with features to cluster."""

from tfgan2.methods.base.families import network_of
from tfgan2.methods.base.stage import Stage
from tfgan2.methods.pgmgan.partition_learning import LabelPartitioner
from tfgan2.methods.self_conditioned.autoencoder import Autoencoder


class AutoencoderStage(Stage):
    """An autoencoder. The encoder has the layers of the discriminator, and the decoder those of a generator."""

    name = "autoencoder"
    game = Autoencoder
    train_steps = 5_000
    batch_size = 128
    family = "network"

    def make_networks(self, family, shape, arguments):
        decoder = network_of(family, "generator", shape, output_shape=shape)
        return [network_of(family, "discriminator", shape, heads=decoder.inputs[0].shape[-1]), decoder]


class ClassifierStage(Stage):
    """A classifier with the layers of the discriminator, which learns the labels of the data."""

    name = "classifier"
    game = LabelPartitioner
    train_steps = 5_000
    batch_size = 128
    family = "network"
    array_keys = ("labels",)
    takes_classes = True

    def make_networks(self, family, shape, arguments, *, classes):
        return [network_of(family, "discriminator", shape, heads=classes, output_shape=(classes,))]

    def prepare(self, samples, before, seed, arguments):
        """The labels of the data."""
        return {"labels": samples.labels}


AUTOENCODER, CLASSIFIER = AutoencoderStage(), ClassifierStage()
