"""What every reader of images hands over: images that are not decoded yet, and what they depend on."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PIL import Image


class Item(NamedTuple):
    """One image that is not decoded yet.

    Attributes:
      name: for messages.
      load: gives its Pillow image, in any thread, or raises BadImage.
      label: its class, or None.
    """

    name: str
    load: Callable[[], Image.Image]
    label: int | None


class Contents(NamedTuple):
    """What a source holds.

    Attributes:
      count: number of items.
      channels: 1 if all images are grey, 3 otherwise.
      class_names: by label; numbers where it is empty.
      items: in an order that is always the same.
      label_fault: why items that could have labels have none, a clause without a full stop.
    """

    count: int
    channels: int
    class_names: tuple[str, ...]
    items: Iterable[Item]
    label_fault: str = ""


class Source(NamedTuple):
    """Where images come from.

    Attributes:
      fingerprint: strings of which one differs when the images do, such as names, sizes and times of files.
      open: gives the `Contents`; called only if there is no entry.
    """

    fingerprint: tuple[str, ...]
    open: Callable[[], Contents]
