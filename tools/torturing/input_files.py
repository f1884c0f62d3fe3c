"""Files of users: datasets, samples, statistics and weights, whole, damaged and lying about their size."""

import gzip
import io
import pickle
import struct
import warnings
import zipfile

import numpy as np
from PIL import Image

from tfgan2.data.sources import load
from tfgan2.errors import InputError
from tfgan2.evaluation.reference_statistics import read_reference
from tfgan2.evaluation.sample_files import read_samples
from tfgan2.evaluation.torch_file import read_tensors
from torturing.damage import damaged
from torturing.judge import Wrong
from torturing.pickles import tensor_pickle

_FORMATS = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I"),
    "JPEG": ("L", "RGB", "CMYK"),
    "GIF": ("P", "L", "RGB"),
    "WEBP": ("RGB", "RGBA"),
    "BMP": ("1", "L", "P", "RGB"),
    "TIFF": ("1", "L", "RGB", "RGBA", "CMYK", "F", "I;16"),
    "PPM": ("1", "L", "RGB"),
    "TGA": ("L", "RGB", "RGBA"),
    "ICO": ("RGBA",),
}
_EXACT = {("PNG", "L"), ("PNG", "RGB"), ("BMP", "L"), ("BMP", "RGB"), ("TIFF", "L"), ("TIFF", "RGB"), ("PPM", "RGB")}
_SIDE = 8


