"""The warnings of a run about its training."""

from tfgan2.page.elements import element


def warnings_of(history):
    """Returns the elements with the warnings in a `History`. Empty if there was none.

    Warnings that still hold come first.
    """
    lines = history.warnings.values()
    active = [line for line in lines if line["values"]["active"]]
    over = [line for line in lines if not line["values"]["active"]]
    shown = [element("div", _paragraphs(line), class_="alarm") for line in active]
    if over:
        past = element("ul", (element("li", f"Step {line['step']:,}: {line['values']['text']}") for line in over))
        shown += [element("h3", "Over by now"), past]
    return tuple(shown)


def _paragraphs(line):
    values = line["values"]
    return element("p", element("strong", f"Step {line['step']:,}: "), values["text"]), element("p", values["advice"])
