"""Named protocols. Numbers by the same protocol can be compared."""

import contextlib
import difflib

from tfgan2.data.kinds import IMAGES
from tfgan2.errors import InputError
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.modes_protocol import ModesProtocol
from tfgan2.evaluation.occupancy import acceptance_errors, acceptance_of, occupancy_of
from tfgan2.evaluation.sample_files import read_samples
from tfgan2.evaluation.sampler import Sampler
from tfgan2.evaluation.unwanted_look import unwanted_samples

_BY_FEATURES = ("precision_recall", "density_coverage", "neighbors")
_BY_CLASSIFIER = ("classes", "negatives", "unwanted", "frechet", *_BY_FEATURES, "reconstructions")
_BY_PIXELS = ("unwanted", *_BY_FEATURES, "reconstructions")
_BY_DISTANCES = ("frechet", "kernel", *_BY_FEATURES)
_OF_RUMI = ("classes", "negatives", "frechet", "prd")
_BY_NETWORK = ("unwanted", "frechet", "kernel", *_BY_FEATURES, "reconstructions")
_INCEPTION = ("inception_tf2015", ("frechet", "kernel"))

# The scores are part of a protocol, and results with different scores are not compared. A new score needs a new
# protocol, or a line in CHANGELOG.md that earlier results cannot be compared.
PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        ModesProtocol("grid25-2k", "grid25"),
        ModesProtocol("ring8-2k", "ring8"),
        ModesProtocol("ring10-2k", "ring10"),
        ModesProtocol("ring16-2k", "ring16"),
        ModesProtocol("modes1d-2k", "modes1d"),
        ModesProtocol("modes-2k", None),
        FeatureProtocol("points-2k", "identity", _BY_DISTANCES, 2_000, 2_000),
        # Half of the 1,797 digits against an equal number of generated digits, in five random splits.
        FeatureProtocol("classifier-digits", "classifier", _BY_CLASSIFIER, 898, 898, repeats=5, dataset="digits"),
        # PGMGAN (CVPR 2021) after PacGAN (NeurIPS 2018). The score depends on the number of images.
        FeatureProtocol("stacked-mnist-26k", "classifier", ("classes",), 26_000, 26_000, dataset="stacked"),
        FeatureProtocol("classifier-10k", "classifier", _BY_CLASSIFIER, 10_000, 10_000),
        # For own data, also with few images or without labels. Scores of halves depend on the number of samples. Only
        # the kernel distance has no bias.
        FeatureProtocol("classifier-1k", "classifier", _BY_CLASSIFIER, 1_000, 1_000),
        FeatureProtocol("classifier-halves", "classifier", ("kernel", *_BY_CLASSIFIER), None, None, repeats=10),
        # Images without labels, by a network that is trained on them.
        FeatureProtocol("contrastive-1k", "contrastive", _BY_NETWORK, 1_000, 1_000),
        FeatureProtocol("contrastive-halves", "contrastive", _BY_NETWORK, None, None, repeats=10),
        FeatureProtocol("pixels-1k", "pixels", _BY_PIXELS, 1_000, 1_000),
        FeatureProtocol("pixels-halves", "pixels", ("kernel", *_BY_PIXELS), None, None, repeats=10),
        FeatureProtocol("points-halves", "identity", _BY_DISTANCES, None, None, repeats=10),
        # The same scores by a network that was trained on other images.
        FeatureProtocol("mobilenet-1k", "mobilenet_v2", _BY_NETWORK, 1_000, 1_000),
        FeatureProtocol("mobilenet-halves", "mobilenet_v2", _BY_NETWORK, None, None, repeats=10),
        # GN-GAN (AAAI 2019), Table 3. Our assumption is that its real images are training images.
        FeatureProtocol("gngan-10k5k", *_INCEPTION, 5_000, 10_000),
        # P2GAN (IJCAI 2019). Its reference is not published.
        FeatureProtocol("p2gan-50k", *_INCEPTION, 50_000, None),
        # PGMGAN (CVPR 2021), Tables 1 and 4, without labels or flips.
        FeatureProtocol("pgmgan-50k", "inception_tf2015", ("frechet", "kernel", "inception_score_1000"), 50_000, None),
        # LOGAN (AAAI 2018), which has no distance to real images.
        FeatureProtocol("logan-is50k", "inception_tf2015", ("inception_score", "reconstructions"), 50_000, None),
        # Rumi-GAN (NeurIPS 2020), at the end and during training, against all images except those of negative classes.
        FeatureProtocol("rumi-10k", "inception_keras_80", ("frechet", "prd"), 10_000, None),
        FeatureProtocol("rumi-5k", "inception_keras_80", ("frechet", "prd"), 5_000, None),
        # The same scores without a download, for any minority class and for few images.
        FeatureProtocol("rumi-classifier-10k", "classifier", _OF_RUMI, 10_000, None),
        FeatureProtocol("rumi-classifier-1k", "classifier", _OF_RUMI, 1_000, None),
    )
}
"""Name -> protocol. The default of a run is the first that fits its data, has enough data, and needs no download."""


