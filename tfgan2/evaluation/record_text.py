"""Records of measurements as text: one record with notes, or several records side by side."""

import json
import math
from pathlib import Path

from tfgan2.errors import InputError, NonFiniteError
from tfgan2.evaluation.scores import covering_minimum
from tfgan2.system.file_versions import check_version


def record_text(title, record):
    """Returns the values of a record in columns under a title, followed by the `notes`."""
    columns = [("generated", ""), *[("real data", "real_")] * ("real_values" in record)]
    table = _table(*(column(name, record, prefix) for name, prefix in columns))
    return "\n".join([title, table, *notes(record)])


def comparison(paths):
    """Returns a table of several results with one column per file.

    Raises:
      InputError: A file cannot be read, is not a result, has a newer version, or was measured by another protocol than
        the first file.
      NonFiniteError: A value is infinite or NaN.
    """
    results = [_read_result(path) for path in paths]
    check_alike({str(path): protocol for path, (protocol, *_) in zip(paths, results, strict=True)})
    return _table(*((origin.pop(""), origin | values) for _, origin, values in results))


def check_finite(record):
    """Raises NonFiniteError if a value of a record is infinite or NaN. The message names the value."""
    for values, what in ((record["values"], ""), (record.get("real_values", {}), " of real data")):
        for name, value in values.items():
            if not math.isfinite(value):
                raise NonFiniteError(f"the score {name}{what} is not finite, so there is no result.")


def check_alike(protocols, *, leave_out=()):
    """Checks that results were measured alike, so that they may stand in one table.

    Args:
      protocols: Name of a result -> the field "protocol" of its record.
      leave_out: Fields that may differ.

    Raises:
      InputError: Two results were measured by different protocols, or in different ways.
    """
    (first, protocol), *others = protocols.items()
    for path, other in others:
        names = [each.get("name", "unknown") for each in (protocol, other)]
        if names[0] != names[1]:
            raise InputError(
                f"{first} and {path} were measured by different protocols, {names[0]} and {names[1]}. Evaluate "
                "again with the same --protocol."
            )
        different = [
            f"{field}: {protocol.get(field)} and {other.get(field)}"
            for field in protocol | other
            if field not in leave_out
            and protocol.get(field) != other.get(field)
            # Some facts about samples in a file are unknown, such as the averaging of weights.
            and "unknown" not in (protocol.get(field), other.get(field))
        ]
        if different:
            raise InputError(
                f"{first} and {path} were measured in different ways by {names[0]}: {'; '.join(different)}."
            )


def notes(record):
    """Yields notes on the meaning of the numbers, one line each."""
    protocol = record["protocol"]
    if "registered_modes" in record["values"]:
        yield (
            f"registered_modes: modes with at least {protocol['minimum']} of {protocol['samples']:,} samples within "
            f"{protocol['radius']:.3g}"
        )
    if "modes_covered" in record["values"]:
        modes, count = len(record["class_counts"]) - len(protocol["negative_classes"]), protocol["generated"]
        yield (
            f"modes_covered: classes with at least {covering_minimum(count, modes)} of {count:,} samples by the "
            "classifier; modes_hit: classes with any sample; both can grow with the number of samples"
        )
    if "accuracy" in protocol:
        share = 100 * protocol["accuracy"]
        yield f"{protocol['extractor']}: accuracy {share:.1f} % on {protocol['tested_on']:,} held-out images"
    if "floor" in protocol:
        others, reference = protocol["floor"]
        yield (
            f"generated: {protocol['generated']:,} against {protocol['real']:,} real ones; "
            f"real data: {others:,} against {reference:,}"
        )
    if protocol.get("held_out"):
        searched = f"; copies were searched among {protocol['copies_of']:,} others" * bool(protocol["copies_of"])
        yield f"{protocol['held_out']:,} samples were held out from training{searched}"
    if "reference" in protocol:
        real = protocol["real"]
        counted = "an unknown number of" if real == "unknown" else f"{real:,}"
        yield (
            f"generated: {protocol['generated']:,} against {protocol['reference']}, of {counted} real images; unknown: "
            "their resizing, and the weights of their network"
        )
    if protocol.get("refused"):
        yield f"not computed, for lack of real images or their features: {', '.join(protocol['refused'])}"
    if protocol.get("real", 0) and protocol["repeats"] > 1 and protocol["real"] < 500:
        shown = "noise, copies and a single mode" if protocol["real"] >= 10 else "noise and copies of few images"
        shown += ", also missing classes" * (protocol["real"] >= 50)
        yield f"this number of real samples reveals {shown}; a difference below 2 ± is not significant"
    repeats = protocol.get("repeats", 1)
    if repeats > 1:
        pooled = [name for name in ("specialization", "acceptance_rate") if name in record["values"]]
        also = f"; for {' and '.join(pooled)} the standard error over all samples" if pooled else ""
        yield f"±: standard deviation over {repeats} repeats{also}"
    else:
        yield (
            "±: standard error due to the choice of samples; for a value near that of real data it can be up to 2.8 "
            "times too large"
        )


def column(title, record, prefix=""):
    """(title, name -> text) of the values of a record with their spread. A value without a spread is marked."""
    spread = record.get(f"{prefix}spread", {})
    lacking = " (no ±)" if spread else ""
    return title, {
        name: f"{value:.6g}" + (f" ± {spread[name]:.2g}" if name in spread else lacking)
        for name, value in record[f"{prefix}values"].items()
    }


def _read_result(path):
    """The protocol, the origin and the values of a result. The last two are name -> text."""
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
        check_version("evaluation", path, record)
        _, values = column("", record)
        check_finite(record)
        return dict(record["protocol"]), _origin(Path(path), record), values
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is not a result of tfgan2.evaluate. Name a file in workdir/evaluations/.") from error


def _origin(path, record):
    """Origin of a result: "" -> the file of samples, or the folder of the run that holds the result."""
    if "samples" in record:
        return {"": record["samples"]}
    in_run = len(path.parts) > 3 and path.parts[-3] == "evaluations"
    return {
        "": str(path.parents[2] if in_run else path),
        "method": record["method"],
        "step": str(record["step"]),
        "seed of training": str(record["flags"]["seed"]),
        "seed of samples": str(record["seed"]),
    }


def _table(*columns):
    names = list(dict.fromkeys(name for _, cells in columns for name in cells))
    width = max(map(len, names), default=0)
    widths = [max(18, len(title), *map(len, cells.values())) for title, cells in columns]
    rows = [("", [title for title, _ in columns])]
    rows += [(name, [cells.get(name, "-") for _, cells in columns]) for name in names]
    return "\n".join(
        f"{name:<{width}}" + "".join(f"  {cell:>{size}}" for cell, size in zip(cells, widths, strict=True))
        for name, cells in rows
    )
