"""The report of a partition: sizes, agreement with labels, a picture of the largest parts."""

import io
import json

import numpy as np
from PIL import Image

from tfgan2.data.images import ImageSet
from tfgan2.data.parts import Part
from tfgan2.data.synthetic import ring8
from tfgan2.evaluation.partition_report import report_partition


def test_images(tmp_path, capsys):
    images = np.zeros((6, 8, 8, 1), np.uint8) + np.array([10, 20, 30, 40, 50, 60], np.uint8)[:, None, None, None]
    part = Part(
        ImageSet("tones", images, np.array([9, 0, 0, 1, 1, 1], np.int32), ("a", "b")), np.array([1, 2, 3, 4, 5])
    )
    report_partition(tmp_path, part, np.array([2, 2, 0, 0, 0]), 4)
    report = json.loads((tmp_path / "partition.json").read_text())
    del report["format_version"]
    assert report == {"partitions": 4, "empty": 2, "sizes": [3, 0, 2, 0], "nmi": 1.0, "purity": 1.0}
    expected = "2 of 4 partitions have samples, 2 to 3 each; with the labels NMI 1.000, purity 1.000"
    assert capsys.readouterr().out == f"{expected}: {tmp_path}/partition.png\n"
    picture = np.asarray(Image.open(io.BytesIO((tmp_path / "partition.png").read_bytes())))
    # Two rows of 20 images, each pixel of 8 x 8 enlarged eight times, with a gap of 2: the larger part first.
    assert picture.shape == (130, 1318, 3)
    assert picture[32, 32::66, 0].tolist() == [40, 50, 60] + [255] * 17
    assert picture[98, 32::66, 0].tolist() == [20, 30] + [255] * 18


def test_the_images_of_a_large_part_come_from_all_of_it(tmp_path):
    images = np.zeros((100, 8, 8, 1), np.uint8) + np.arange(100, dtype=np.uint8)[:, None, None, None]
    report_partition(tmp_path, Part(ImageSet("tones", images, None, ())), np.zeros(100, int), 2)
    picture = np.asarray(Image.open(tmp_path / "partition.png"))
    assert picture[32, 32::66, 0].tolist() == [99 * place // 19 for place in range(20)]


def test_points_without_labels(tmp_path, capsys):
    points = ring8(points_per_mode=5)
    report_partition(tmp_path, Part(points._replace(labels=None)), points.labels, 8)
    expected = {"format_version": 1, "partitions": 8, "empty": 0, "sizes": [5] * 8}
    assert json.loads((tmp_path / "partition.json").read_text()) == expected
    assert capsys.readouterr().out == f"8 of 8 partitions have samples, 5 to 5 each: {tmp_path}/partition.png\n"
    assert Image.open(tmp_path / "partition.png").size[0] > 500
