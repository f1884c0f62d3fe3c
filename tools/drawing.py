"""Boxes, arrows and pages as SVG. A picture has a ground of its own, and colours for light and for dark."""

from html import escape

STYLE = """<style>
text { fill: #1c2733; font-family: sans-serif }
.ground { fill: #ffffff } .edge { fill: none; stroke: #607080; stroke-width: 1.3 } .tip { fill: #607080 }
.net { fill: #dfeaf6; stroke: #4a6f98 } .data { fill: #eef1ee; stroke: #6b7a6b }
.loss { fill: #fbe9dc; stroke: #b3683a }
@media (prefers-color-scheme: dark) {
text { fill: #e4e8ee }
.ground { fill: #1e2129 } .edge { stroke: #9aa9b9 } .tip { fill: #9aa9b9 }
.net { fill: #263a52; stroke: #7fa6d0 } .data { fill: #2c332e; stroke: #97a897 }
.loss { fill: #49301f; stroke: #d99468 }
}
</style>"""
TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0,0 L8,4 L0,8 z" class="tip"/></marker></defs>'
)


def page(title, width, height, shapes):
    """A whole picture of a width and a height in pixels."""
    size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    ground = f'<rect width="{width:g}" height="{height:g}" class="ground"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n<title>{escape(title)}</title>'
    return "\n".join([head, STYLE, TIP, ground, *shapes, "</svg>\n"])


def text(words, left, top, size, *, bold=False, anchor="start"):
    """A line of text, without a ground."""
    style = ' font-weight="bold"' * bold + f' text-anchor="{anchor}"' * (anchor != "start")
    return f'<text x="{left:g}" y="{top:g}" font-size="{size:g}"{style}>{escape(words)}</text>'


def box(left, top, width, height, kind, *, radius=6):
    """A rectangle of kind net, data, loss or ground."""
    place = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} rx="{radius:g}" class="{kind}"/>'


def arrow(start, end):
    """A curve from a point down to another one; each is (left, top)."""
    middle = (start[1] + end[1]) / 2
    path = f"M{start[0]:g},{start[1]:g} C{start[0]:g},{middle:g} {end[0]:g},{middle:g} {end[0]:g},{end[1]:g}"
    return f'<path d="{path}" class="edge" marker-end="url(#tip)"/>'
