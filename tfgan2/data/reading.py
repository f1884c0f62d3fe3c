"""The result of every image reader: images to decode, and a fingerprint of their source."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PIL import Image


class Item(NamedTuple):
    """One image to decode.

    Attributes:
      name: Name for messages.
      load: Function that returns the Pillow image or raises BadImage. It is safe in any thread.
      label: The class, or None.
      size: Function that returns (width, height) without decoding the image, or raises BadImage. None decodes it.
    """

    name: str
    load: Callable[[], Image.Image]
    label: int | None
    size: Callable[[], tuple[int, int]] | None = None


class Contents(NamedTuple):
    """The images of a source.

    Attributes:
      count: Number of items.
      channels: Channels of colour: 1 if all images are grey, 3 otherwise.
      class_names: Class names by label. If empty, the names are the numbers.
      items: The images, always in the same order.
      label_fault: A clause without a full stop that says why the items have no labels, or an empty text.
    """

    count: int
    channels: int
    class_names: tuple[str, ...]
    items: Iterable[Item]
    label_fault: str = ""


class Source(NamedTuple):
    """A source of images.

    Attributes:
      fingerprint: Strings that change with the images, such as names, sizes and times of files.
      open: Function that returns the `Contents`. It is called only if the cache has no entry.
    """

    fingerprint: tuple[str, ...]
    open: Callable[[], Contents]
