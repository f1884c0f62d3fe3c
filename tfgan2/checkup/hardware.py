"""The processors, the memory and the GPUs that this process may use."""

import os
import shutil
from pathlib import Path

import tensorflow as tf

from tfgan2.checkup.finding import Finding
from tfgan2.recipe.machine import this_machine

_GIB = 2**30
_LITTLE = 2 * _GIB  # Available memory below which a training may be killed.


def check_processors(cgroup=Path("/sys/fs/cgroup")):
    """Yields a finding about CPU cores, and one about bfloat16."""
    machine = this_machine()
    allowed = _quota(cgroup)
    cores = f"{machine.cores} CPU core{'s' * (machine.cores > 1)} of {os.cpu_count()}"
    if allowed is not None and allowed < machine.cores:
        advice = f"Give --threads={max(1, int(allowed))}, as more threads would wait for each other."
        yield Finding(f"{cores}, but the container may use the time of {allowed:g}. {advice}", "note")
    else:
        yield Finding(cores)
    if machine.bfloat16:
        yield Finding("bfloat16 has units of its own here, so --precision=mixed_bfloat16 can be faster")
    else:
        yield Finding("bfloat16 has no units of its own here (AMX, or a GPU since 2020). Keep --precision=float32")


def check_memory(cgroup=Path("/sys/fs/cgroup"), meminfo=Path("/proc/meminfo")):
    """Yields a finding about the memory that is available."""
    total, available = _machine_memory(meminfo)
    limit = _number(cgroup / "memory.max")
    if limit is not None and (total is None or limit < total):
        total, available = limit, min(available or limit, limit - (_number(cgroup / "memory.current") or 0))
    if total is None:
        yield Finding("the size of the memory is unknown on this system", "note")
        return
    text = f"memory: {available / _GIB:.1f} GiB of {total / _GIB:.1f} GiB are available"
    if available < _LITTLE:
        yield Finding(f"{text}. A training needs about 2 GiB. End other programs, or the system may kill it.", "note")
    else:
        yield Finding(text)


def check_gpus():
    """Yields a finding for each GPU. It is a note if there is a driver, but TensorFlow sees no GPU."""
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        details = tf.config.experimental.get_device_details(gpu)
        version = ".".join(map(str, details.get("compute_capability") or ("unknown",)))
        yield Finding(f"{gpu.name}: {details.get('device_name', 'GPU')}, compute capability {version}")
    if gpus:
        return
    if shutil.which("nvidia-smi") or Path("/dev/nvidia0").exists():
        yield Finding(
            "there is a driver of NVIDIA, but TensorFlow sees no GPU. Run pip install 'tensorflow[and-cuda]==2.21.*', "
            "and see that CUDA_VISIBLE_DEVICES is not empty.",
            "note",
        )
    else:
        yield Finding("no GPU; trainings run on the CPU")


def _quota(cgroup):
    """The number of CPU cores that a container may use, a fraction, or None without a limit."""
    try:
        quota, period = (cgroup / "cpu.max").read_text().split()
        return int(quota) / int(period)
    except (OSError, ValueError):
        return None


def _number(path):
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _machine_memory(meminfo):
    try:
        lines = (line.split() for line in meminfo.read_text().splitlines())
        sizes = {line[0]: int(line[1]) * 1024 for line in lines if len(line) > 1}
        return sizes["MemTotal:"], sizes["MemAvailable:"]
    except (OSError, ValueError, KeyError):
        return None, None
