"""What became of a partition of the data: sizes, agreement with labels, and a picture of what is in each part."""

import json
from pathlib import Path

import numpy as np

from tfgan2.data.images import ImageSet
from tfgan2.data.parts import real_samples
from tfgan2.evaluation.image_grids import encoded, grid, to_uint8
from tfgan2.evaluation.point_pictures import parts_picture, png
from tfgan2.metrics.partitions import normalized_mutual_information, purity
from tfgan2.system.files import write_whole

_ROWS, _COLUMNS = 25, 20  # parts and images of each in a picture


def report_partition(folder, part, partitions, count):
    """Writes `partition.json` and `partition.png` to a folder, and says in a line what is in them.

    Args:
      folder: of the stage.
      part: the `Part` that was divided.
      partitions: integers [n], of each of its samples.
      count: how many parts there may be.
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
    write_whole(Path(folder) / "partition.json", (json.dumps(report, indent=2) + "\n").encode())
    write_whole(Path(folder) / "partition.png", _picture(part.data, rows, partitions, sizes))
    print(f"{line}: {folder}/partition.png")


def _picture(data, rows, partitions, sizes):
    """A row of images for each of the largest parts, or points in the colours of their parts; a PNG file."""
    if not isinstance(data, ImageSet):
        return png(parts_picture(data.points[rows], partitions, title=f"{data.name}, {len(sizes)} partitions"))
    shown = np.argsort(-sizes, kind="stable")[:_ROWS]
    blank = np.full((_COLUMNS, *data.images.shape[1:]), 255, np.uint8)
    images = []
    for number in shown[sizes[shown] > 0]:
        own = rows[partitions == number]
        own = own[np.linspace(0, len(own) - 1, min(len(own), _COLUMNS)).astype(int)]  # evenly, as data may be sorted
        images += [to_uint8(real_samples(data, own)), blank[len(own) :]]
    return encoded(grid(np.concatenate(images), _COLUMNS))
