"""A report on a partition of the data: sizes, agreement with labels, and a picture."""

import json
from pathlib import Path

import numpy as np

from tfgan2.data.parts import evenly
from tfgan2.evaluation.figures import png
from tfgan2.evaluation.image_grids import encoded, grid
from tfgan2.evaluation.point_pictures import partitions_picture
from tfgan2.metrics.partitions import normalized_mutual_information, purity
from tfgan2.system.file_versions import versioned
from tfgan2.system.files import write_whole

PARTITION = "partition.json"
"""File of the partition in the folder of a run or a stage."""

_ROWS, _COLUMNS = 25, 20  # Partitions in a picture, and images of each partition.


def report_partition(folder, part, partitions, count):
    """Writes `partition.json` and `partition.png` to a folder, and prints a summary.

    Args:
      folder: Folder of the stage.
      part: The `Part` of the data that is partitioned.
      partitions: Integers [n], the partition of each sample.
      count: Number of partitions, including empty ones.
    """
    sizes = np.bincount(partitions, minlength=count)
    rows = part.all_rows
    report = {"partitions": count, "empty": int(np.count_nonzero(sizes == 0)), "sizes": sizes.tolist()}
    used = sizes[sizes > 0]
    line = f"{len(used)} of {count} partitions have samples, {used.min():,} to {used.max():,} each"
    if part.data.labels is not None:
        labels = part.data.labels[rows]
        report["nmi"], report["purity"] = normalized_mutual_information(partitions, labels), purity(partitions, labels)
        line += f"; with the labels NMI {report['nmi']:.3f}, purity {report['purity']:.3f}"
    write_whole(Path(folder) / PARTITION, (json.dumps(versioned(PARTITION, report), indent=2) + "\n").encode())
    write_whole(Path(folder) / "partition.png", _PICTURES[part.data.kind.name](part.data, rows, partitions, sizes))
    print(f"{line}: {folder}/partition.png")


def _points(data, rows, partitions, sizes):
    """A PNG file with points in the colours of their partitions."""
    title = f"{data.name}, {len(sizes)} partitions"
    return png(partitions_picture(data.samples[rows], partitions, title=title))


def _images(data, rows, partitions, sizes):
    """A PNG file with a row of images for each of the largest partitions."""
    shown = np.argsort(-sizes, kind="stable")[:_ROWS]
    blank = np.full((_COLUMNS, *data.shape), 255, np.uint8)
    images = []
    for number in shown[sizes[shown] > 0]:
        own = evenly(rows[partitions == number], _COLUMNS)
        images += [data.samples[own], blank[len(own) :]]
    return encoded(grid(np.concatenate(images), _COLUMNS))


_PICTURES = {"points": _points, "images": _images}
