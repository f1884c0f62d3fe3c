"""Reading of tensors in PyTorch files, without PyTorch and without running any code of the file."""

import io
import pickletools
import zipfile
from typing import NamedTuple

import numpy as np

from tfgan2.errors import InputError

ZIP, PICKLE = b"PK\x03\x04", b"\x80"
_MAGIC = 0x1950A86A20F9469CFC6C  # Marks the format before PyTorch 1.6, which is not a zip archive.

_TYPES = {"HalfStorage": "<f2", "FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8"}
_STORAGES = {f"torch {name}": kind for name, kind in _TYPES.items()}
_TENSORS = ("torch._utils _rebuild_tensor", "torch._utils _rebuild_tensor_v2")
# A call of these functions returns its first argument.
_WRAPPERS = (
    "torch._utils _rebuild_parameter",
    *(f"torch.jit._pickle {name}" for name in ("build_boollist", "build_doublelist", "build_intlist")),
    *(f"torch.jit._pickle {name}" for name in ("build_tensorlist", "restore_type_tag")),
)
_DICTIONARY = "collections OrderedDict"
_ALLOWED = {*_STORAGES, *_TENSORS, *_WRAPPERS, _DICTIONARY}
_MODULE = "__torch__"  # The package of TorchScript classes.

_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_VALUES = {"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "BINSTRING", "SHORT_BINSTRING"}
_EMPTY = {"EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Refused(Exception):
    """The file uses an instruction or a name that tensors do not need."""


class _Name(NamedTuple):
    """The name of a class or function in a file. It is never imported."""

    text: str


class _Storage(NamedTuple):
    kind: str
    key: str
    count: int


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Module(dict):
    """The attributes of an object of TorchScript."""


def read_tensors(path):
    """Returns name -> array for all tensors in a file by `torch.save` of a state dict or by `torch.jit.save`.

    The names of nested objects are joined by dots. A pickle is a program. This function interprets only the
    instructions that build numbers, texts, lists and dictionaries, and only the names above. It cannot import or call
    anything else, and rejects a file with any other name.

    Args:
      path: `Path` of a file that begins with `ZIP` or `PICKLE`.

    Raises:
      InputError: The file is damaged, has another format, or has another name.
    """
    content = path.read_bytes()
    try:
        return _from_zip(content) if content.startswith(ZIP) else _from_stream(io.BytesIO(content), len(content))
    except _Refused as error:
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
        if order in archive.namelist() and archive.read(order) != b"little":
            raise _Refused("has numbers in an order of bytes other than little-endian")
        tensors = _tensors_in(_followed(io.BytesIO(_member(archive, program))))
        storages = {tensor.storage for tensor in tensors.values()}
        data = {storage: _numbers(storage, _member(archive, f"{folder}data/{storage.key}")) for storage in storages}
    return {name: _array(tensor, data[tensor.storage]) for name, tensor in tensors.items()}


def _member(archive, name):
    if archive.getinfo(name).compress_type != zipfile.ZIP_STORED:
        raise _Refused("is compressed, as PyTorch writes none")
    return archive.read(name)


def _from_stream(file, size):
    """Reads the old format: five pickles, followed by the numbers."""
    if _followed(file) != _MAGIC:
        raise _Refused("is a pickle of another kind than PyTorch's")
    _followed(file)  # version
    if not _followed(file)["little_endian"]:
        raise _Refused("has numbers in an order of bytes other than little-endian")
    tensors = _tensors_in(_followed(file))
    storages = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    data = {}
    for key in _followed(file):
        count = int.from_bytes(file.read(8), "little")
        if key not in storages or count > size:
            raise ValueError(f"{count} numbers of tensor {key}")
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


def _tensors_in(root):
    """Name -> `_Tensor` for nested dictionaries. Each dictionary is visited once."""
    found, pending, seen = {}, [("", root)], set()
    while pending:
        prefix, value = pending.pop()
        if isinstance(value, _Tensor):
            found[prefix] = value
        elif isinstance(value, dict) and id(value) not in seen:
            seen.add(id(value))
            pending += [(f"{prefix}.{key}" if prefix else str(key), part) for key, part in value.items()]
    return found


def _followed(file):
    """Interprets one pickle. The result has plain values, dictionaries and `_Tensor`s."""
    stack, marks, memo = [], [], {}

    def since_mark():
        start = marks.pop()
        values = stack[start:]
        del stack[start:]
        return values

    for opcode, argument, _ in pickletools.genops(file):
        name = opcode.name
        if name in _VALUES:
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in _EMPTY:
            stack.append(_EMPTY[name]())
        elif name in ("BINPUT", "LONG_BINPUT"):
            memo[argument] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            stack.append(memo[argument])
        elif name == "GLOBAL":
            stack.append(_allowed(argument))
        elif name == "MARK":
            marks.append(len(stack))
        elif name == "TUPLE":
            stack.append(tuple(since_mark()))
        elif name in _TUPLES:
            stack[-_TUPLES[name] :] = [tuple(stack[-_TUPLES[name] :])]
        elif name in ("APPEND", "APPENDS"):
            values = [stack.pop()] if name == "APPEND" else since_mark()
            stack[-1].extend(values)
        elif name in ("SETITEM", "SETITEMS"):
            values = [stack.pop(-2), stack.pop()] if name == "SETITEM" else since_mark()
            stack[-1].update(zip(values[::2], values[1::2], strict=True))
        elif name in ("REDUCE", "NEWOBJ"):
            arguments = stack.pop()
            stack.append(_made(stack.pop(), arguments))
        elif name == "BUILD":
            state = stack.pop()
            if isinstance(stack[-1], _Module):
                stack[-1].update(state)
        elif name == "BINPERSID":
            stack.append(_storage(stack.pop()))
        elif name == "STOP":
            return stack.pop()
        elif name != "PROTO":
            raise _Refused(f"uses the instruction {name}")
    raise EOFError("no end")


def _allowed(text):
    if text not in _ALLOWED and text.partition(" ")[0].partition(".")[0] != _MODULE:
        raise _Refused(f"names {text.replace(' ', '.')}")
    return _Name(text)


def _made(name, arguments):
    """The result of a call of an allowed name."""
    (text,) = name
    if text in _TENSORS:
        storage, offset, shape, strides = arguments[:4]
        return _Tensor(storage, offset, tuple(shape), tuple(strides))
    if text in _WRAPPERS:
        return arguments[0]
    if text == _DICTIONARY:
        return dict(*arguments)
    if text in _STORAGES:
        raise _Refused(f"calls {text.replace(' ', '.')}")
    return _Module()


def _storage(identity):
    kind, name, key, _, count, *view = identity
    if kind != "storage" or view not in ([], [None]):
        raise _Refused(f"holds a {kind if kind != 'storage' else 'view of other numbers'}")
    return _Storage(_STORAGES[name.text], key, count)
