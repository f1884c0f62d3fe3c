"""Pickles for the reader of PyTorch's files: any instructions, deep nesting, huge sizes, and programs."""

import io
import pickle
import pickletools
import struct
import zipfile

import numpy as np

from tfgan2.evaluation.torch_file import read_tensors
from torturing.damage import damaged
from torturing.judge import Wrong

_OPCODES = {opcode.name: opcode for opcode in pickletools.opcodes}
_UNDERSTOOD = (
    *("BINPUT", "BINGET", "MARK", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "APPEND", "APPENDS", "SETITEM", "SETITEMS"),
    *("REDUCE", "NEWOBJ", "BUILD", "BINPERSID", "EMPTY_DICT", "EMPTY_LIST", "EMPTY_TUPLE", "NONE", "NEWTRUE"),
    *("BININT1", "BINUNICODE", "GLOBAL", "LONG1"),
)
_GLOBALS = (
    *("torch._utils\n_rebuild_tensor_v2", "torch\nFloatStorage", "collections\nOrderedDict", "__torch__.a\nB"),
    *("torch._utils\n_rebuild_parameter", "torch.jit._pickle\nbuild_intlist", "os\nsystem", "builtins\neval"),
)
_NUMBERS = np.arange(6, dtype="<f4").tobytes()
_STORAGE = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ"
_DEPTHS = (10, 1000, 100_000)


def run(drawn, folder, name_kind):
    """Writes a file with a pickle, and reads it. What is read must be arrays no larger than the file."""
    kinds = {
        "any instructions": _instructions,
        "understood instructions": lambda drawn, mark: _instructions(drawn, mark, _UNDERSTOOD),
        "nested deeply": _nested,
        "shared": _shared,
        "huge sizes": _sizes,
        "a state dict": lambda drawn, mark: (
            tensor_pickle() if drawn.random() < 0.3 else damaged(drawn, tensor_pickle())
        ),
        "a program": _program,
    }
    kind = drawn.choice([*kinds])
    name_kind(kind)
    mark, path = folder / "ran", folder / "x.pth"
    content = kinds[kind](drawn, mark)
    mark.unlink(missing_ok=True)
    path.write_bytes(drawn.choice([_zipped, _zipped, _in_old_format, _alone])(content))
    try:
        tensors = read_tensors(path)
    finally:
        if mark.exists():
            raise Wrong("the pickle ran")
    size = path.stat().st_size
    for name, tensor in tensors.items():
        if not isinstance(name, str) or not isinstance(tensor, np.ndarray) or tensor.nbytes > size:
            raise Wrong(f"{name[:100]!r} of {type(tensor).__name__} in a file of {size} bytes")


def tensor_pickle(**parts):
    """{"w": tensor} in the instructions that torch.save writes. For the parts see `_tensor`."""
    return b"\x80\x02}X\x01\x00\x00\x00w" + _tensor(**parts) + b"s."


def _tensor(offset=b"K\x00", shape=b"K\x02K\x03\x86", strides=b"K\x03K\x01\x86", storage=_STORAGE):
    arguments = storage + offset + shape + strides + b"\x89ccollections\nOrderedDict\n)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + arguments + b"tR"


def _zipped(program):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x/data.pkl", program)
        archive.writestr("x/data/0", _NUMBERS)
    return file.getvalue()


def _in_old_format(program):
    """The format before PyTorch 1.6: the program behind three short pickles, then the keys and the numbers."""
    head = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps({"little_endian": True}, 2)
    return head + program + pickle.dumps(["0"], 2) + struct.pack("<q", 6) + _NUMBERS


def _alone(program):
    return program if program.startswith(b"\x80") else b"\x80\x02" + program


def _instructions(drawn, mark, names=tuple(_OPCODES)):
    """A random series of instructions with fitting arguments, for a third of them behind a state dict on the stack."""
    del mark
    program = b"\x80\x02" + (tensor_pickle()[2:-1] if drawn.random() < 0.3 else b"")
    for _ in range(drawn.choice([3, 30, 300])):
        opcode = _OPCODES[drawn.choice(names)]
        program += opcode.code.encode("latin-1") + _argument(drawn, opcode)
    return program + b"." * drawn.randint(0, 1)


def _argument(drawn, opcode):
    """An argument in the form that the instruction has."""
    if opcode.arg is None:
        return b""
    if opcode.name in ("GLOBAL", "INST"):
        return drawn.choice(_GLOBALS).encode() + b"\n"
    text = bytes(drawn.choice(b"0123456789abc'L\\u") for _ in range(drawn.choice([0, 1, 5, 300])))
    match opcode.arg.n:
        case pickletools.UP_TO_NEWLINE:
            return drawn.choice([text, b"7", b"'a'", b"1e3", b"9" * 5000]) + b"\n"
        case pickletools.TAKEN_FROM_ARGUMENT1:
            return bytes([len(text) % 256]) + text[: len(text) % 256]
        case pickletools.TAKEN_FROM_ARGUMENT4 | pickletools.TAKEN_FROM_ARGUMENT4U:
            return struct.pack("<I", drawn.choice([len(text), len(text), 2**31 - 1, 2**32 - 1])) + text
        case pickletools.TAKEN_FROM_ARGUMENT8U:
            return struct.pack("<Q", drawn.choice([len(text), len(text), 2**40, 2**64 - 1])) + text
        case size:
            return bytes(drawn.choice([0, 1, 2, 3, 255]) for _ in range(size))


