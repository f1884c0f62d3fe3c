"""A look at the size of images before one chooses the size to which they are prepared."""

import contextlib

from tfgan2.data.decoding import pixels_alone
from tfgan2.data.images import OPTIONS, load_images, source_of
from tfgan2.data.resizing import BadImage
from tfgan2.errors import InputError

_BY_HEADER, _DECODED = 1000, 100  # Of this number of images and more, evenly spaced ones are taken.


def typical_side(name, *, crop_box=None, **options):
    """Returns the median of the shorter sides of images before their preparation, in pixels, without decoding files.

    It looks at the headers of fewer than 2,000 files. Of other sources it decodes fewer than 200 images.

    Args:
      name: A name that `load_images` or `load_stacked` takes.
      crop_box: Top, left, height and width of a box that is cut out of all images, or None.
      **options: Options of `load_images`. Those of no reader are ignored.

    Raises:
      AbsentData: The dataset is known, but is not on this machine.
      InputError: There are no images, or none can be read.
    """
    if crop_box is not None:
        return min(crop_box[2:])
    chosen = {option: options.get(option, load_images.__kwdefaults__[option]) for option in OPTIONS}
    sides = []
    with pixels_alone():
        contents = source_of(name.removeprefix("stacked:"), **chosen).open()
        for index, item in enumerate(contents.items):
            if index % max(1, contents.count // (_BY_HEADER if item.size else _DECODED)) == 0:
                with contextlib.suppress(BadImage):
                    sides.append(min(item.size() if item.size else item.load().size))
    if not sides:
        raise InputError(f"{name} has no image that can be read; name a folder with images")
    return sorted(sides)[len(sides) // 2]
