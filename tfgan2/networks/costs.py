"""The cost of a pass through a network and of a training step, in floating-point operations."""

import math
from typing import NamedTuple

import keras


class Passes(NamedTuple):
    """The cost of one update for each sample, in forward passes.

    The gradients of a layer with respect to its weights and to its input cost one forward pass each. A penalty on the
    gradient with respect to the input costs three more: that gradient, and its two derivatives.

    Attributes:
      generator: Forward passes of the generator.
      discriminator: Forward passes of the discriminator.
    """

    generator: int
    discriminator: int


_FORWARD, _BY_INPUT, _BY_WEIGHTS = 1, 1, 1


def forward_flops(network):
    """Floating-point operations of one sample's pass through a network.

    Only layers with a kernel count: two operations for each number of the kernel at each place. Activations, norms and
    resampling are left out; they are a few percent.

    Args:
      network: A functional Keras model.

    Returns:
      An integer.
    """
    return sum(map(_layer_flops, network._flatten_layers(include_self=False)))


def step_flops(generator, discriminator, *, batch_size, discriminator_steps=1, penalized=False, relativistic=False):
    """Floating-point operations of a step of a GAN: some updates of the discriminator and one of the generator.

    It serves comparisons of networks and losses in Python. No command reports it.

    Args:
      generator: Network from latents to samples.
      discriminator: Network from samples to logits.
      batch_size: Number of samples in a batch.
      discriminator_steps: Number of discriminator updates in a step.
      penalized: Whether each of these has a penalty on the gradients at real and at generated samples (R1 and R2).
      relativistic: Whether the generator's loss needs the logits of real samples.

    Returns:
      An integer.
    """
    of_update, of_generator = passes(penalized=penalized, relativistic=relativistic)
    costs = Passes(forward_flops(generator), forward_flops(discriminator))
    total = sum(
        count * (update.generator * costs.generator + update.discriminator * costs.discriminator)
        for count, update in ((discriminator_steps, of_update), (1, of_generator))
    )
    return batch_size * total


def passes(*, penalized, relativistic):
    """The `Passes` of an update of the discriminator and of the generator, with the arguments of `step_flops`."""
    one_source = _FORWARD + _BY_INPUT + _BY_WEIGHTS
    if penalized:
        one_source += _BY_INPUT + _BY_INPUT + _BY_WEIGHTS
    discriminator = Passes(_FORWARD, 2 * one_source)
    judged = _FORWARD + _BY_INPUT + (_FORWARD if relativistic else 0)
    return discriminator, Passes(_FORWARD + _BY_INPUT + _BY_WEIGHTS, judged)


def _layer_flops(layer):
    kernel = getattr(layer, "kernel", None)
    if kernel is None or not hasattr(layer, "output"):
        return 0
    transposed = isinstance(layer, keras.layers.Conv2DTranspose)
    places = (layer.input if transposed else layer.output).shape[1:-1]
    return 2 * math.prod(kernel.shape) * math.prod(places)
