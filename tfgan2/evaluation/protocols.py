"""Protocols: named ways to measure, so that numbers that are compared were measured alike."""

import contextlib

from tfgan2.data.images import ImageSet, fault_of_levels
from tfgan2.data.training import samples_of
from tfgan2.errors import InputError
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.modes_protocol import ModesProtocol
from tfgan2.evaluation.occupancy import acceptance_of, occupancy_of
from tfgan2.evaluation.sampling import draw_samples, read_samples, reconstructing

_BY_FEATURES = ("precision_recall", "density_coverage", "neighbors")
_BY_CLASSIFIER = ("classes", "negatives", "frechet", *_BY_FEATURES, "reconstructions")
_OF_RUMI = ("classes", "negatives", "frechet", "prd")
_INCEPTION = ("inception_tf2015", ("frechet", "kernel"))

PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        ModesProtocol("grid25-2k", "grid25"),
        ModesProtocol("ring8-2k", "ring8"),
        ModesProtocol("ring10-2k", "ring10"),
        ModesProtocol("ring16-2k", "ring16"),
        ModesProtocol("modes1d-2k", "modes1d"),
        ModesProtocol("modes-2k", None),
        FeatureProtocol("points-2k", "identity", ("frechet", "kernel", *_BY_FEATURES), 2_000, 2_000),
        # Half of the 1,797 digits against as many generated ones, in five ways.
        FeatureProtocol("classifier-digits", "classifier", _BY_CLASSIFIER, 898, 898, repeats=5, dataset="digits"),
        # PGMGAN (CVPR 2021) after PacGAN (NeurIPS 2018): the number of images is part of the measure.
        FeatureProtocol("stacked-mnist-26k", "classifier", ("classes",), 26_000, 26_000, dataset="stacked"),
        FeatureProtocol("classifier-10k", "classifier", _BY_CLASSIFIER, 10_000, 10_000),
        # For images of one's own, which are few or without labels.
        FeatureProtocol("classifier-1k", "classifier", _BY_CLASSIFIER, 1_000, 1_000),
        FeatureProtocol("pixels-1k", "pixels", (*_BY_FEATURES, "reconstructions"), 1_000, 1_000),
        # GN-GAN (AAAI 2019), Table 3; that the real images are training images is not published.
        FeatureProtocol("gngan-10k5k", *_INCEPTION, 5_000, 10_000),
        # P2GAN (IJCAI 2019); the reference is not published.
        FeatureProtocol("p2gan-50k", *_INCEPTION, 50_000, None),
        # PGMGAN (CVPR 2021), Tables 1 and 4; without labels or flips, as there.
        FeatureProtocol("pgmgan-50k", "inception_tf2015", ("frechet", "kernel", "inception_score_1000"), 50_000, None),
        # LOGAN (AAAI 2018), which has no distance to real images.
        FeatureProtocol("logan-is50k", "inception_tf2015", ("inception_score", "reconstructions"), 50_000, None),
        # Rumi-GAN (NeurIPS 2020), at the end and during training; against all images that are not of negative classes.
        FeatureProtocol("rumi-10k", "inception_keras_80", ("frechet", "prd"), 10_000, None),
        FeatureProtocol("rumi-5k", "inception_keras_80", ("frechet", "prd"), 5_000, None),
        # The same without a download, for every class as the minority and for few images.
        FeatureProtocol("rumi-classifier-10k", "classifier", _OF_RUMI, 10_000, None),
        FeatureProtocol("rumi-classifier-1k", "classifier", _OF_RUMI, 1_000, None),
    )
}
"""By name; the first that fits a run's data, and for which they suffice, is its own."""


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
        fitting = (protocol for protocol in PROTOCOLS.values() if protocol.fits(data) and protocol.suffices(data))
        protocol = next(fitting, None)
        if protocol is None:
            raise InputError(
                f"no protocol can do with the {len(samples_of(data)):,} samples of {data.name}; take more, or name one "
                f"that says why: {', '.join(protocol.name for protocol in PROTOCOLS.values() if protocol.fits(data))}."
            )
        return protocol
    protocol = protocol_named(name)
    if not protocol.fits(data):
        raise InputError(f"the protocol {name} is for {protocol.measured}, and the data are {data.name}.")
    return protocol


def leaving_out(protocol, classes):
    """The protocol for a generator that is to leave out images of some classes; as it is where there are none.

    Raises:
      InputError: the protocol is for points.
    """
    if not classes:
        return protocol
    if not isinstance(protocol, FeatureProtocol) or protocol.extractor == "identity":
        raise InputError(f"--negative_classes are classes of images, and {protocol.name} measures points.")
    return protocol._replace(negative_classes=tuple(sorted(set(classes))))


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
    measure = protocol.ready(_law(experiment), seed=seed, resources=resources)
    samples = draw_samples(experiment, count=protocol.samples, seed=seed, averaged=averaged)
    rows_of = occupancy_of(model, seed, protocol.samples)
    record = measure(samples, reconstructing(model, experiment.scaling, averaged=averaged), rows_of)
    with model.averaged() if averaged else contextlib.nullcontext():
        record["values"] |= acceptance_of(model, seed, protocol.samples)
    averaged = averaged and bool(model.ema_decay)
    of_run = {"method": settings.method, "step": model.global_step, "averaged": averaged}
    of_run |= {"flags": settings.trajectory(), "seed": seed}
    return of_run | record | {"protocol": record["protocol"] | {"averaged": averaged}}


def _law(experiment):
    """The data of a run, of points those alone that the generator is to make; images are chosen by their classes."""
    data = experiment.data
    return data if isinstance(data, ImageSet) else data._replace(points=experiment.wanted.taken().points)


def measure_file(protocol, path, data, *, seed, inception_path=None):
    """Measures samples that anything may have made.

    Args:
      protocol: what to measure.
      path: see `read_samples`; as many samples as the protocol takes, in data units; images uint8 or in [0, 1].
      data: what they should be like, a `PointSet` or `ImageSet`.
      seed: of the real points.
      inception_path: see `Resources`.

    Returns:
      The record of the protocol, with the path and the seed.

    Raises:
      InputError: the file cannot be read, or holds samples of another number, shape or range.
    """
    samples = read_samples(path)
    expected = (protocol.samples, *samples_of(data).shape[1:])
    are_images = isinstance(data, ImageSet)
    if samples.shape != expected:
        units = "uint8 or in [0, 1]" if are_images else "in data units"
        raise InputError(
            f"{path} holds samples of shape {list(samples.shape)}; {protocol.name} takes {list(expected)}, {units}."
        )
    if are_images and (fault := fault_of_levels(samples)):
        raise InputError(f"{path} holds images of type {fault}")
    record = protocol.ready(data, seed=seed, resources=Resources(inception_path=inception_path))(samples)
    of_file = {"samples": str(path), "seed": seed}
    return of_file | record | {"protocol": record["protocol"] | {"averaged": "unknown"}}
