"""Samples in data units: of a trained game, and in files."""

import contextlib
import io
import zipfile
import zlib

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.image_grids import to_uint8
from tfgan2.files import write_whole

# Generated together, whatever the count, so that a row does not depend on how many are drawn.
_BLOCK = 1024
_IMAGE_BLOCK = 64


def draw_samples(experiment, *, count, seed, averaged=True, choice=()):
    """[count, ...] samples in data units; row i depends on (seed, i) only.

    Args:
      experiment: a restored run.
      count: number of samples.
      seed: of the latents.
      averaged: use the averaged weights, where the run keeps them.
      choice: classes, generators or partitions that the samples take in turn, or one of all, where the method has
        these; of none each sample's is drawn.

    Raises:
      ValueError: the method has no such choice.
    """
    model = experiment.model
    if averaged:
        with model.averaged():
            return draw_samples(experiment, count=count, seed=seed, averaged=False, choice=choice)
    block = _BLOCK if len(model.generator.output_shape) == 2 else _IMAGE_BLOCK
    whole = -(-count // block) * block
    # A graph, as in an export: one by one the operations round differently.
    generate = tf.function(model.generate, autograph=False)
    samples = generated_in_blocks(generate, model.latents(seed, whole, choice), block)
    return experiment.scaling.to_data(samples[:count]).astype("float32")


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


def read_samples(path, name="samples"):
    """Samples [n, d], or images [n, height, width, channels], of an .npz file.

    Args:
      path: of the file.
      name: of the array that is taken, if it is not the only one.

    Raises:
      InputError: the file is missing, not a whole .npz archive or holds pickled objects; or the samples are no finite
        real numbers of such a shape.
    """
    try:
        with np.lib.npyio.NpzFile(path, allow_pickle=False) as archive:
            names = archive.files
            chosen = name if name in names or len(names) != 1 else names[0]
            samples = np.asarray(archive[chosen]) if chosen in names else None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise InputError(
            f"{path} is not a whole .npz archive of plain arrays ({error}); write it with "
            f"numpy.savez(FILE, {name}=...). Pickled objects are refused."
        ) from error
    if samples is None:
        raise InputError(f"{path} holds {', '.join(names) or 'nothing'}; call the array that is meant {name!r}.")
    has_form = samples.dtype.kind in "fiu" and samples.ndim in (2, 4) and samples.size
    if not has_form or not np.isfinite(samples).all():
        raise InputError(
            f"{path} holds {chosen} of type {samples.dtype} and shape {list(samples.shape)}; give finite real numbers "
            "[count, dimensions], or images [count, height, width, channels]."
        )
    return samples


def write_arrays(path, **arrays):
    """Writes arrays as an .npz file, whole or not at all."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    write_whole(path, buffer.getvalue())
