"""The export of the generator as one file. The file is read again and compared before it is kept."""

import contextlib
import importlib
import warnings

import numpy as np
import tensorflow as tf

from tfgan2.errors import InputError
from tfgan2.evaluation.data_units import DataUnits
from tfgan2.serving.decoder import decoder_of
from tfgan2.serving.folders import check_folder, publish
from tfgan2.serving.formats import FORMATS
from tfgan2.serving.origin import origin_of, write_origin
from tfgan2.serving.usage import lines_of

_CHECKED = 16  # Samples that are compared.
_TOLERANCE = 1e-4  # Largest difference of a sample, relative to the largest absolute value of the samples if above 1.


def export_format(name, model, scaling, directory, *, averaged=True, provenance=None, records=()):
    """Writes the generator as a file in `directory/<next number>`, beside MODEL_CARD.md and assets.extra/tfgan2.json.

    The file maps latents, and choices if there are any, to samples in data units. It does not truncate latents.

    Args:
      name: A key of `FORMATS`.
      model: The `Game` to export.
      scaling: The `Scaling` between data units and the output range of the generator.
      directory: Folder of the exports 1, 2, 3 and so on.
      averaged: Whether to export the averaged weights, if the model has them.
      provenance: Name -> JSON value, further entries of tfgan2.json.
      records: Records of tfgan2.evaluate of these weights, for MODEL_CARD.md.

    Returns:
      The path of the export.

    Raises:
      InputError: The format cannot hold the generator, a package is missing, or the file gives other samples. Nothing
        is kept.
      StorageError: Writing failed, for example on a full disk. Nothing is kept.
    """
    check_folder(directory)
    form = FORMATS[name]
    _check_packages(name, form)
    with model.averaged() if averaged else contextlib.nullcontext():
        inputs, samples = _expected(model, scaling)
        decoder = decoder_of(model, scaling)
        if not form.takes_bfloat16:
            _check_precision(name, decoder)
        origin = origin_of(model, scaling, averaged) | {"format": name} | (provenance or {})

        def write(folder):
            folder.mkdir()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # They are about the code of the converters.
                form.write(decoder, folder / form.file)
                _check_samples(name, form.read(folder / form.file)(inputs), samples)
            write_origin(folder, origin, lines_of(name, origin, decoder), records)

        return publish(directory, write)


def _expected(model, scaling):
    """The inputs of the check as a list of arrays, and the samples that they give."""
    inputs = model.latents(0, _CHECKED, model.offered_choices if model.choice else ())
    graph = tf.function(DataUnits(model, scaling).generate, autograph=False)
    samples, again = graph(inputs).numpy(), graph(inputs).numpy()
    if not np.array_equal(samples, again):
        raise InputError(
            f"{type(model).__name__} generates different samples of equal latents. Only a SavedModel can hold random "
            "numbers; take --format=saved_model."
        )
    return [array.numpy() for array in tf.nest.flatten(inputs)], samples


def _check_samples(name, found, samples):
    distance = np.abs(found - samples).max() if found.shape == samples.shape else np.inf
    if not distance <= _TOLERANCE * max(1.0, np.abs(samples).max()):
        raise InputError(
            f"--format={name}: the file gives other samples than the model, by up to {distance:.2g}, so it is not "
            "kept. Take --format=saved_model."
        )


def _check_packages(name, form):
    for package in form.packages:
        try:
            importlib.import_module(package)
        except ModuleNotFoundError as error:
            raise InputError(
                f"--format={name} needs the package {error.name}; run pip install 'tfgan2[{name}]'"
            ) from error


def _check_precision(name, decoder):
    layers = [layer.name for layer in decoder._flatten_layers() if layer.compute_dtype not in ("float32", "int32")]
    if layers:
        raise InputError(
            f"--format={name} holds float32, and the run computes in bfloat16 (--precision=mixed_bfloat16). Take "
            "--format=keras or --format=saved_model."
        )
