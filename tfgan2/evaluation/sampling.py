"""Samples of a trained game in data units."""

import contextlib

import numpy as np
import tensorflow as tf

from tfgan2.evaluation.image_grids import to_uint8

# Generated together, whatever the count, so that a row does not depend on how many are drawn.
_BLOCK = 1024
_IMAGE_BLOCK = 64


def draw_samples(run, *, count, seed, averaged=True, choice=()):
    """[count, ...] samples in data units; row i depends on (seed, i) only.

    Args:
      run: a restored run.
      count: number of samples.
      seed: of the latents.
      averaged: use the averaged weights, where the run keeps them.
      choice: classes, generators or partitions that the samples take in turn, or one of all, where the method has
        these; of none each sample's is drawn.

    Raises:
      ValueError: the method has no such choice.
    """
    model = run.model
    if averaged:
        with model.averaged():
            return draw_samples(run, count=count, seed=seed, averaged=False, choice=choice)
    block = _BLOCK if len(model.generator.output_shape) == 2 else _IMAGE_BLOCK
    whole = -(-count // block) * block
    # A graph, as in an export: one by one the operations round differently.
    generate = tf.function(model.generate, autograph=False)
    samples = generated_in_blocks(generate, model.latents(seed, whole, choice), block)
    return run.scaling.to_data(samples[:count]).astype("float32")


def names_of_choices(run, *, count, seed, choice=()):
    """What each of the samples of `draw_samples` is of, such as its class; empty where the method has no choices."""
    model, names = run.model, run.facts.class_names
    if not model.choice:
        return ()
    _, numbers = model.latents(seed, count, choice)
    if model.choice == "label" and names:
        return tuple(names[number] for number in np.asarray(numbers))
    return tuple(f"{model.choice} {number}" for number in np.asarray(numbers))


def generated_in_blocks(generate, latents, block):
    """What `Game.generate` makes of what `Game.latents` gives, so many samples at once: [n, ...]."""

    def part(first):
        return tf.nest.map_structure(lambda rows: rows[first : first + block], latents)

    count = len(tf.nest.flatten(latents)[0])
    return np.concatenate([np.asarray(generate(part(first))) for first in range(0, count, block)])


def reconstructing(model, scaling, *, averaged=True):
    """A function from images to their reconstructions, both uint8, or None where a method has no encoder.

    Args:
      model: a game.
      scaling: between data units and the networks' range.
      averaged: use the averaged weights, where the run keeps them.
    """
    if "encoder" not in model.networks:
        return None

    def some(images):
        samples = scaling.to_network(images.astype(np.float32) / np.float32(255))
        return to_uint8(scaling.to_data(model.reconstruct(samples).numpy()))

    def reconstruct(images):
        with model.averaged() if averaged else contextlib.nullcontext():
            starts = range(0, len(images), _IMAGE_BLOCK)
            return np.concatenate([some(images[start : start + _IMAGE_BLOCK]) for start in starts])

    return reconstruct
