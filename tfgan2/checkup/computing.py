"""Whether TensorFlow computes right on each device, with and without XLA."""

import numpy as np
import tensorflow as tf

from tfgan2.checkup.finding import Finding
from tfgan2.errors import InputError

_SIZE = 64
_TOLERANCES = {"float32": 1e-2, "bfloat16": 1.0}  # GPUs multiply float32 with 10 bits. The products are up to 30 or so.


def check_computing(multiply=tf.matmul):
    """Yields a finding for each device and number format: a product of matrices by TensorFlow, by XLA and by NumPy.

    Args:
      multiply: Function of two tensors that TensorFlow compiles.
    """
    random = np.random.default_rng(0)
    first, second = random.standard_normal((2, _SIZE, _SIZE)).astype(np.float32)
    devices = tf.config.list_logical_devices("GPU") or tf.config.list_logical_devices("CPU")[:1]
    for device in devices:
        for dtype, tolerance in _TOLERANCES.items():
            for name, jit in (("TensorFlow", False), ("XLA", True)):
                yield _compared(multiply, device.name, dtype, name, jit, (first, second), tolerance)


def _compared(multiply, device, dtype, name, jit, factors, tolerance):
    where = f"{name} in {dtype} on {device.rpartition('device:')[2]}"
    advice = "Train with --jit=off." if jit else "Reinstall TensorFlow, and on a GPU its driver."
    try:
        with tf.device(device):
            compiled = tf.function(multiply, jit_compile=jit, autograph=False)
            product = tf.cast(compiled(*(tf.cast(factor, dtype) for factor in factors)), tf.float32).numpy()
    except (tf.errors.OpError, RuntimeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        return Finding(f"{where} fails: {reason}. {advice}", "problem", InputError.exit_code)
    distance = np.abs(product - factors[0] @ factors[1]).max()
    if not distance < tolerance:
        return Finding(f"{where} is wrong by {distance:.2g}. {advice}", "problem", InputError.exit_code)
    return Finding(f"{where} computes right")
