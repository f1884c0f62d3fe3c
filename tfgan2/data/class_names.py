"""Classes by their names or numbers."""

import difflib
import numbers

from tfgan2.errors import ArgumentError

_LISTED = 20


def class_number(text, class_names):
    """The number of a class, or None if there is none that is called so.

    A name comes first. A number counts where no class has another number for a name: with the folders 1, 2 and 10 the
    class 1 is that of the folder, and nothing is class 0.

    Args:
      text: name or number of the class; an integer is always its number.
      class_names: by label.
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
    """The numbers of classes of a data set, a tuple.

    Args:
      argument: that named them, which the message begins with.
      texts: their names or numbers.
      data: a `DataSet` with classes.

    Raises:
      InputError: there is no such class.
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
    """ "0 = cat, 1 = dog", the first ones where there are many.

    Args:
      data: a `DataSet` with classes.
      counts: samples of each class, to be listed, too.
    """
    names = data.class_names
    texts = [name if name == str(label) else f"{label} = {name}" for label, name in enumerate(names)]
    if counts is not None:
        texts = [f"{text} ({count:,})" for text, count in zip(texts, counts, strict=True)]
    elif len(names) > _LISTED and all(name == str(label) for label, name in enumerate(names)):
        return f"0 to {len(names) - 1}"
    more = f" and {len(texts) - _LISTED:,} more" if len(texts) > _LISTED else ""
    return ", ".join(texts[:_LISTED]) + more
