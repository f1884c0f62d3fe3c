"""Reading of tensors in PyTorch files, without PyTorch and without running any code of the file."""

import io
import zipfile

import numpy as np

from tfgan2.errors import InputError
from tfgan2.evaluation.torch_pickle import Refused, followed, tensors_in

ZIP, PICKLE = b"PK\x03\x04", b"\x80"
_MAGIC = 0x1950A86A20F9469CFC6C  # Marks the format before PyTorch 1.6, which is not a zip archive.


def read_tensors(path):
    """Returns name -> array for all tensors in a file by `torch.save` of a state dict or by `torch.jit.save`.

    The names of nested objects are joined by dots. A pickle is a program. `torch_pickle` interprets only the
    instructions that build numbers, texts, lists and dictionaries, and only the names of tensors. It cannot import or
    call anything else, and rejects a file with any other name.

    Args:
      path: `Path` of a file that begins with `ZIP` or `PICKLE`.

    Raises:
      InputError: The file is damaged, has another format, or has another name.
    """
    content = path.read_bytes()
    try:
        return _from_zip(content) if content.startswith(ZIP) else _from_stream(io.BytesIO(content), len(content))
    except Refused as error:
        raise InputError(
            f"{path} {error}; nothing of it was run. It must hold tensors alone; in PyTorch, write them with "
            "torch.save(network.state_dict(), FILE)."
        ) from error
    except (
        *(ArithmeticError, AttributeError, LookupError, MemoryError, NotImplementedError, TypeError, ValueError),
        *(EOFError, RuntimeError, zipfile.BadZipFile),
    ) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise InputError(f"{path} is not a complete PyTorch file ({reason}). Download or write it again.") from error


def _from_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (program,) = [name for name in archive.namelist() if name.endswith("/data.pkl") or name == "data.pkl"]
        folder = program.removesuffix("data.pkl")
        order = f"{folder}byteorder"
        if order in archive.namelist() and _member(archive, order) != b"little":
            raise Refused("has numbers in an order of bytes other than little-endian")
        tensors = tensors_in(followed(io.BytesIO(_member(archive, program))))
        storages = {tensor.storage for tensor in tensors.values()}
        data = {storage: _numbers(storage, _member(archive, f"{folder}data/{storage.key}")) for storage in storages}
    return {name: _array(tensor, data[tensor.storage]) for name, tensor in tensors.items()}


def _member(archive, name):
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise Refused("is compressed, as PyTorch writes none")
    return archive.read(name)


def _from_stream(file, size):
    """Reads the old format: five pickles, followed by the numbers."""
    if followed(file) != _MAGIC:
        raise Refused("is a pickle of another kind than PyTorch's")
    followed(file)  # version
    if not followed(file)["little_endian"]:
        raise Refused("has numbers in an order of bytes other than little-endian")
    tensors = tensors_in(followed(file))
    storages = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    data = {}
    for key in followed(file):
        count = int.from_bytes(file.read(8), "little")
        if not isinstance(key, str) or key not in storages or count > size:
            raise ValueError(f"{count} numbers of an unknown tensor")
        storage = storages[key]
        data[storage] = _numbers(storage, file.read(count * np.dtype(storage.kind).itemsize))
    return {name: _array(tensor, data[tensor.storage]) for name, tensor in tensors.items()}


def _numbers(storage, content):
    numbers = np.frombuffer(content, storage.kind)
    if len(numbers) != storage.count:
        raise ValueError(f"{len(numbers)} numbers of {storage.count}")
    return numbers


def _array(tensor, numbers):
    size = numbers.itemsize
    strides = [size * stride for stride in tensor.strides]
    # NumPy raises an error for offsets or strides outside the buffer.
    return np.ndarray(tensor.shape, numbers.dtype, numbers, size * tensor.offset, strides)
