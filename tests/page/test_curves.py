"""Curves: the charts that values are drawn in, and the texts of their pictures."""

import base64
import math
import re
import xml.etree.ElementTree

import pytest

from tfgan2.page.curves import curves, curves_block
from tfgan2.page.history import History


def history(**series):
    """A `History` with a train line for each step."""
    names = {name.replace("__", "/"): values for name, values in series.items()}
    count = max(map(len, names.values()))
    lines = [
        {
            "step": 10 * at,
            "kind": "train",
            "wall_time": 0.0,
            "values": {name: values[at] for name, values in names.items()},
        }
        for at in range(count)
    ]
    return History(lines)


def drawn(figure):
    """The SVG file of a figure, and its text in place of the picture."""
    data, alt = re.search(r'base64,([^"]+)" alt="([^"]+)"', figure).groups()
    return base64.b64decode(data).decode(), alt


def texts(svg):
    return [node.text for node in xml.etree.ElementTree.fromstring(svg).iter() if node.tag.endswith("}text")]


def test_charts_by_kind_of_value():
    figures = curves(
        history(
            discriminator__loss=[1.5, 1.25],
            generator__loss=[0.5, 0.75],
            discriminator__real_probability=[0.5, 0.75],
            discriminator__fake_probability=[0.5, 0.25],
            coverage__my_score=[1.0, 2.0],
            generator__term=[1.0, 1.0],
        )
    )
    (game, game_alt), (losses, losses_alt), (own, _) = map(drawn, figures)
    assert {"D(real) and D(fake)", "step", "probability", "real_probability", "fake_probability"} <= set(texts(game))
    assert {"losses of the players", "step", "loss", "discriminator", "generator"} <= set(texts(losses))
    assert "my score" in texts(own) and "term" not in texts(losses)
    assert game_alt == (
        "Curves of D(real) and D(fake) from step 0 to step 10. "
        "Last values: real_probability 0.75, fake_probability 0.25."
    )
    assert "discriminator 1.25, generator 0.75" in losses_alt


def test_a_curve_follows_the_scheme_of_the_screen_and_is_always_the_same():
    one, other = (drawn(curves(history(g__loss=[1.0, 2.0]))[0])[0] for _ in range(2))
    assert one == other and "prefers-color-scheme:dark" in one
    assert "currentColor" in one and "#010203" not in one


@pytest.mark.parametrize("values", [[1.0, None, 3.0], [math.nan, 2.0], [5.0], [1e-6, 1.0, 1e6], [0.0] * 3])
def test_values_with_gaps_of_any_size(values):
    (figure,) = curves(history(g__loss=values))
    svg, _ = drawn(figure)
    assert "losses of the players" in texts(svg)
    assert not [text for text in texts(svg) if "math" in text]


def test_nothing_to_draw():
    assert curves(History([])) == [] and curves(history(g__loss=[None, None])) == []
    assert curves_block(History([]), "none <yet>") == "<p>none &lt;yet&gt;</p>"


def test_long_curves_are_thinned():
    short, long = (len(curves(history(g__loss=[math.sin(at) for at in range(count)]))[0]) for count in (300, 6000))
    assert long < 1.2 * short
