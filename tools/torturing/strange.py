"""Strange texts and numbers, as users and programs write them by mistake."""

_WORDS = (
    "none None NONE null nan NaN inf -inf Infinity true True TRUE yes no off auto x a=b = --x -1 a,b , ,, a\\ a\\,b"
)
_NUMBERS = "0 -0 00 +1 1_000 1__0 1e3 1e400 1e-400 0x10 1.5 1. .5 1,5 1/2 2147483647 2147483648 -2147483649 1e999999999"
_PATHS = "/ /dev/null /nowhere/at/all .. ../.. a/../b ~ ~nobody/x * $HOME `id` %s %d%% {}"
_NAMES = "x: :x :: folder: npz: tfds: module:f os:system tfgan2.nothing:x a.b.c:d folder:/nowhere npz:/dev/null idx:."
_CHARACTERS = "\t \r \x00 \x1b[31m \u202e \ufeff1 \ud800 \xfc \u65e5\u672c \uff41 \uff11\uff12 \U0001f642"

TEXTS = (
    *("", " ", "  x ", "x y", "x" * 10_000, "9" * 30, "9" * 5000, "0." + "1" * 5000, "\xe9" * 300),
    *(text for group in (_WORDS, _NUMBERS, _PATHS, _NAMES, _CHARACTERS) for text in group.split(" ")),
)


def mutated(drawn, text):
    """A text with one random change: a character removed, doubled, replaced or inserted, or the text cut."""
    place = drawn.randrange(len(text) + 1)
    strange = drawn.choice(["", "=", "-", ".", ",", " ", "\n", "\x00", "\xfc", "_", "9", "e", '"', "'", "\\"])
    return drawn.choice(
        [text[:place] + strange + text[place:], text[:place] + strange + text[place + 1 :], text[:place], text + text]
    )
