"""Writes small files of every kind that this version makes. A test reads, resumes and samples them in later versions.

    .venv/bin/python tools/golden.py

The folder tests/golden/VERSION gets a run of each of five methods, exports, an evaluation and a cache, with the numbers
that these give. It is made once for a version, and stays as it is.
"""

import argparse
import contextlib
import io
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image

import tfgan2

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "golden" / tfgan2.__version__

STEPS = (2, 4)
_COMMON = (
    *("--network.hidden_units=8", "--network.latent_dim=2", "--batch_size=8", "--steps_per_execution=2"),
    *("--train_steps=4", "--checkpoint_every=2", "--log_every=2", "--sample_every=0", "--evaluate_every=4"),
    *("--jit=off", "--threads=1", "--seed=3"),
)
_BACKBONE = (
    *("--backbone=invertible_mlp", "--backbone.blocks=1", "--backbone.hidden_units=4"),
    *("--backbone.projection_units=4", "--backbone.embedding_dim=3"),
)
_STAGES = (
    *("--pretext.train_steps=2", "--pretext.batch_size=8", "--pretext.augmentations="),
    *("--partitioner.train_steps=2", "--partitioner.batch_size=8", "--partitioner.neighbors=2"),
)
METHODS = {
    "gngan": ("--method=gngan", "--ema_decay=0.5"),
    "rumi": ("--method=rumi", "--data.positive_classes=0,1", "--data.negative_classes=2"),
    "p2gan": ("--method=p2gan", "--p2gan.num_generators=2", "--p2gan.grow_every=2"),
    "pgmgan": ("--method=pgmgan", "--pgmgan.partitions=2", *_BACKBONE, *_STAGES),
    "logan": ("--method=logan",),
}


def main(argv=None):
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args(argv)
    FOLDER.mkdir(parents=True)
    points = FOLDER / "points.npz"
    np.savez_compressed(points, **_points())
    with tempfile.TemporaryDirectory(prefix="golden") as folder:
        data = shutil.copy(points, folder)  # The files of a run have the path of its data.
        for name, flags in METHODS.items():
            workdir = Path(folder, name)
            _called("train", f"--dataset=npz:{data}", *_COMMON, *flags, f"--workdir={workdir}")
            if name == "gngan":
                _evaluate_and_export(workdir)
            samples = {f"step_{step}": tfgan2.load(workdir, step=step).sample(8) for step in STEPS}
            np.savez_compressed(FOLDER / f"{name}.npz", **samples)
            shutil.copytree(workdir, FOLDER / name, ignore=shutil.ignore_patterns("tensorboard", "*.png"))
        for path in [*FOLDER.rglob("flags.cfg"), *FOLDER.rglob("evaluations/*/*.json")]:
            path.write_text(path.read_text().replace(folder, "/golden"))  # No path of one machine.
    np.savez_compressed(FOLDER / "cache.npz", **from_cache(FOLDER / "cache"))
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    print(f"{FOLDER}: {size / 1000:,.0f} kB")


def from_cache(folder):
    """Returns the numbers in a cache: of prepared images, computed arrays and a classifier. It makes what is missing.

    Args:
      folder: Folder of the cache.

    Returns:
      Name -> array.
    """
    from tfgan2.data.cache import prepared
    from tfgan2.data.computed import computed
    from tfgan2.data.images import ImageSet
    from tfgan2.data.reading import Contents, Item, Source
    from tfgan2.data.resizing import Preparation
    from tfgan2.evaluation.classifier import Recipe, classifier_of

    pixels = np.random.default_rng(0).integers(0, 256, (24, 4, 4), np.uint8)
    labels = np.arange(24, dtype=np.int32) % 2
    items = [Item(str(row), lambda row=row: Image.fromarray(pixels[row]), labels[row]) for row in range(24)]
    source = Source(("golden",), lambda: Contents(24, 1, ("even", "odd"), items))
    entry = prepared("pictures", source, Preparation(), cache_dir=folder)
    arrays = computed("arrays", {"seed": 0}, lambda: {"squares": np.arange(8) ** 2}, cache_dir=folder)
    data = ImageSet("pictures", pixels[..., None], labels, entry.class_names)
    classifier = classifier_of(data, recipe=Recipe(width=2, features=3, steps=2), cache_dir=folder)
    features = classifier.extract(data.samples).features
    return {"images": entry.images, "labels": entry.labels, "features": features, **arrays}


def _points():
    """Three modes. They are in a file, because another machine may draw others."""
    random = np.random.default_rng(0)
    centers = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 2.0]])
    labels = np.arange(48) % 3
    points = (centers[labels] + random.normal(scale=0.1, size=(48, 2))).astype(np.float32)
    return {"points": points, "labels": labels, "centers": centers, "std": 0.1}


def _evaluate_and_export(workdir):
    from tfgan2.serving.formats import FORMATS

    _called("evaluate", f"--workdir={workdir}", "--protocol=modes-2k")
    for form in ("saved_model", *FORMATS):
        _called("export", f"--workdir={workdir}", f"--format={form}")


def _called(command, *argv):
    with contextlib.redirect_stdout(io.StringIO()):
        code = getattr(__import__(f"tfgan2.{command}"), command).main([str(text) for text in argv])
    if code:
        raise SystemExit(code)


if __name__ == "__main__":
    main()
