"""What an encoder is for: latents of samples, their reconstructions, and what lies between two of them."""

import contextlib
import warnings

import numpy as np

from tfgan2.data.images import fault_of_levels
from tfgan2.data.parts import real_samples
from tfgan2.errors import SettingWarning

_BLOCK = 64  # samples at once


def encoded_samples(run, samples, *, averaged=True):
    """Latents float32 [n, latent_dim] of samples.

    Args:
      run: a restored run.
      samples: [n, ...] in data units, which for images are [0, 1]; these also as uint8.
      averaged: use the averaged weights, where the run keeps them.

    Raises:
      ValueError: the run has no encoder, or samples have another shape, are images out of range or no finite numbers.
    """
    with _weights(run, averaged):
        return _in_blocks(run.model.encode, _for_networks(run, samples)).astype(np.float32)


def decoded_latents(run, latents, *, averaged=True):
    """Samples float32 [n, ...] in data units that the generator makes of latents.

    Args:
      run: a restored run.
      latents: finite numbers [n, latent_dim], such as an encoder gives. A `SettingWarning` tells how many of them the
        prior cannot draw.
      averaged: use the averaged weights, where the run keeps them.

    Raises:
      ValueError: the latents have another shape or are not finite, or the samples are chosen.
    """
    if run.model.choice:
        raise ValueError(f"samples of {type(run.model).__name__} have a {run.model.choice} beside latents.")
    run.model.check_latents(latents)
    if note := run.model.outside_the_prior(latents):
        warnings.warn(note, SettingWarning, stacklevel=3)
    with _weights(run, averaged):
        return _in_data_units(run, _in_blocks(run.model.generate, latents.astype(np.float32)))


def reconstructed_samples(run, samples, *, averaged=True):
    """Samples float32 [n, ...] in data units that the generator makes of the samples' latents; see `encoded_samples`.

    These latents may lie outside of the prior's range.
    """
    with _weights(run, averaged):
        return _in_data_units(run, _in_blocks(run.model.reconstruct, _for_networks(run, samples)))


def interpolated_samples(run, first, second, count, *, averaged=True):
    """Samples float32 [n, count, ...] on straight lines between latents, in data units; see `encoded_samples`.

    Args:
      run: a restored run.
      first, second: samples [n, ...]; their reconstructions are the ends of the rows.
      count: samples in a row, at least 2.
      averaged: use the averaged weights, where the run keeps them.

    Raises:
      ValueError: as `encoded_samples`, or there are more of one than of the other, or fewer than two in a row.
    """
    if len(first) != len(second):
        raise ValueError(f"there are {len(first)} samples to begin with and {len(second)} to end with; give as many.")
    if count < 2:
        raise ValueError(f"count is {count}; a row has at least its two ends.")
    ends = _for_networks(run, first), _for_networks(run, second)
    with _weights(run, averaged):
        rows = [np.asarray(run.model.interpolate(*pair, count)) for pair in zip(*map(_blocks, ends), strict=True)]
    return _in_data_units(run, np.concatenate(rows))


def samples_of_data(run, count, seed):
    """Samples [count, ...] in data units of what a run is to learn, chosen by the seed; fewer if there are fewer."""
    wanted = run.wanted
    return real_samples(wanted.data, np.random.default_rng(seed).permutation(wanted.all_rows)[:count])


def _for_networks(run, samples):
    samples = np.asarray(samples)
    if run.facts.are_images:
        if fault := fault_of_levels(samples):
            raise ValueError(f"images are {fault}")
    elif not np.isfinite(samples).all():
        raise ValueError("samples are not all finite numbers; leave out what is not.")
    if samples.dtype == np.uint8:
        samples = samples.astype(np.float32) / np.float32(255)
    return run.scaling.to_network(samples.astype(np.float32)).astype(np.float32)


def _in_data_units(run, samples):
    return run.scaling.to_data(samples).astype(np.float32)


def _blocks(samples):
    return [samples[first : first + _BLOCK] for first in range(0, len(samples), _BLOCK)]


def _in_blocks(function, samples):
    return np.concatenate([np.asarray(function(block)) for block in _blocks(samples)])


def _weights(run, averaged):
    return run.model.averaged() if averaged else contextlib.nullcontext()
