"""PNG files with a palette, small enough for a repository."""

import io

from PIL import Image

from tfgan2.system.files import write_whole

LARGEST = 200_000  # bytes
_COLORS = (256, 128, 64, 32)
_SHRUNK = 0.85


def write_figure(path, figure, *, dpi=None):
    """Writes a matplotlib figure as a small PNG file."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi or figure.dpi)
    write_png(path, drawn.getvalue())


def write_png(path, png):
    """Writes the bytes of a PNG picture with a palette. A picture that stays too large is made smaller."""
    with Image.open(io.BytesIO(png)) as opened:
        write_whole(path, _small(opened.convert("RGB")))


def write_first_that_fits(path, pictures):
    """Writes the first of some pictures, uint8 [H, W, 3], that is small enough; the last one is made smaller."""
    for pixels in pictures:
        picture = Image.fromarray(pixels)
        if encoded := _fitting(picture):
            break
    write_whole(path, encoded or _small(picture))


def _small(picture):
    while not (encoded := _fitting(picture)):
        size = tuple(round(_SHRUNK * side) for side in picture.size)
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return encoded


def _fitting(picture):
    """The bytes of an RGB picture with as large a palette as fits into `LARGEST`, or None."""
    encodings = (_with_palette(picture, colors) for colors in _COLORS)
    return next((encoded for encoded in encodings if len(encoded) <= LARGEST), None)


def _with_palette(picture, colors):
    buffer = io.BytesIO()
    reduced = picture.quantize(colors, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    reduced.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
