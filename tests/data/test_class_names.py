"""Classes by name and by number."""

import numpy as np
import pytest

from tfgan2.data.class_names import class_number, class_numbers, listed_classes
from tfgan2.data.images import ImageSet
from tfgan2.errors import InputError


def with_classes(*names):
    return ImageSet("folder:pets", np.zeros((2, 4, 4, 1), np.uint8), np.zeros(2, np.int32), names)


@pytest.mark.parametrize(
    ("names", "numbers"),
    [
        (
            ("cat", "dog"),
            {"cat": 0, "dog": 1, "0": 0, "1": 1, 1: 1, "2": None, 2: None, -1: None, "-1": None, "": None},
        ),
        # Folders that are called by numbers are called so, not by their places.
        (("1", "2", "10"), {"1": 0, "2": 1, "10": 2, "0": None, 0: 0, 2: 2}),
        (("0", "1", "2"), {"0": 0, "2": 2, "3": None, "9" * 5000: None}),
        (("000", "001"), {"001": 1, "1": 1, "01": 1}),
    ],
)
def test_names_come_before_numbers(names, numbers):
    assert {text: class_number(text, names) for text in numbers} == numbers


def test_numbers_of_several():
    assert class_numbers("negative_classes", ("dog", "0"), with_classes("cat", "dog")) == (1, 0)
    with pytest.raises(InputError) as raised:
        class_numbers("negative_classes", ("cat", "dgo"), with_classes("cat", "dog"))
    expected = (
        "negative_classes is 'dgo'; it must be made of classes of folder:pets: 0 = cat, 1 = dog. Did you mean dog?"
    )
    assert str(raised.value) == expected


def test_lists():
    assert listed_classes(with_classes("cat", "dog"), [1234, 5]) == "0 = cat (1,234), 1 = dog (5)"
    assert listed_classes(with_classes("0", "1")) == "0, 1"
    assert listed_classes(with_classes(*map(str, range(30)))) == "0 to 29"
    many = listed_classes(with_classes(*(f"class {number}" for number in range(1000))))
    assert many.startswith("0 = class 0, 1 = class 1") and many.endswith("19 = class 19 and 980 more")
