"""The part of pickle that PyTorch's tensors need. A pickle is a program; nothing of it is run.

The time and the memory of reading are proportional to the size of the file.
"""

import math
import pickletools
from typing import NamedTuple

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
_MOST_AXES = 32
_LONGEST_NAME = 1000  # Letters. Names of nested objects could otherwise need the square of the memory of the file.


class Refused(Exception):
    """The file uses an instruction or a name that tensors do not need."""


class _Name(NamedTuple):
    """The name of a class or function in a file. It is never imported."""

    text: str


class Storage(NamedTuple):
    """Numbers that tensors share.

    Attributes:
      kind: Type of the numbers, for NumPy.
      key: Name of the numbers in the file.
      count: Number of numbers.
    """

    kind: str
    key: str
    count: int


class Tensor(NamedTuple):
    """A part of a storage.

    Attributes:
      storage: The `Storage`.
      offset: Place of the first number.
      shape: Shape.
      strides: Distance of two numbers along each axis.
    """

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Module:
    """An object of TorchScript. Its attributes are a dict of the file, which objects may share."""

    def __init__(self):
        self.attributes = {}


def tensors_in(root):
    """Returns name -> `Tensor` for nested dictionaries. Dots join the names. Each dictionary is visited once."""
    found, pending, seen = {}, [("", root)], set()
    while pending:
        prefix, value = pending.pop()
        value = value.attributes if isinstance(value, _Module) else value
        if isinstance(value, Tensor):
            found[prefix] = value
        elif isinstance(value, dict) and id(value) not in seen:
            seen.add(id(value))
            pending += [(_joined(prefix, str(key)), part) for key, part in value.items()]
    return found


def followed(file):
    """Interprets one pickle. The result has plain values, lists, tuples, dictionaries and `Tensor`s.

    Args:
      file: A binary file at the start of the pickle. Afterwards it is behind the end of the pickle.

    Raises:
      Refused: The pickle has an instruction or a name that tensors do not need.
      ArithmeticError, AttributeError, LookupError, TypeError, ValueError: It is damaged.
    """
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
            _of(list, stack[-1]).extend(values)
        elif name in ("SETITEM", "SETITEMS"):
            values = [stack.pop(-2), stack.pop()] if name == "SETITEM" else since_mark()
            # The hash of a nested tuple would need a deep stack, or a time that doubles with each level.
            keys = [key if isinstance(key, str) else _of(int, key) for key in values[::2]]
            _of(dict, stack[-1]).update(zip(keys, values[1::2], strict=True))
        elif name in ("REDUCE", "NEWOBJ"):
            arguments = _of(tuple, stack.pop())
            stack.append(_made(_of(_Name, stack.pop()).text, arguments))
        elif name == "BUILD":
            state = stack.pop()
            if isinstance(stack[-1], _Module):
                stack[-1].attributes = _of(dict, state)
        elif name == "BINPERSID":
            stack.append(_storage(_of(tuple, stack.pop())))
        elif name == "STOP":
            return stack.pop()
        elif name != "PROTO":
            raise Refused(f"uses the instruction {name}")
    raise EOFError("no end")


def _of(kind, value):
    """The value, which must be of a class."""
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} in the place of {kind.__name__}")
    return value


def _joined(prefix, key):
    name = f"{prefix}.{key}" if prefix else key
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"a name of {len(name)} letters")
    return name


def _allowed(text):
    if text not in _ALLOWED and text.partition(" ")[0].partition(".")[0] != _MODULE:
        raise Refused(f"names {text.replace(' ', '.')}")
    return _Name(text)


def _made(text, arguments):
    """The result of a call of an allowed name."""
    if text in _TENSORS:
        return _tensor(*arguments[:4])
    if text in _WRAPPERS:
        return arguments[0]
    if text == _DICTIONARY and not arguments:
        return {}
    if text in _ALLOWED:
        raise Refused(f"calls {text.replace(' ', '.')}" + " with arguments" * (text == _DICTIONARY))
    return _Module()


def _tensor(storage, offset, shape, strides):
    if len(shape) > _MOST_AXES or len(shape) != len(strides):
        raise ValueError(f"a tensor of {len(shape)} axes with {len(strides)} strides")
    shape, strides = (tuple(_of(int, number) for number in numbers) for numbers in (shape, strides))
    # Strides of 0 would make a large array of a single number.
    if math.prod(shape) > _of(Storage, storage).count:
        raise ValueError(f"a tensor that repeats the {storage.count} numbers of {storage.key[:100]}")
    return Tensor(storage, _of(int, offset), shape, strides)


def _storage(identity):
    kind, name, key, _, count, *view = identity
    if kind != "storage":
        raise Refused(f"holds a {kind[:100]}" if isinstance(kind, str) else "holds an object that is no storage")
    if view not in ([], [None]):
        raise Refused("holds a view of other numbers")
    return Storage(_STORAGES[_of(_Name, name).text], _of(str, key), _of(int, count))
