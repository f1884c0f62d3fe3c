"""The machine that a recipe chooses for."""

import os
from typing import NamedTuple

import tensorflow as tf

_BFLOAT16_SINCE = (8, 0)  # CUDA compute capability of the first tensor cores for bfloat16.


class Machine(NamedTuple):
    """What a recipe needs to know of a machine.

    Attributes:
      cores: Number of CPU cores that this process may use.
      gpus: Number of GPUs.
      bfloat16: Whether matrix products in bfloat16 have units of their own: AMX, or tensor cores.
    """

    cores: int
    gpus: int
    bfloat16: bool

    @property
    def text(self):
        """The machine in words, such as "2 CPU cores"."""
        if self.gpus:
            return f"{self.gpus} GPU{'s' * (self.gpus > 1)}"
        return f"{self.cores} CPU core{'s' * (self.cores > 1)}"


def this_machine(threads=0) -> Machine:
    """Returns this machine.

    Args:
      threads: The number of CPU threads that the run uses. 0 is no limit.
    """
    cores = min(filter(None, (len(os.sched_getaffinity(0)), threads)))
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return Machine(cores, 0, _has_amx())
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    capabilities = [each.get("compute_capability") or (0, 0) for each in details]
    return Machine(cores, len(gpus), min(capabilities) >= _BFLOAT16_SINCE)


def _has_amx():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return any(line.startswith("flags") and "amx_bf16" in line.split() for line in file)
    except OSError:
        return False
