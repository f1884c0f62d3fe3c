"""Mixes generated images with real ones on a sheet with numbers, for a person who names them without knowing the kind.

    .venv/bin/python tools/naming_sheet.py --samples=samples.npz --real=real.npz --output=results/sheet

writes OUTPUT.png and OUTPUT.json, the key. The names go into OUTPUT_names.json, number -> name, with "" for an image
that shows nothing that could be named. The same command then counts them.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

_ZOOM, _COLUMNS, _MARGIN, _LABEL = 3, 12, 6, 14


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, required=True, help=".npz of generated images, uint8 or in [0, 1]")
    parser.add_argument("--real", type=Path, required=True, help=".npz of real images of the same size")
    parser.add_argument(
        "--count",
        type=int,
        default=64,
        help="number of generated images (default 64); the sheet has half as many real ones",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the order (default 0)")
    parser.add_argument("--output", type=Path, required=True, help="path of the files, without their endings")
    arguments = parser.parse_args(argv)
    names = arguments.output.with_name(f"{arguments.output.name}_names.json")
    key = arguments.output.with_name(f"{arguments.output.name}.json")
    if names.exists():
        print(counted(json.loads(key.read_text()), json.loads(names.read_text())))
        return
    images = [first_images(arguments.samples, arguments.count), first_images(arguments.real, arguments.count // 2)]
    kinds = np.repeat(["generated", "real"], [len(each) for each in images])
    order = np.random.default_rng(arguments.seed).permutation(len(kinds))
    # With a palette the file has half of the size.
    sheet(np.concatenate(images)[order]).quantize(256).save(key.with_suffix(".png"))
    key.write_text(json.dumps({str(number): str(kinds[row]) for number, row in enumerate(order, 1)}, indent=0) + "\n")


def first_images(path, count):
    """The first images of a file, uint8 [count, height, width, 3]."""
    with np.load(path, allow_pickle=False) as arrays:
        images = arrays[arrays.files[0]][:count]
    return images if images.dtype == np.uint8 else np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8)


def sheet(images):
    """Images in rows, enlarged, each with its number from 1 on above it."""
    side = images.shape[1] * _ZOOM
    rows = -(-len(images) // _COLUMNS)
    _, _, right, _ = box_of(_COLUMNS, side)
    _, _, _, bottom = box_of(rows * _COLUMNS, side)
    canvas = Image.new("RGB", (right + _MARGIN, bottom + _MARGIN), "white")
    draw = ImageDraw.Draw(canvas)
    for number, image in enumerate(images, 1):
        left, top, *_ = box_of(number, side)
        draw.text((left, top - _LABEL), str(number), fill="black")
        canvas.paste(Image.fromarray(image).resize((side, side), Image.Resampling.NEAREST), (left, top))
    return canvas


def box_of(number, side):
    """Left, top, right and bottom of an image on a sheet, in pixels. Numbers begin at 1."""
    row, column = divmod(number - 1, _COLUMNS)
    left, top = _MARGIN + column * (side + _MARGIN), _MARGIN + _LABEL + row * (side + _MARGIN + _LABEL)
    return left, top, left + side, top + side


def counted(key, names):
    """How many images of each kind got a name, a line each.

    Args:
      key: number -> "generated" or "real".
      names: number -> name, empty for an image that shows nothing.

    Raises:
      SystemExit: an image has no entry.
    """
    if missing := [number for number in key if number not in names]:
        raise SystemExit(f'no entry for the images {", ".join(missing)}; write "" for an image without a name')
    lines = []
    for kind in ("generated", "real"):
        numbers = [number for number in key if key[number] == kind]
        named = sum(bool(names[number].strip()) for number in numbers)
        lines.append(f"{kind}: {named} of {len(numbers)} named, {named / len(numbers):.0%}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
