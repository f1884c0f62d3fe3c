"""Files of PyTorch, written by hand: what is read of them, and that nothing in them is ever run."""

import contextlib
import io
import os
import pickle
import zipfile

import numpy as np
import pytest
from inception_files import pickled_name, pickled_tensor, pickled_text, write_old_pth, write_pth

from tfgan2.errors import InputError
from tfgan2.evaluation.torch_file import read_tensors

RANDOM = np.random.default_rng(0)
TENSORS = {
    "first.weight": RANDOM.standard_normal((4, 3, 2), np.float32),
    "first.counter": np.array(3, np.int64),
    "second.bias": RANDOM.standard_normal(5, np.float32),
}
WRITERS = {"since PyTorch 1.6": write_pth, "before": write_old_pth}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.pth"


def refusal(path):
    with pytest.raises(InputError) as raised:
        read_tensors(path)
    assert str(raised.value).startswith(f"{path} ")
    return str(raised.value)


def zipped(path, program, data=(), compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("archive/data.pkl", program)
        for key, content in enumerate(data):
            archive.writestr(f"archive/data/{key}", content)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_tensors_by_name(write, path):
    write(path, TENSORS)
    found = read_tensors(path)
    assert set(found) == set(TENSORS)
    for name, tensor in TENSORS.items():
        assert found[name].dtype == tensor.dtype and found[name].shape == tensor.shape
        np.testing.assert_array_equal(found[name], tensor)


def test_objects_within_each_other(path):
    part = b"}(" + pickled_text("b") + pickled_tensor(TENSORS["second.bias"], "0") + b"u"
    program = b"\x80\x02}(" + pickled_text("a") + part + pickled_text("n") + b"Nu."
    zipped(path, program, [TENSORS["second.bias"].tobytes()])
    assert list(read_tensors(path)) == ["a.b"]
    # A dictionary that holds itself, as no program writes it.
    zipped(path, b"\x80\x02}q\x00" + pickled_text("a") + b"h\x00s.")
    assert read_tensors(path) == {}


class Runs:
    """Is pickled as a call."""

    def __init__(self, function, *arguments):
        self._call = function, arguments

    def __reduce__(self):
        return self._call


ATTACKS = {
    "os.system": lambda marker: pickle.dumps({"w": Runs(os.system, f"touch {marker}")}, protocol=2),
    "exec": lambda marker: pickle.dumps(Runs(exec, f"open({str(marker)!r}, 'w')"), protocol=2),
    "eval": lambda marker: pickle.dumps([Runs(eval, f"open({str(marker)!r}, 'w')")], protocol=0),
    "names on the stack": lambda marker: pickle.dumps(Runs(os.system, f"touch {marker}"), protocol=4),
    "an old instance": lambda marker: f"(S'touch {marker}'\nios\nsystem\n.".encode(),
    "an old object": lambda marker: f"(cos\nsystem\nS'touch {marker}'\no.".encode(),
    "an extension": lambda marker: b"\x80\x02\x82\x01.",
    "attributes of an allowed name": lambda marker: (
        b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n}(X\x04\x00\x00\x00nameX\x02\x00\x00\x00osub."
    ),
    "an allowed name as a module": lambda marker: b"\x80\x02ccollections\nOrderedDict.__init__\n.",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("old", [False, True])
def test_a_hostile_file_is_not_run(attack, old, path, tmp_path):
    marker = tmp_path / "was-run"
    program = attack(marker)
    if attack in list(ATTACKS.values())[:6]:
        with contextlib.suppress(Exception):
            pickle.loads(program)
        assert marker.exists()  # so it is an attack
        marker.unlink()
    if old:
        path.write_bytes(program if program.startswith(b"\x80") else b"\x80\x02" + program)
    else:
        zipped(path, program)
    if attack is ATTACKS["attributes of an allowed name"] and not old:
        assert read_tensors(path) == {}
    else:
        refusal(path)
    assert not marker.exists()


def test_what_is_refused_is_named(path):
    zipped(path, pickle.dumps({"w": Runs(os.system, "true")}, protocol=2))
    assert refusal(path) == (
        f"{path} names {os.system.__module__}.system; nothing of it was run. It must hold tensors alone; in PyTorch, "
        "write them with torch.save(network.state_dict(), FILE)."
    )
    zipped(path, pickle.dumps({}, protocol=4))
    assert "weights.pth uses the instruction MEMOIZE; nothing of it was run." in refusal(path)
    storage = pickled_name("torch", "FloatStorage")
    zipped(path, b"\x80\x02" + storage + b")R.")
    assert "weights.pth calls torch.FloatStorage; nothing" in refusal(path)
    zipped(path, b"\x80\x02(" + pickled_text("module") + storage * 4 + b"tQ.")
    assert "weights.pth holds a module; nothing" in refusal(path)
    identity = pickled_text("storage") + storage + pickled_text("0") + pickled_text("cpu") + b"K\x01"
    zipped(path, b"\x80\x02(" + identity + pickled_text("1") + b"tQ.")
    assert "weights.pth holds a view of other numbers; nothing" in refusal(path)
    path.write_bytes(pickle.dumps({"w": 1.0}, protocol=2))
    assert "weights.pth is a pickle of another kind than PyTorch's; nothing" in refusal(path)


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_file_that_was_cut_off(write, path):
    write(path, TENSORS)
    content = path.read_bytes()
    for end in [*range(4, len(content) - 1, 37), len(content) - 1]:
        path.write_bytes(content[:end])
        assert "is not a complete PyTorch file (" in refusal(path)


def test_a_changed_byte_in_an_archive(path):
    write_pth(path, TENSORS)
    content = path.read_bytes()
    start = content.index(TENSORS["second.bias"].tobytes())
    path.write_bytes(content[: start + 3] + bytes([content[start + 3] ^ 1]) + content[start + 4 :])
    assert "is not a complete PyTorch file (Bad CRC-32" in refusal(path)


@pytest.mark.parametrize(
    "claim",
    [{"shape": (7,)}, {"shape": (2, 3)}, {"count": 9}, {"count": 2**31 - 1}, {"shape": (2**20, 2**10)}],
)
def test_a_tensor_that_claims_more_numbers_than_there_are(claim, path):
    write_pth(path, TENSORS, pickled=lambda array, key: pickled_tensor(array, key, **(claim if key == "2" else {})))
    assert "is not a complete PyTorch file (" in refusal(path)


STORAGE = pickled_text("storage") + pickled_name("torch", "FloatStorage") + pickled_text("0") + pickled_text("cpu")
MADE = pickled_name("torch._utils", "_rebuild_tensor_v2")
DOUBLED = b")" + b"".join(b"q%ch%c\x86" % (level, level) for level in range(60))
DEEP = b")" + b"\x85" * 300_000
LONG = b"](" + b"K\x01" * 1000 + b"e"
# Few bytes that need a deep stack, much time or much memory, unless they are refused.
GREEDY = {
    "a key with a deep stack": (b"}" + DEEP + b"K\x00s", "tuple in the place of int"),
    "a key that doubles": (b"}" + DOUBLED + b"K\x00s", "tuple in the place of int"),
    "a storage's key that doubles": (
        b"(" + STORAGE.replace(pickled_text("0"), DOUBLED) + b"K\x01tQ",
        "tuple in the place of str",
    ),
    "a storage's kind that doubles": (
        b"(" + STORAGE.replace(pickled_text("storage"), DOUBLED) + b"K\x01tQ",
        "holds an object that is no storage",
    ),
    "a shape that is copied": (
        MADE + b"((" + STORAGE + b"K\x01tQK\x00" + LONG + LONG + b"tR",
        "a tensor of 1000 axes with 1000 strides",
    ),
    "numbers that repeat": (
        MADE + b"((" + STORAGE + b"K\x01tQK\x00J\xff\xff\xff\x7f\x85K\x00\x85tR",
        "a tensor that repeats the 1 numbers of 0",
    ),
    "a long name": (b"}" + pickled_text("k" * 1001) + b"Ns", "a name of 1001 letters"),
    "a dictionary that is copied": (
        pickled_name("collections", "OrderedDict") + b"}\x85R",
        "calls collections.OrderedDict with arguments",
    ),
}


@pytest.mark.parametrize(("program", "reason"), GREEDY.values(), ids=GREEDY)
def test_a_greedy_file_is_refused(program, reason, path):
    zipped(path, b"\x80\x02" + program + b".")
    assert reason in refusal(path)


def test_the_attributes_of_objects_are_shared(path):
    shared = b"}" + pickled_text("w") + pickled_tensor(TENSORS["second.bias"], "0") + b"sq\x00"
    module = pickled_name("__torch__.a", "B") + b")\x81h\x00b"
    zipped(path, b"\x80\x02" + shared + b"}(" + pickled_text("a") + module + b"u.", [TENSORS["second.bias"].tobytes()])
    assert list(read_tensors(path)) == ["a.w"]


def test_a_compressed_member_is_not_expanded(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/byteorder", b"little")
        archive.writestr("archive/data.pkl", b"\x80\x02}.", zipfile.ZIP_STORED)
    assert "weights.pth is compressed, as PyTorch writes none; nothing" in refusal(path)


def test_archives_of_other_kinds(path):
    zipped(path, b"\x80\x02}.", compression=zipfile.ZIP_DEFLATED)
    assert "weights.pth is compressed, as PyTorch writes none; nothing" in refusal(path)
    np.savez(path.with_suffix(".npz"), **TENSORS)
    assert "is not a complete PyTorch file (" in refusal(path.with_suffix(".npz"))
    write_pth(path, TENSORS)
    swapped = path.with_name("swapped.pth")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(swapped, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"big" if name.endswith("byteorder") else old.read(name))
    assert "has numbers in an order of bytes other than little-endian" in refusal(swapped)
    write_old_pth(path, TENSORS)
    content = path.read_bytes()
    path.write_bytes(content.replace(pickled_text("little_endian") + b"\x88", pickled_text("little_endian") + b"\x89"))
    assert "has numbers in an order of bytes other than little-endian" in refusal(path)


def test_the_hand_written_pickle_is_one(path):
    """What `write_pth` writes, by Python's own reader with stand-ins for PyTorch's names."""

    class Reader(pickle.Unpickler):
        def find_class(self, module, name):
            return dict if name == "OrderedDict" else (lambda *arguments: (name, *arguments))

        def persistent_load(self, identity):
            return identity[0], identity[2:]

    write_pth(path, {"w": np.zeros((2, 3), np.float32)})
    with zipfile.ZipFile(path) as archive:
        program = archive.read("archive/data.pkl")
    with pytest.raises(AttributeError, match=r"_metadata|__dict__"):  # a dict has no attributes: PyTorch's has
        Reader(io.BytesIO(program)).load()
    (found,) = Reader(io.BytesIO(program[: program.rindex(b"}(X\x09\x00\x00\x00_metadata")] + b".")).load().values()
    assert found == ("_rebuild_tensor_v2", ("storage", ("0", "cpu", 6)), 0, (2, 3), (3, 1), False, {})
