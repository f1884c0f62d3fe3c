"""Export of a trained game as a SavedModel that runs without this package."""

import contextlib
import json
import re
import tempfile
from pathlib import Path

import tensorflow as tf
from tensorflow_serving.apis import model_pb2, predict_pb2, prediction_log_pb2

from tfgan2.errors import InputError, StorageError
from tfgan2.evaluation.data_units import DataUnits
from tfgan2.serving.signatures import DEFAULT_BETWEEN, DEFAULT_COUNT, signatures_of
from tfgan2.system.paths import pattern_in

_ORIGIN = "assets.extra/tfgan2.json"
_OPERATION = re.compile(r"\{\{.*?\}\} | \[Op:\w+\]")  # what TensorFlow puts around the message of a failed operation


def export_game(model, scaling, kind, directory, *, averaged=True, provenance=None):
    """Writes the next numbered SavedModel of a folder that a model server watches.

    All inputs and outputs are named; n is free, samples are in data units, which for images are [0, 1], latents and
    samples float32:

    - `serving_default`: latents [n, latent_dim] -> samples [n, ...].
    - `generate`: count and seed, int64 scalars, 16 and 0 where the caller may leave them out -> samples [count, ...];
      row i depends on (seed, i) only. Of images these are uint8, the nearest grey levels.
    - where samples can be chosen, both have one more input, "label", "generator" or "partition" as the model's
      `choice` is called: int32 [n] of `serving_default`, an int64 scalar of `generate`, whose default -1 draws each.
    - `log_density_ratios`: samples -> "pull" and "push" of P2GAN, [n, heads]; tfgan2.json says what each compares.
    - where the model has an encoder, `encode`: samples -> latents, `reconstruct`: samples -> samples, and
      `interpolate`: first and second, samples [n, ...], and count, an int64 scalar, 8 where it is left out ->
      samples [n, count, ...] on straight lines between the latents of both.

    An InvalidArgumentError says what is refused: latents and samples that are not finite numbers, images out of [0, 1],
    choices that are not offered, and counts that are too small. Latents may lie outside of the prior's range, as those
    of `encode` do; `prior` in tfgan2.json names the prior.

    The folder `assets.extra` holds one warm-up request for each signature, and `tfgan2.json`, which tells where the
    model is from. The export appears whole or not at all.

    Args:
      model: the `Game` to export, its generator and encoder functional networks.
      scaling: the `Scaling` between data units and the generator's output range.
      kind: the `Kind` of the samples.
      directory: folder of the exports 1, 2, 3, ...; made if it is missing. Other names in it are ignored.
      averaged: export the averages of the weights, if the model keeps any.
      provenance: what tfgan2.json shall tell besides, JSON values by name.

    Returns:
      The path of the export, `directory/<number>`.

    Raises:
      InputError: `directory` is no folder, or may not be written to, or TensorFlow could not load from it.
      StorageError: writing failed, as on a full disk.
    """
    check_folder(directory)
    with model.averaged() if averaged else contextlib.nullcontext():
        signatures = signatures_of(model, DataUnits(model, scaling), kind)
        requests = _warmup_requests(model, signatures)
        origin = json.dumps(_origin(model, scaling, averaged) | (provenance or {}), indent=2)
        module = tf.Module()
        module.weights = _weights(signatures)
        return _publish(Path(directory), lambda path: _write(path, module, signatures, requests, origin))


def check_folder(directory):
    """Raises InputError if TensorFlow could write a SavedModel to a folder of this name, but not load it from there."""
    letter = pattern_in(directory)
    if letter is not None:
        raise InputError(
            f"cannot export to {directory}: TensorFlow reads {letter} in a path as part of a pattern, and could not "
            "load the model. Name a folder whose path has none of * ? [ ] and backslash."
        )


def _weights(signatures):
    """The variables that the signatures read: no optimizer, no discriminator, and no class of ours around them."""
    variables = [v for function in signatures.values() for v in function.get_concrete_function().variables]
    return list({id(variable): variable for variable in variables}.values())


def _warmup_requests(model, signatures):
    """One serialized `PredictionLog` for each signature."""
    names = ("latents", model.choice) if model.choice else ("latents",)
    latents = dict(zip(names, tf.nest.flatten(model.latents(0, DEFAULT_COUNT)), strict=True))
    drawn = {"count": tf.constant(DEFAULT_COUNT, tf.int64), "seed": tf.constant(0, tf.int64)}
    if model.choice:
        drawn[model.choice] = tf.constant(-1, tf.int64)
    samples = signatures["serving_default"].get_concrete_function()(*latents.values())["samples"]
    inputs = {
        "serving_default": latents,
        "generate": drawn,
        "encode": {"samples": samples},
        "log_density_ratios": {"samples": samples},
        "reconstruct": {"samples": samples},
        "interpolate": {"first": samples, "second": samples[::-1], "count": tf.constant(DEFAULT_BETWEEN, tf.int64)},
    }
    return [_prediction_log(name, inputs[name]).SerializeToString() for name in signatures]


def _prediction_log(signature, inputs):
    request = predict_pb2.PredictRequest(
        model_spec=model_pb2.ModelSpec(signature_name=signature),
        inputs={name: tf.make_tensor_proto(value.numpy()) for name, value in inputs.items()},
    )
    return prediction_log_pb2.PredictionLog(predict_log=prediction_log_pb2.PredictLog(request=request))


def _origin(model, scaling, averaged):
    return {
        "method": type(model).__name__,
        "step": model.global_step,
        "averaged": bool(averaged and model.ema_decay),
        "prior": model.prior,
        "latent_dim": model.latent_dim,
        "choice": model.choice,
        "density_ratios": model.density_ratios,
        "offered_choices": list(model.offered_choices),
        "sample_shape": list(model.generator.output_shape[1:]),
        "scaling": scaling._asdict(),
    }


def _write(path, module, signatures, requests, origin):
    extra = path / "assets.extra"
    extra.mkdir(parents=True)
    (path / _ORIGIN).write_text(origin + "\n", encoding="utf-8")
    with tf.io.TFRecordWriter(str(extra / "tf_serving_warmup_requests")) as writer:
        for request in requests:
            writer.write(request)
    tf.saved_model.save(module, str(path), signatures=signatures)


def _publish(directory, write):
    """Lets `write` fill a new folder, then moves it to the next free number; returns its path."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".export-", ignore_cleanup_errors=True) as parent:
            unfinished = Path(parent, "model")
            write(unfinished)
            return unfinished.rename(directory / str(_next_number(directory)))
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise InputError(
            f"cannot export to {directory} ({error.strerror}); name a folder that may be written to, or a new one."
        ) from error
    except (OSError, tf.errors.OpError) as error:
        reason = _OPERATION.sub("", error.message) if isinstance(error, tf.errors.OpError) else error.strerror
        raise StorageError(f"{directory}: writing the export failed ({reason}); nothing of it was kept.") from error


def newest_export(directory):
    """(path, what tfgan2.json tells) of the export with the highest number in a folder, or None."""
    directory = Path(directory)
    last = _next_number(directory) - 1 if directory.is_dir() else 0
    origin = directory / str(last) / _ORIGIN
    with contextlib.suppress(OSError, ValueError):
        return origin.parents[1], json.loads(origin.read_text(encoding="utf-8"))
    return None


def _next_number(directory):
    names = (path.name for path in directory.iterdir())
    return 1 + max((int(name) for name in names if name.isascii() and name.isdecimal()), default=0)
