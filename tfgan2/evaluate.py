"""python -m tfgan2.evaluate --workdir=W: measures a run or a file of samples, or compares two results."""

import json
import sys
from pathlib import Path

from tfgan2 import command


def main(argv=None):
    """Runs the command and returns its exit code."""
    return command.run(_evaluate, sys.argv[1:] if argv is None else argv)


def _evaluate(argv):
    from tfgan2 import flags

    settings = flags.parse("evaluate", argv)
    if settings.compare:
        print(_comparison(*map(_read_result, settings.compare.split(","))))
    elif settings.samples:
        _measure_samples(settings)
    else:
        _measure_run(settings)


def _measure_run(settings):
    from tfgan2.evaluation.protocols import data_to_match, measure_run, protocol_for, protocol_named
    from tfgan2.experiment import load

    if settings.protocol is not None:
        protocol_named(settings.protocol)  # a misspelt one is told before a run is built
    experiment = load(settings.workdir, step=settings.step, best=settings.checkpoint == "best")
    negatives = settings.negative_classes or experiment.unwanted_classes
    protocol = protocol_for(settings.protocol, data_to_match(experiment), negatives)
    record = measure_run(
        protocol,
        experiment,
        seed=settings.seed,
        averaged=settings.averaged,
        inception_path=settings.inception_path,
    )
    title = f"{protocol.name}, step {record['step']}, {'averaged' if record['averaged'] else 'raw'} weights"
    _show(title, record, Path(settings.workdir, "evaluations", protocol.name, f"{record['step']}.json"))


def _measure_samples(settings):
    from tfgan2.errors import InputError
    from tfgan2.evaluation.protocols import PROTOCOLS, measure_file, protocol_for, protocol_named

    if settings.dataset is not None:
        with settings.naming_flags("data"):
            data = settings.factories["data"](**settings.arguments("data"))
    elif settings.protocol is not None:
        data = protocol_named(settings.protocol).published_data()
    else:
        raise InputError(
            "--samples needs the --dataset that they should be like, or a --protocol; choose one of "
            f"{', '.join(PROTOCOLS)}."
        )
    protocol = protocol_for(settings.protocol, data, settings.negative_classes or ())
    samples = Path(settings.samples)
    record = measure_file(protocol, samples, data, seed=settings.seed, inception_path=settings.inception_path)
    _show(f"{protocol.name}, {samples}", record, samples.with_suffix(f".{protocol.name}.json"))


def _show(title, record, path):
    """Writes a record to `path`, and prints its values and the path."""
    from tfgan2.files import write_whole

    write_whole(path, json.dumps(record, indent=2).encode() + b"\n")
    print(title)
    print(_table(*(_column(title, record, prefix) for title, prefix in (("generated", ""), ("real data", "real_")))))
    for note in _notes(record):
        print(note)
    print(path)


def _column(title, record, prefix=""):
    """(title, name -> text) of what a record has measured, with standard deviations where it has them."""
    spread = record.get(f"{prefix}spread", {})
    return title, {
        name: f"{value:.6g}" + (f" ± {spread[name]:.2g}" if name in spread else "")
        for name, value in record[f"{prefix}values"].items()
    }


def _notes(record):
    """What has to be known to read the numbers, a line each."""
    protocol = record["protocol"]
    if "registered_modes" in record["values"]:
        yield (
            f"registered_modes: those with at least {protocol['minimum']} of {protocol['samples']:,} samples within "
            f"{protocol['radius']:.3g}"
        )
    if "modes_covered" in record["values"]:
        from tfgan2.evaluation.scores import covering_minimum

        modes, count = len(record["class_counts"]) - len(protocol["negative_classes"]), protocol["generated"]
        yield (
            f"modes_covered: classes that the classifier finds in at least {covering_minimum(count, modes)} of "
            f"{count:,} samples, modes_hit: in any; of more samples they can be more"
        )
    if "accuracy" in protocol:
        share = 100 * protocol["accuracy"]
        yield f"{protocol['extractor']}: right about {share:.1f} % of {protocol['tested_on']:,} images held out"
    if "floor" in protocol:
        others, reference = protocol["floor"]
        yield (
            f"generated: {protocol['generated']:,} against {protocol['real']:,} real ones; "
            f"real data: {others:,} against {reference:,}"
        )
    if protocol.get("real", 0) and protocol["repeats"] > 1 and protocol["real"] < 500:
        shown = "noise, copies and a single mode" + ", also missing classes" * (protocol["real"] >= 50)
        yield f"so few real samples show {shown}; what differs by less than 2 ± is no difference"
    if "spread" in record:
        repeats = protocol["repeats"]
        of = f"{repeats} repeats" if repeats > 1 else "the parts of the samples that such a score is made of"
        yield f"±: standard deviation over {of}"


def _read_result(path):
    """(protocol, column) of a result."""
    from tfgan2.errors import InputError

    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
        title = Path(record["samples"]).name if "samples" in record else f"{record['method']} {record['step']}"
        return dict(record["protocol"]), _column(title, record)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no result of tfgan2.evaluate; name one of workdir/evaluations/.") from error


def _comparison(first, second):
    from tfgan2.errors import InputError

    (first_protocol, first_column), (second_protocol, second_column) = first, second
    different = [
        f"{field}: {first_protocol.get(field)} and {second_protocol.get(field)}"
        for field in first_protocol | second_protocol
        if first_protocol.get(field) != second_protocol.get(field)
        # Of samples in a file it is not known.
        and "unknown" not in (first_protocol.get(field), second_protocol.get(field))
    ]
    if different:
        raise InputError("the two were measured by different protocols: " + "; ".join(different) + ".")
    return _table(first_column, second_column)


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


if __name__ == "__main__":
    sys.exit(main())
