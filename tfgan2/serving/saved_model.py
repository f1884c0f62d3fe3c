"""Export of a trained game as a SavedModel that runs without this package."""

import contextlib

import tensorflow as tf
from tensorflow_serving.apis import model_pb2, predict_pb2, prediction_log_pb2

from tfgan2.evaluation.data_units import DataUnits
from tfgan2.serving.folders import check_folder, publish
from tfgan2.serving.origin import origin_of, write_origin
from tfgan2.serving.signatures import DEFAULT_BETWEEN, DEFAULT_COUNT, signatures_of

_USE = """import tensorflow as tf
model = tf.saved_model.load("1")  # this folder
samples = model.signatures["generate"](count=tf.constant(16, tf.int64), seed=tf.constant(0, tf.int64))["samples"]"""


def export_game(model, scaling, kind, directory, *, averaged=True, provenance=None, records=()):
    """Writes the next numbered SavedModel to a folder of a model server.

    All inputs and outputs have names. Latents and samples are float32. Samples are in data units, and images are in
    [0, 1]. The signatures are

    - `serving_default`: latents [n, latent_dim] -> samples [n, ...].
    - `generate`: count and seed, int64 scalars with defaults 16 and 0 -> samples [count, ...]. Row i depends only on
      (seed, i). Images are uint8.
    - `generate_png`, for images: the inputs of `generate` -> png_bytes [count], each the bytes of a PNG file.
    - `log_density_ratios`, for P2GAN and D2GAN: samples [n, ...] -> [n, heads] of each discriminator. tfgan2.json names
      the heads.
    - `encode`, with an encoder: samples [n, ...] -> latents [n, latent_dim].
    - `reconstruct`, with an encoder: samples [n, ...] -> samples [n, ...].
    - `interpolate`, with an encoder: first and second, samples [n, ...], and count, an int64 scalar with default 8 ->
      samples [n, count, ...] on straight lines between the latents.

    If samples can be chosen, `serving_default`, `generate` and `generate_png` have one more input, called "label",
    "generator" or "partition". It is int32 [n] for `serving_default` and else an int64 scalar. Its default -1 draws it
    at random.

    Invalid inputs raise an InvalidArgumentError: latents and samples that are not finite, images outside [0, 1],
    unknown choices, and counts that are too small. Latents may lie outside the range of the prior, as those of `encode`
    sometimes do. `prior` in tfgan2.json is the name of the prior. `generate` multiplies its latents by `truncation`.

    The folder `assets.extra` has one warm-up request per signature and `tfgan2.json` with the origin of the model.
    MODEL_CARD.md tells it in words. The export is complete or absent.

    Args:
      model: The `Game` to export. Its generator and encoder are functional models.
      scaling: The `Scaling` between data units and the output range of the generator.
      kind: The `Kind` of the samples.
      directory: Folder of the exports 1, 2, 3 and so on. It is created if it is missing. Other names are ignored.
      averaged: Whether to export the averaged weights, if the model has them.
      provenance: Name -> JSON value, further entries of tfgan2.json.
      records: Records of tfgan2.evaluate of these weights, for MODEL_CARD.md.

    Returns:
      The path of the export, `directory/<number>`.

    Raises:
      InputError: `directory` is not a folder, is not writable, or has a path from which TensorFlow cannot load.
      StorageError: Writing failed, for example on a full disk.
    """
    check_folder(directory)
    with model.averaged() if averaged else contextlib.nullcontext():
        signatures = signatures_of(model, DataUnits(model, scaling), kind)
        requests = _warmup_requests(model, signatures)
        origin = origin_of(model, scaling, averaged) | (provenance or {})
        module = tf.Module()
        module.weights = _weights(signatures)

        def write(path):
            path.mkdir()
            write_origin(path, origin, _USE, records)
            _write(path, module, signatures, requests)

        return publish(directory, write)


def _weights(signatures):
    """The variables of the signatures in the order of their use, without optimizers and discriminators."""
    used = {}
    for function in signatures.values():
        traced = function.get_concrete_function()
        by_handle = {id(variable.handle): variable for variable in traced.variables}  # In an order of addresses.
        used |= {id(handle): by_handle[id(handle)] for handle in traced.captured_inputs if id(handle) in by_handle}
    return list(used.values())


def _warmup_requests(model, signatures):
    """One serialized `PredictionLog` per signature."""
    names = ("latents", model.choice) if model.choice else ("latents",)
    latents = dict(zip(names, tf.nest.flatten(model.latents(0, DEFAULT_COUNT)), strict=True))
    drawn = {"count": tf.constant(DEFAULT_COUNT, tf.int64), "seed": tf.constant(0, tf.int64)}
    if model.choice:
        drawn[model.choice] = tf.constant(-1, tf.int64)
    samples = signatures["serving_default"].get_concrete_function()(*latents.values())["samples"]
    inputs = {
        "serving_default": latents,
        "generate": drawn,
        "generate_png": drawn,
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


def _write(path, module, signatures, requests):
    with tf.io.TFRecordWriter(str(path / "assets.extra" / "tf_serving_warmup_requests")) as writer:
        for request in requests:
            writer.write(request)
    tf.saved_model.save(module, str(path), signatures=signatures)
