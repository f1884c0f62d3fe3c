"""tools/naming_sheet.py: the sheet, its key, and the count of names."""

import json

import numpy as np
import pytest
from PIL import Image


def test_a_sheet_and_its_count(tool, tmp_path, capsys):
    random = np.random.default_rng(0)
    np.savez(tmp_path / "samples.npz", images=random.random((10, 4, 4, 3)).astype(np.float32))
    np.savez(tmp_path / "real.npz", images=np.full((9, 4, 4, 3), 200, np.uint8))
    argv = [f"--samples={tmp_path / 'samples.npz'}", f"--real={tmp_path / 'real.npz'}", "--count=8"]
    argv += [f"--output={tmp_path / 'sheet_0.8'}"]
    main = tool("naming_sheet").main
    main(argv)
    key = json.loads((tmp_path / "sheet_0.8.json").read_text())
    assert sorted(key, key=int) == [str(number) for number in range(1, 13)]
    assert [*key.values()].count("real") == 4 and [*key.values()][:8] != ["generated"] * 8
    pixels = np.asarray(Image.open(tmp_path / "sheet_0.8.png").convert("RGB")).astype(int)
    first_real = next(int(number) for number in key if key[number] == "real") - 1
    left = 6 + first_real * (4 * 3 + 6)
    assert np.abs(pixels[6 + 14 : 6 + 14 + 12, left : left + 12] - 200).max() < 10
    names = {number: "face" if kind == "real" or int(number) % 2 else " " for number, kind in key.items()}
    (tmp_path / "sheet_0.8_names.json").write_text(json.dumps(names))
    main(argv)
    odd = sum(int(number) % 2 for number, kind in key.items() if kind == "generated")
    assert capsys.readouterr().out == f"generated: {odd} of 8 named, {odd / 8:.0%}\nreal: 4 of 4 named, 100%\n"


def test_every_image_needs_an_entry(tool):
    with pytest.raises(SystemExit, match="no entry for the images 2; "):
        tool("naming_sheet").counted({"1": "real", "2": "generated"}, {"1": "face"})