def _nested(drawn, mark):
    """Tuples, lists or dictionaries within each other."""
    del mark
    depth = drawn.choice(_DEPTHS)
    nest = {
        "tuples": b")" + b"\x85" * depth,
        "lists": b"]" * depth + b"a" * (depth - 1),
        "dictionaries": b"}X\x01\x00\x00\x00k" * depth + b"N" + b"s" * depth,
    }
    return _with(drawn, nest[drawn.choice([*nest])])


def _shared(drawn, mark):
    """Objects that are written once and used many times: a copy at each use, or a tree, would need far more memory."""
    del mark
    many, levels = drawn.choice([100, 20_000]), drawn.choice([10, 60, 250])
    key = b"X" + struct.pack("<I", 10_000) + b"k" * 10_000 + b"q\x01"
    ones, entries = b"K\x01" * many, b"".join(b"J" + struct.pack("<i", row) + b"K\x01" for row in range(many))
    again = {
        "doubled tuples": b"(" + b")" + b"".join(b"q%ch%c\x86" % (level, level) for level in range(levels)) + b"t",
        "a long tuple": b"((" + ones + b"tq\x00" + b"h\x00" * many + b"t",
        "a long shape": b"(](" + ones + b"eq\x00" + _tensor(shape=b"h\x00", strides=b"h\x00") * many + b"t",
        "a long name": b"}"
        + key
        + _tensor()
        + b"q\x02sh\x01"
        + b"}X\x01\x00\x00\x00th\x02sh\x01" * many
        + b"N"
        + b"s" * many
        + b"s",
        "attributes": b"(}q\x00(" + entries + b"u" + b"c__torch__.a\nB\n)Rh\x00b" * many + b"t",
    }
    return _with(drawn, again[drawn.choice([*again])])


def _sizes(drawn, mark):
    """A tensor with huge or wrong numbers: its shape, strides, offset, and the count of its storage."""
    del mark

    def number():
        value = drawn.choice([0, 1, 2, 6, 7, -1, 2**31, 2**62, 2**63, 2**64, 2**70, -(2**63), 2**2000])
        return b"\x8a" + bytes([len(pickle.encode_long(value))]) + pickle.encode_long(value)

    def numbers():
        return b"(" + b"".join(number() for _ in range(drawn.choice([0, 1, 2, 2, 33, 5000]))) + b"t"

    parts = {"offset": number, "shape": numbers, "strides": numbers, "storage": lambda: _counting(number())}
    chosen = drawn.sample([*parts], drawn.randint(1, 3))
    return tensor_pickle(**{name: parts[name]() for name in chosen})


def _counting(count):
    return _STORAGE.replace(b"K\x06", count)


def _with(drawn, value):
    """A value in one of the places of a state dict."""
    storage = {
        "key of a storage": _STORAGE.replace(b"X\x01\x00\x00\x000", value),
        "kind of a storage": _STORAGE.replace(b"X\x07\x00\x00\x00storage", value),
        "type of a storage": _STORAGE.replace(b"ctorch\nFloatStorage\n", value),
    }
    places = {
        "value": b"\x80\x02}X\x01\x00\x00\x00w" + value + b"s.",
        "key": b"\x80\x02}" + value + b"K\x00s.",
        "whole": b"\x80\x02" + value + b".",
        "name": b"\x80\x02" + value + b")R.",
        "arguments": b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n" + value + b"R.",
        "shape": tensor_pickle(shape=value),
        "strides": tensor_pickle(strides=value),
        "attributes": b"\x80\x02c__torch__.a\nB\n)R" + value + b"b.",
        **{name: tensor_pickle(storage=changed) for name, changed in storage.items()},
    }
    return places[drawn.choice([*places])]


class _Program:
    """Is pickled as a call that writes a file."""

    def __init__(self, mark):
        self._mark = str(mark)

    def __reduce__(self):
        return open, (self._mark, "w")


def _program(drawn, mark):
    """A pickle of Python's own objects that would run a program, of any protocol and in any place."""
    value = drawn.choice([_Program(mark), [_Program(mark)], {"w": _Program(mark)}, ({"a": [1.0, _Program(mark)]},)])
    program = pickle.dumps(value, drawn.randint(0, pickle.HIGHEST_PROTOCOL))
    return _with(drawn, program.removeprefix(b"\x80\x02")[:-1]) if drawn.random() < 0.5 else program
