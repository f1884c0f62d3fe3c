"""Conversion of class names to class numbers."""

import difflib
import numbers

from tfgan2.errors import ArgumentError

_LISTED = 20


def class_number(text, class_names):
    """Returns the number of a class, or None if there is no such class.

    A name takes precedence over a number. A text is a number only if no class has a different number as its name. For
    example, with folders 1, 2 and 10, "1" is the folder 1, and "0" is no class.

    Args:
      text: Name or number of the class. An integer is always a number.
      class_names: Class names by label.
    """
    if isinstance(text, numbers.Integral):
        return int(text) if 0 <= text < len(class_names) else None
    if text in class_names:
        return class_names.index(text)
    are_other_numbers = any(name.isdecimal() and int(name) != label for label, name in enumerate(class_names))
    if not text.isdecimal() or len(text) > 9 or are_other_numbers:
        return None
    return int(text) if int(text) < len(class_names) else None


def class_numbers(argument, texts, data):
    """Converts names or numbers of classes to a tuple of numbers.

    Args:
      argument: The argument with these classes. The message begins with it.
      texts: Names or numbers.
      data: A `DataSet` with classes.

    Raises:
      InputError: There is no such class.
    """
    found = tuple(class_number(text, data.class_names) for text in texts)
    for text, number in zip(texts, found, strict=True):
        if number is None:
            nearest = difflib.get_close_matches(text, data.class_names, n=1) if _is_word(text) else []
            hint = f"Did you mean {nearest[0]}?" if nearest else ""
            accepted = f"made of classes of {data.name}: {listed_classes(data)}"
            raise ArgumentError(argument, text, accepted, hint)
    return found


def _is_word(text):
    return isinstance(text, str) and not text.removeprefix("-").isdecimal()


def listed_classes(data, counts=None):
    """Lists classes as text, such as "0 = cat, 1 = dog". Of many classes only the first are listed.

    Args:
      data: A `DataSet` with classes.
      counts: Number of samples of each class, to be listed, too. None leaves them out.
    """
    names = data.class_names
    texts = [name if name == str(label) else f"{label} = {name}" for label, name in enumerate(names)]
    if counts is not None:
        texts = [f"{text} ({count:,})" for text, count in zip(texts, counts, strict=True)]
    elif len(names) > _LISTED and all(name == str(label) for label, name in enumerate(names)):
        return f"0 to {len(names) - 1}"
    more = f" and {len(texts) - _LISTED:,} more" if len(texts) > _LISTED else ""
    return ", ".join(texts[:_LISTED]) + more
