"""Small games of all methods."""

import keras

from tfgan2.flags.arguments import arguments_of
from tfgan2.methods import METHODS
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks import BACKBONES

ARGUMENTS = {
    "mgan": {"num_generators": 3},
    "p2gan": {"num_generators": 2, "grow_every": 1, "push_weight": 0.5},
    "pgmgan": {"partitions": 3, "partitioner": "labels", "guide_weight": 0.0},
    "self_conditioned_gan": {"partitions": 3},
}


def perceptron(inputs, outputs, **dense):
    """A network of one dense layer."""
    return keras.Sequential([keras.Input((inputs,)), keras.layers.Dense(outputs, **dense)])


def standard_gan(**arguments):
    """A GAN of points [n, 2] with 3 latents."""
    return StandardGAN(perceptron(3, 2), perceptron(2, 1), **arguments)


def game_of(name, family, shape):
    """A game of a method by its name, with networks of a family and 3 classes."""
    method, arguments = METHODS[name], ARGUMENTS.get(name, {})
    defaults = {argument.name: argument.default for argument in arguments_of(method)}
    given = {"classes": 3, "arguments": defaults | arguments}
    given |= {"backbone": BACKBONES["unconstrained_mlp"]()} if method.takes_backbone else {}
    return method(*method.make_networks(family, shape, **given), **arguments)