def protocol_named(name):
    """Returns the protocol called `name`.

    Raises:
      InputError: There is no such protocol.
    """
    if name not in PROTOCOLS:
        near = difflib.get_close_matches(name, PROTOCOLS, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise InputError(f"unknown protocol {name!r}; {meant}choose one of {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[name]


def protocol_for(name, data, negative_classes=(), *, by_network=False):
    """Returns the protocol for a dataset, with its numbers of samples.

    Args:
      name: A key of `PROTOCOLS`, or None for the default of the data.
      data: A `DataSet`.
      negative_classes: Labels of images that the generator avoids.
      by_network: Whether `--feature_network` is given, so that the default is a protocol that uses it.

    Raises:
      InputError: There is no such protocol, it does not use the network, it is for other data, there are too few
        samples, or a class is unknown.
    """
    if name is None:
        flag = "feature_network" if by_network else None
        candidates = [each for each in PROTOCOLS.values() if each.fits(data) and each.network_flag == flag]
        if not candidates:
            raise InputError(f"--feature_network measures images, and {data.name} are points; leave it out.")
    else:
        candidates = [protocol_named(name)]
        if by_network and candidates[0].network_flag != "feature_network":
            others = [each.name for each in PROTOCOLS.values() if each.network_flag == "feature_network"]
            raise InputError(f"--feature_network is not for --protocol={name}; choose {' or '.join(others)}.")
        if not candidates[0].fits(data):
            raise InputError(
                f"the protocol {name} is for {candidates[0].measured}, and the data are {data.name}. Choose one of "
                f"{', '.join(each.name for each in _possible(data))}, or leave --protocol out."
            )
    candidates = [leaving_out(each, negative_classes) for each in candidates]
    for protocol in candidates:
        if protocol.reason_against(data) is None:
            return protocol.sized(data)
    # No protocol is possible. The one with the smallest number of samples has the most useful message.
    raise InputError(min(reversed(candidates), key=lambda each: each.fewest).reason_against(data))


def _possible(data):
    """Yields the protocols that measure a dataset without a download."""
    for each in PROTOCOLS.values():
        if each.fits(data) and not each.network_flag and each.reason_against(data) is None:
            yield each.sized(data)


def leaving_out(protocol, classes):
    """Returns the protocol for a generator that avoids images of some classes.

    Raises:
      InputError: The protocol is for points.
    """
    if not classes:
        return protocol
    if not isinstance(protocol, FeatureProtocol) or protocol.extractor == "identity":
        raise InputError(f"--negative_classes are classes of images, and {protocol.name} measures points.")
    return protocol._replace(negative_classes=tuple(sorted(set(classes))))


def measure_run(protocol, run, *, seed, averaged, resources=None):
    """Measures a restored run.

    Args:
      protocol: The protocol.
      run: A `TrainedRun`.
      seed: Seed of the latents.
      averaged: Whether to use the averaged weights, if the run has them.
      resources: The `Resources`. Their cache is that of the run.

    Returns:
      The record of the protocol, with the method, step, flags and seed of the run. It also says whether the weights
      were averaged.
    """
    model = run.model
    resources = (resources or Resources())._replace(cache_dir=run.cache_dir)
    measure = protocol.ready(data_to_match(run), seed=seed, resources=resources, unwanted=unwanted_samples(run))
    sampler = Sampler(model, run.scaling, run.facts.kind, averaged=averaged)
    samples = sampler.sample(protocol.samples, seed=seed)
    rows_of = occupancy_of(model, seed, protocol.samples)
    record = measure(samples, sampler.reconstruct_stored, rows_of)
    with model.averaged() if averaged else contextlib.nullcontext():
        rates = acceptance_of(model, seed, protocol.samples)
    record["values"] |= rates
    record["spread"] |= acceptance_errors(rates, protocol.samples)
    averaged = averaged and model.keeps_averages
    of_run = {"method": run.method, "step": model.global_step, "averaged": averaged}
    of_run |= {"flags": run.flags, "seed": seed}
    conditions = {"averaged": averaged} | latents_of(model)
    return of_run | record | {"protocol": record["protocol"] | conditions}


def latents_of(model):
    """Returns the entries of a record's protocol about latents. There are none for those of the training."""
    if model.truncation == 1.0:
        return {}
    return {"latents": f"the distribution of training, times {model.truncation:g}"}


def data_to_match(run):
    """The data that samples of a run are compared with: the wanted points, or all images.

    Unwanted images are recognised by their class; see `Kind.marks_unwanted`.
    """
    data = run.data
    if data.kind.marks_unwanted:
        return data
    wanted = run.wanted.taken()
    return data._replace(samples=wanted.samples, held_out=wanted.held_out)


def measure_file(protocol, path, data, *, seed, samples_range="auto", resources=None, preparation=None):
    """Measures samples of any program.

    Args:
      protocol: The protocol, which fixes the number of samples.
      path: A file or folder of samples in data units. See `read_samples`.
      data: The reference, a `DataSet`. It is None for images with a `ReferenceProtocol`.
      seed: Seed of the choice of real points.
      samples_range: See `read_samples`.
      resources: The `Resources`.
      preparation: Arguments of `load_images` for a folder, by name.

    Returns:
      The record of the protocol, with the path and the seed.

    Raises:
      InputError: The file cannot be read, or the number, shape or range of its samples is wrong.
    """
    kind = IMAGES if data is None else data.kind
    channels = data.shape[-1] if data is not None and kind is IMAGES else None
    samples = read_samples(path, channels=channels, samples_range=samples_range, **preparation or {})
    if data is None and samples.ndim != 4:
        raise InputError(f"{path} holds points {list(samples.shape)}; {protocol.name} takes images.")
    if data is None and samples.shape[-1] not in (1, 3):
        raise InputError(
            f"{path} holds images with {samples.shape[-1]} channels; {protocol.name} takes 1 or 3. Lay images with "
            "opacity over a colour."
        )
    expected = (protocol.samples, *(samples.shape[1:] if data is None else data.shape))
    if data is not None and samples.shape[1:] == expected[1:] and len(samples) != protocol.samples:
        others = [f"{each.name} takes {each.samples:,}" for each in _possible(data) if each.name != protocol.name]
        choice = f", or choose another --protocol: {', '.join(others)}" if others else ""
        raise InputError(
            f"{path} holds {len(samples):,} samples; {protocol.name} takes {protocol.samples:,}. Give as many{choice}."
        )
    if samples.shape != expected:
        raise InputError(
            f"{path} holds samples of shape {list(samples.shape)}; {protocol.name} takes {list(expected)}, "
            f"{kind.units}."
        )
    record = protocol.ready(data, seed=seed, resources=resources or Resources())(samples)
    of_file = {"samples": str(path), "seed": seed}
    return of_file | record | {"protocol": record["protocol"] | {"averaged": "unknown"}}
