"""Protocols: named ways to measure, so that numbers that are compared were measured alike."""

from typing import NamedTuple

import numpy as np

from tfgan2.data.synthetic import SOURCES
from tfgan2.errors import InputError
from tfgan2.evaluation.sampling import draw_samples, read_samples
from tfgan2.metrics.modes import grid_coverage, mode_quality, registered_counts, registration_radius


class ModesProtocol(NamedTuple):
    """How samples are measured against the known modes of a point set.

    Attributes:
      name: what `--protocol` calls it.
      dataset: the point set that it is for.
      samples: how many are generated.
      minimum: registered samples that make a mode covered (GN-GAN, AAAI 2019: 20 of 2,000).
    """

    name: str
    dataset: str
    samples: int = 2000
    minimum: int = 20


PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        ModesProtocol("grid25-2k", "grid25"),
        ModesProtocol("ring8-2k", "ring8"),
        ModesProtocol("ring16-2k", "ring16"),
        ModesProtocol("modes1d-2k", "modes1d"),
    )
}


def protocol_named(name):
    """The protocol called `name`.

    Raises:
      InputError: there is none of that name.
    """
    if name not in PROTOCOLS:
        raise InputError(f"unknown protocol {name!r}; choose one of {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[name]


def protocol_for(name, dataset):
    """The protocol for a run on a dataset: the one called `name`, or the dataset's own if that is None.

    Raises:
      InputError: there is none of that name or for that dataset, or it is for another dataset.
    """
    if name is None:
        name = next((p.name for p in PROTOCOLS.values() if p.dataset == dataset), None)
        if name is None:
            measured = ", ".join(p.dataset for p in PROTOCOLS.values())
            raise InputError(f"no protocol measures {dataset}; there are protocols for {measured}.")
    protocol = protocol_named(name)
    if protocol.dataset != dataset:
        raise InputError(f"the protocol {name} is for {protocol.dataset}, and the run was trained on {dataset}.")
    return protocol


def measure(protocol, samples, points):
    """The values of a protocol.

    Args:
      protocol: what to measure.
      samples: [protocol.samples, d] in data units.
      points: the `PointSet`, with its centres.

    Returns:
      {name: number}.
    """
    coverage = grid_coverage(samples, points.centers, radius=registration_radius(points.std), minimum=protocol.minimum)
    return coverage._asdict() | mode_quality(samples, points.centers, std=points.std)._asdict()


def measure_run(protocol, experiment, *, seed, averaged):
    """Measures a restored run.

    Returns:
      The record of `measured`, with the run's method, step and flags, and whether its weights were averaged.
    """
    model = experiment.model
    samples = draw_samples(experiment, count=protocol.samples, seed=seed, averaged=averaged)
    of_run = {
        "method": experiment.settings.method,
        "step": model.global_step,
        "averaged": averaged and bool(model.ema_decay),
        "flags": experiment.settings.trajectory(),
    }
    return of_run | measured(protocol, samples, experiment.data, seed=seed)


def measure_file(protocol, path, *, seed):
    """Measures samples that anything may have made, against the protocol's dataset as it is published.

    Args:
      protocol: what to measure.
      path: see `read_samples`; as many samples as the protocol takes, in data units.
      seed: of the real points.

    Returns:
      The record of `measured`, with the path.

    Raises:
      InputError: the file cannot be read, or holds another number of samples or dimensions.
    """
    samples, points = read_samples(path), SOURCES[protocol.dataset]()
    expected = (protocol.samples, points.points.shape[1])
    if samples.shape != expected:
        raise InputError(
            f"{path} holds samples of shape {list(samples.shape)}; {protocol.name} takes {list(expected)}, "
            "in data units."
        )
    return {"samples": str(path)} | measured(protocol, samples, points, seed=seed)


def measured(protocol, samples, points, *, seed):
    """Measures samples [protocol.samples, d] and, as the floor, the same number of real points.

    Returns:
      A JSON-ready record: protocol, seed, registered samples by mode, `values` and `real_values`.
    """
    radius = registration_radius(points.std)
    few = len(points.points) < protocol.samples
    real = np.random.default_rng(seed).choice(points.points, protocol.samples, replace=few)
    return {
        "protocol": protocol._asdict() | {"radius": radius},
        "seed": seed,
        "registered_counts": registered_counts(samples, points.centers, radius).tolist(),
        "values": measure(protocol, samples, points),
        "real_values": measure(protocol, real, points),
    }