def run(drawn, folder, name_kind):
    """Writes a file, perhaps damages it, and reads it as the commands do."""
    kinds = {
        "folder of pictures": _pictures,
        "npz of images": _npz_images,
        "npz of points": _npz_points,
        "idx": _idx,
        "samples": _samples,
        "statistics": _statistics,
        "weights": _weights,
        "npz that lies": _lying_npz,
        "pickle": _pickle,
    }
    kind = drawn.choice([*kinds])
    name_kind(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kinds[kind](drawn, folder, name_kind)


def _random_images(drawn, shape):
    return np.random.default_rng(drawn.randrange(2**32)).integers(0, 256, shape, np.uint8)


def _pictures(drawn, folder, name_kind):
    """Three pictures of the format, and one more that may be damaged."""
    kind, modes = drawn.choice([*_FORMATS.items()])
    mode, side = drawn.choice(modes), drawn.choice([1, 7, 8, 9, 40])
    root = folder / drawn.choice(["pictures", "pic tures", "pictures,%s", "ü:x"])
    root.mkdir()
    pixels = _random_images(drawn, (4, side, side, 3))
    for number, each in enumerate(pixels):
        _picture(each, mode).save(root / f"{number}.{kind.lower()}", kind, **_options(drawn, kind, pixels))
    path = root / f"3.{kind.lower()}"
    is_whole = drawn.random() < 0.3
    name_kind(f"{kind} {mode}, {'whole' if is_whole else 'damaged'}")
    if not is_whole:
        path.write_bytes(damaged(drawn, path.read_bytes()))
    skip = drawn.random() < 0.5
    data = load(f"folder:{root}", image_size=_SIDE, skip_corrupt=skip, cache_dir=str(folder / "cache"))
    samples = np.asarray(data.samples)
    if samples.dtype != np.uint8 or samples.shape[1:3] != (_SIDE, _SIDE) or not 3 <= len(samples) <= 4:
        raise Wrong(f"{kind} {mode}: {samples.dtype} {samples.shape}")
    if side == _SIDE and (kind, mode) in _EXACT:
        meant = np.stack([np.asarray(_picture(each, mode).convert("RGB")) for each in pixels[:3]])
        if not (samples[:3, :, :, :] == meant[..., : samples.shape[-1]]).all():
            raise Wrong(f"{kind} {mode}: other pixels")


def _picture(pixels, mode):
    """A picture of a mode. Modes of numbers take the first channel."""
    if mode == "F":
        return Image.fromarray(pixels[..., 0].astype(np.float32))
    if mode in ("I", "I;16"):
        return Image.fromarray(pixels[..., 0].astype(np.uint16) * 257).convert("I" if mode == "I" else "I;16")
    image = Image.fromarray(pixels)
    if mode == "P":
        return image.quantize(16)
    image = image.convert(mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(Image.fromarray(pixels[..., 1]))
    return image


def _options(drawn, kind, pixels):
    if kind == "GIF" and drawn.random() < 0.5:
        return {"save_all": True, "append_images": [Image.fromarray(each).quantize(8) for each in pixels]}
    if kind in ("JPEG", "PNG", "WEBP") and drawn.random() < 0.5:
        exif = Image.Exif()
        exif[0x0112] = drawn.randint(0, 9)  # Orientation; 1 to 8 are valid.
        return {"exif": exif}
    return {}


def _archive(drawn, **arrays):
    file = io.BytesIO()
    drawn.choice([np.savez, np.savez_compressed])(file, **arrays)
    return file.getvalue()


def _write(drawn, path, content, name_kind, kind):
    """Writes a file that is whole in a third of the cases. Returns whether it is."""
    is_whole = drawn.random() < 0.3
    name_kind(f"{kind}, {'whole' if is_whole else 'damaged'}")
    path.write_bytes(content if is_whole else damaged(drawn, content))
    return is_whole


def _npz_images(drawn, folder, name_kind):
    size = drawn.choice([(6, _SIDE, _SIDE), (6, _SIDE, _SIDE, 1), (6, _SIDE, _SIDE, 3)])
    images = _random_images(drawn, size)
    form = drawn.choice([np.asarray, np.asfortranarray, lambda a: a / 255.0, lambda a: (a / 255.0).astype(np.float16)])
    arrays = {"images": form(images)}
    if drawn.random() < 0.5:
        labels = drawn.choice([[0, 1, 2, 0, 1, 2], [0, 1], [-1] * 6, [0.5] * 6, ["a"] * 6, [2**40] * 6, [[0]] * 6])
        arrays["labels"] = np.asarray(labels)
    path = folder / "x.npz"
    whole = _write(drawn, path, _archive(drawn, **arrays), name_kind, "npz of images")
    samples = np.asarray(load(f"npz:{path}", image_size=_SIDE, cache_dir=str(folder / "cache")).samples)
    if whole and not (samples == images.reshape(samples.shape)).all():
        raise Wrong("other pixels")


def _npz_points(drawn, folder, name_kind):
    values = np.random.default_rng(drawn.randrange(2**32)).normal(size=drawn.choice([(5, 2), (1, 1), (3, 0), (0, 2)]))
    if drawn.random() < 0.2 and values.size:
        values.flat[drawn.randrange(values.size)] = drawn.choice([np.nan, np.inf, 1e308])
    dtype = drawn.choice(["f2", "f4", "f8", "i4", "c8", "U3", "?", "M8[s]"])
    with np.errstate(all="ignore"):
        points = values.astype("i8").astype(dtype) if dtype == "M8[s]" else values.astype(dtype)
    path = folder / "x.npz"
    _write(drawn, path, _archive(drawn, points=points), name_kind, "npz of points")
    samples = np.asarray(load(f"npz:{path}").samples)
    if samples.ndim != 2 or not np.isfinite(samples).all():
        raise Wrong(f"points {samples.dtype} {samples.shape} with {np.isfinite(samples).mean():.0%} finite")


def _idx(drawn, folder, name_kind):
    images = _random_images(drawn, (5, _SIDE, _SIDE))
    content = struct.pack(">IIII", 2051, *images.shape) + images.tobytes()
    labels = struct.pack(">II", 2049, 5) + bytes(drawn.randrange(10) for _ in range(5))
    if drawn.random() < 0.5:
        content, labels = gzip.compress(content), gzip.compress(labels)
    target = drawn.choice(["images", "labels"])
    path = folder / "train-images-idx3-ubyte"
    (folder / "train-labels-idx1-ubyte").write_bytes(labels)
    path.write_bytes(content)
    whole = True
    if target == "images":
        whole = _write(drawn, path, content, name_kind, "idx")
    else:
        _write(drawn, folder / "train-labels-idx1-ubyte", labels, name_kind, "idx labels")
    samples = np.asarray(load(f"idx:{folder}", image_size=_SIDE, cache_dir=str(folder / "cache")).samples)
    if whole and not (samples[..., 0] == images).all():
        raise Wrong("other pixels")


def _samples(drawn, folder, name_kind):
    images = _random_images(drawn, drawn.choice([(4, _SIDE, _SIDE, 3), (4, _SIDE, _SIDE), (4, 2)]))
    form = drawn.choice([np.asarray, lambda a: a / 255.0, lambda a: a / 127.5 - 1, lambda a: a.astype(np.float64)])
    path = folder / "x.npz"
    _write(drawn, path, _archive(drawn, samples=form(images)), name_kind, "samples")
    samples = read_samples(path, samples_range=drawn.choice(["auto", "auto", "unit", "symmetric", "levels"]))
    if not np.isfinite(samples).all() or (samples.ndim == 4 and samples.dtype != np.uint8 and samples.max() > 1):
        raise Wrong(f"samples {samples.dtype} from {samples.min()} to {samples.max()}")


def _statistics(drawn, folder, name_kind):
    random = np.random.default_rng(drawn.randrange(2**32))
    features = random.normal(size=(6, 3))
    arrays = drawn.choice([{"mu": features.mean(0), "sigma": np.cov(features.T)}, {"features": features}])
    if drawn.random() < 0.3:
        key = drawn.choice([*arrays])
        array = arrays[key]
        arrays[key] = drawn.choice([array * np.nan, array[:1], array.astype(complex), array[None]])
    path = folder / "x.npz"
    _write(drawn, path, _archive(drawn, **arrays), name_kind, "statistics")
    reference = read_reference(path)
    if not np.isfinite(reference.mean).all() or reference.covariance.shape != reference.mean.shape * 2:
        raise Wrong(f"mean {reference.mean.shape}, covariance {reference.covariance.shape}")


def _weights(drawn, folder, name_kind):
    """A state dict as PyTorch writes it: a stored zip with a pickle of tensors."""
    path = folder / "x.pth"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("x/data.pkl", tensor_pickle())
        archive.writestr("x/byteorder", b"little")
        archive.writestr("x/data/0", np.arange(6, dtype="<f4").tobytes())
    whole = _write(drawn, path, file.getvalue(), name_kind, "weights")
    tensors = read_tensors(path)
    if whole and not (tensors["w"] == np.arange(6).reshape(2, 3)).all():
        raise Wrong(f"{tensors}")


def _lying_npz(drawn, folder, name_kind):
    """An archive whose header promises far more numbers than it has, as a decompression bomb does."""
    del name_kind
    shape = drawn.choice([(10**9, 64, 64, 3), (2**62, 2), (10**6, 10**6), (4, -1), (4, 2**70), ()])
    fields = {"descr": drawn.choice(["|u1", "<f8", "|O", "<U9999999"]), "fortran_order": False, "shape": shape}
    header = str(fields).encode()
    header += b" " * (63 - (len(header) + 10) % 64) + b"\n"
    array = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    path = folder / "x.npz"
    name = drawn.choice(["images", "points", "samples", "features", "mu"])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.npy", array + bytes(drawn.choice([0, 100, 20_000_000])))
    _read_any(drawn, path, folder)
    raise Wrong(f"took an array of shape {shape}")


def _pickle(drawn, folder, name_kind):
    """A pickle that would run a program, in the files of arrays and weights."""
    del name_kind
    mark = folder / "ran"

    class Program:
        def __reduce__(self):
            return open, (str(mark), "w")

    program = np.empty(1, object)
    program[0] = Program()
    content = drawn.choice(
        [
            lambda: _archive(drawn, images=program, points=program),
            lambda: pickle.dumps(Program(), drawn.choice([0, 2, 4])),
            lambda: pickle.dumps({"w": Program()}, 2),
        ]
    )()
    mark.unlink(missing_ok=True)
    path = folder / "x.npz"
    path.write_bytes(content)
    try:
        _read_any(drawn, path, folder)
    except InputError:
        if mark.exists():
            raise Wrong("the pickle ran") from None
        raise
    raise Wrong("took a pickle")


def _read_any(drawn, path, folder):
    """Reads a file as a dataset, as samples, as statistics or as weights."""
    readers = [
        lambda: np.asarray(load(f"npz:{path}", image_size=_SIDE, cache_dir=str(folder / "cache")).samples),
        lambda: np.asarray(load(f"npz:{path}").samples),
        lambda: read_samples(path),
        lambda: read_reference(path),
        lambda: read_tensors(path),
    ]
    drawn.choice(readers)()
