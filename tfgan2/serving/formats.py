"""Files of the generator in other formats than the SavedModel: how each is written and read."""

import warnings
from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from tensorflow.lite.python.convert_phase import ConverterError

from tfgan2.errors import InputError
from tfgan2.system.file_versions import KEY, check_version, version_in, versioned


class Format(NamedTuple):
    """A format of files.

    Attributes:
      file: Name of the file.
      write: Function of (decoder, path).
      read: Function of the path that returns a function from a list of arrays, the inputs, to samples.
      packages: The packages that write and read it, in the extra of the format's name.
      takes_bfloat16: Whether networks may compute in bfloat16.
    """

    file: str
    write: Callable
    read: Callable
    packages: tuple[str, ...] = ()
    takes_bfloat16: bool = False


def _write_onnx(decoder, path):
    signature = [keras.InputSpec(each.dtype, each.shape, name=each.name) for each in decoder.inputs]
    signature = [signature] if len(signature) > 1 else signature
    decoder.export(str(path), format="onnx", verbose=False, input_signature=signature)


def _read_onnx(path):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return lambda inputs: session.run(None, dict(zip(names, inputs, strict=True)))[0]


def _write_litert(decoder, path):
    """One sample at a time: with a variable number, the converter loses the sizes of some convolutions."""
    signature = [keras.InputSpec(each.dtype, (1, *each.shape[1:]), name=each.name) for each in decoder.inputs]
    built_in = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}  # Interpreters outside of TensorFlow have no others.
    signature = [signature] if len(signature) > 1 else signature
    try:
        decoder.export(str(path), format="litert", verbose=False, input_signature=signature, target_spec=built_in)
    except ConverterError as error:
        raise InputError(
            "--format=litert: the generator has operations that LiteRT does not have. Take --format=onnx."
        ) from error


def _read_litert(path):
    resolver = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    with warnings.catch_warnings(category=UserWarning, action="ignore"):  # Later versions of TensorFlow lack it.
        interpreter = tf.lite.Interpreter(str(path), experimental_op_resolver_type=resolver)
    interpreter.allocate_tensors()
    runner = interpreter.get_signature_runner("serving_default")
    names = {len(detail["shape"]): name for name, detail in runner.get_input_details().items()}

    def samples(inputs):
        named = {names[array.ndim]: array for array in inputs}
        rows = [runner(**{name: array[[row]] for name, array in named.items()}) for row in range(len(inputs[0]))]
        return np.concatenate([next(iter(row.values())) for row in rows])

    return samples


def _write_keras(decoder, path):
    decoder.save(path)


def _read_keras(path):
    return _called(keras.saving.load_model(path))


def _write_safetensors(decoder, path):
    from safetensors.numpy import save_file

    arrays = {
        f"{place:04}/{weight.path}": np.ascontiguousarray(weight.numpy())
        for place, weight in enumerate(decoder.weights)  # Networks of one kind have equal paths.
    }
    version = {name: str(value) for name, value in versioned("safetensors", {}).items()}
    save_file(arrays, path, metadata={"keras": decoder.to_json()} | version)


def _read_safetensors(path):
    from safetensors import safe_open

    with safe_open(path, "numpy") as file:
        metadata = file.metadata()
        check_version("safetensors", path, {KEY: version_in(metadata.get(KEY, "1"))})
        model = keras.models.model_from_json(metadata["keras"])
        for name, weight in zip(sorted(file.keys()), model.weights, strict=True):
            weight.assign(file.get_tensor(name))
    return _called(model)


def _called(model):
    return lambda inputs: np.asarray(model(inputs if len(inputs) > 1 else inputs[0], training=False))


FORMATS = {
    "keras": Format("model.keras", _write_keras, _read_keras, takes_bfloat16=True),
    "onnx": Format("model.onnx", _write_onnx, _read_onnx, ("tf2onnx", "onnxruntime")),
    "litert": Format("model.tflite", _write_litert, _read_litert),
    "safetensors": Format("model.safetensors", _write_safetensors, _read_safetensors, ("safetensors",), True),
}
"""Name -> format."""
