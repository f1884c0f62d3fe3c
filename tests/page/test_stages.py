"""Stages on the page: those of the run only, with their records and their partition."""

import json

from page_subjects import stub
from PIL import Image

from tfgan2.page.stages import stages_of


def test_stages_of_this_run_only(tmp_path):
    partitions = str(stub(tmp_path).settings.values["pgmgan.partitions"])
    for name, seed in (("partitioner-0a", 0), ("partitioner-0b", 1), ("other-0c", 0)):
        folder = tmp_path / "stages" / name
        folder.mkdir(parents=True)
        recipe = {"flags": {"seed": str(seed)}, "arguments": {"pgmgan.partitions": partitions}}
        (folder / "recipe.json").write_text(json.dumps(recipe))
        line = {"step": 7, "kind": "train", "wall_time": 0.0, "values": {"partitioner/loss": 1.0}}
        (folder / "metrics.jsonl").write_text(json.dumps(line) + "\n")
        report = {"partitions": 8, "empty": 6, "sizes": [3, 9, 0, 0, 0, 0, 0, 0], "nmi": 0.5, "purity": 0.25}
        (folder / "partition.json").write_text(json.dumps(report))
        Image.new("RGB", (4, 4)).save(folder / "partition.png")
    shown = "".join(stages_of(stub(tmp_path)))
    assert "Stage partitioner, step 7" in shown and "partitioner-0a" in shown
    assert "partitioner-0b" not in shown and "other" not in shown and "svg+xml" in shown
    assert "2 of 8 parts have samples, 3 to 9 each. With the labels of the data: NMI 0.500, purity 0.250." in shown
    assert stages_of(stub(tmp_path / "empty")) == ()
