"""Protocols: named ways to measure, so that numbers that are compared were measured alike."""

import numpy as np

from tfgan2.data.images import ImageSet
from tfgan2.data.training import samples_of
from tfgan2.errors import InputError
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.image_protocol import ImageProtocol
from tfgan2.evaluation.modes_protocol import ModesProtocol
from tfgan2.evaluation.sampling import draw_samples, read_samples

_BY_CLASSIFIER = ("classes", "frechet", "precision_recall", "density_coverage", "neighbors")

PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        ModesProtocol("grid25-2k", "grid25"),
        ModesProtocol("ring8-2k", "ring8"),
        ModesProtocol("ring16-2k", "ring16"),
        ModesProtocol("modes1d-2k", "modes1d"),
        # Half of the 1,797 digits against as many generated ones, in five ways.
        ImageProtocol("classifier-digits", "classifier", _BY_CLASSIFIER, 898, 898, repeats=5, dataset="digits"),
        # PGMGAN (CVPR 2021) after PacGAN (NeurIPS 2018): the number of images is part of the measure.
        ImageProtocol("stacked-mnist-26k", "classifier", ("classes",), 26_000, 26_000, dataset="stacked"),
        ImageProtocol("classifier-10k", "classifier", _BY_CLASSIFIER, 10_000, 10_000),
        # GN-GAN (AAAI 2019), Table 3; that the real images are training images is not published.
        ImageProtocol("gngan-10k5k", "inception_tf2015", ("frechet", "kernel"), 5_000, 10_000),
        # P2GAN (IJCAI 2019); the reference is not published.
        ImageProtocol("p2gan-50k", "inception_tf2015", ("frechet", "kernel"), 50_000, None),
        # PGMGAN (CVPR 2021), Tables 1 and 4; without labels or flips, as there.
        ImageProtocol("pgmgan-50k", "inception_tf2015", ("frechet", "kernel", "inception_score_1000"), 50_000, None),
        # LOGAN (AAAI 2018), which has no distance to real images.
        ImageProtocol("logan-is50k", "inception_tf2015", ("inception_score",), 50_000, None),
        # Rumi-GAN (NeurIPS 2020), at the end and during training; against all images of the run, its positive ones.
        ImageProtocol("rumi-10k", "inception_keras_80", ("frechet", "prd"), 10_000, None),
        ImageProtocol("rumi-5k", "inception_keras_80", ("frechet", "prd"), 5_000, None),
    )
}
"""By name; the first that fits a run's data is its own."""


def protocol_named(name):
    """The protocol called `name`.

    Raises:
      InputError: there is none of that name.
    """
    if name not in PROTOCOLS:
        raise InputError(f"unknown protocol {name!r}; choose one of {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[name]


def protocol_for(name, data):
    """The protocol for a run on a data set: the one called `name`, or the data's own if that is None.

    Args:
      name: a key of `PROTOCOLS`, or None.
      data: a `PointSet` or `ImageSet`.

    Raises:
      InputError: there is none of that name or for that data, or it is for other data.
    """
    if name is None:
        protocol = next((protocol for protocol in PROTOCOLS.values() if protocol.fits(data)), None)
        if protocol is None:
            measured = dict.fromkeys(protocol.dataset or "any images" for protocol in PROTOCOLS.values())
            raise InputError(f"no protocol measures {data.name}; there are protocols for {', '.join(measured)}.")
        return protocol
    protocol = protocol_named(name)
    if not protocol.fits(data):
        raise InputError(
            f"the protocol {name} is for {protocol.dataset or 'images'}, and the run was trained on {data.name}."
        )
    return protocol


def measure_run(protocol, experiment, *, seed, averaged, inception_path=None):
    """Measures a restored run.

    Args:
      protocol: what to measure.
      experiment: a restored run.
      seed: of the latents.
      averaged: use the averaged weights, where the run keeps them.
      inception_path: see `Resources`.

    Returns:
      The record of the protocol, with the run's method, step, flags and seed, and whether its weights were averaged.
    """
    model, settings = experiment.model, experiment.settings
    resources = Resources(settings.values.get("data.cache_dir"), inception_path)
    measure = protocol.ready(experiment.data, seed=seed, resources=resources)
    record = measure(draw_samples(experiment, count=protocol.samples, seed=seed, averaged=averaged))
    averaged = averaged and bool(model.ema_decay)
    of_run = {"method": settings.method, "step": model.global_step, "averaged": averaged}
    of_run |= {"flags": settings.trajectory(), "seed": seed}
    return of_run | record | {"protocol": record["protocol"] | {"averaged": averaged}}


def measure_file(protocol, path, *, seed, inception_path=None):
    """Measures samples that anything may have made, against the protocol's dataset as it is published.

    Args:
      protocol: what to measure.
      path: see `read_samples`; as many samples as the protocol takes, in data units; images uint8 or in [0, 1].
      seed: of the real points.
      inception_path: see `Resources`.

    Returns:
      The record of the protocol, with the path and the seed.

    Raises:
      InputError: the file cannot be read, or holds samples of another number, shape or range.
    """
    samples, data = read_samples(path), protocol.published_data()
    expected = (protocol.samples, *samples_of(data).shape[1:])
    are_images = isinstance(data, ImageSet)
    if samples.shape != expected:
        units = "uint8 or in [0, 1]" if are_images else "in data units"
        raise InputError(
            f"{path} holds samples of shape {list(samples.shape)}; {protocol.name} takes {list(expected)}, {units}."
        )
    if are_images and samples.dtype != np.uint8 and not (samples.dtype.kind == "f" and _in_unit_range(samples)):
        raise InputError(
            f"{path} holds images of type {samples.dtype} from {samples.min():g} to {samples.max():g}; give them as "
            "uint8, or as floating point numbers in [0, 1]."
        )
    record = protocol.ready(data, seed=seed, resources=Resources(inception_path=inception_path))(samples)
    of_file = {"samples": str(path), "seed": seed}
    return of_file | record | {"protocol": record["protocol"] | {"averaged": "unknown"}}


def _in_unit_range(samples):
    return samples.min() >= 0 and samples.max() <= 1
