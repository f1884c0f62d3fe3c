"""python -m tfgan2.evaluate --workdir=W: measures a run or samples, or compares results."""

import json
import sys
from pathlib import Path

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_evaluate, sys.argv[1:] if argv is None else argv)


def _evaluate(argv):
    from tfgan2 import flags

    settings = flags.parse("evaluate", argv)
    if settings.compare:
        print(_comparison([(path, *_read_result(path)) for path in settings.compare]))
    elif settings.samples:
        _measure_samples(settings)
    else:
        _measure_run(settings)


def _measure_run(settings):
    from tfgan2.evaluation.protocols import data_to_match, measure_run, protocol_for, protocol_named
    from tfgan2.run.restore import load

    if settings.protocol is not None:
        protocol_named(settings.protocol)  # a misspelt one is told before a run is built
    given = _against_reference(settings)
    run = load(settings.workdir, step=settings.step, best=settings.checkpoint == "best")
    negatives = _negatives(settings, run.data) or run.unwanted_classes
    protocol = given or protocol_for(settings.protocol, data_to_match(run), negatives)
    usual = Path(settings.workdir, "evaluations", protocol.name, f"{run.model.global_step}.json")
    output = _writable(settings, usual)
    record = measure_run(
        protocol,
        run,
        seed=settings.seed,
        averaged=settings.averaged,
        inception_path=settings.inception_path,
    )
    title = f"{protocol.name}, step {record['step']}, {'averaged' if record['averaged'] else 'raw'} weights"
    _show(title, record, output)


def _measure_samples(settings):
    from tfgan2.errors import InputError
    from tfgan2.evaluation.protocols import PROTOCOLS, measure_file, protocol_for, protocol_named

    given = _against_reference(settings)
    if given:
        data = None
    elif settings.dataset is not None:
        with settings.naming_flags("data"):
            data = settings.factories["data"](**settings.arguments("data"))
    elif settings.protocol is not None:
        data = protocol_named(settings.protocol).published_data()
    else:
        raise InputError(
            "--samples needs the --dataset that they should be like, or a --protocol; choose one of "
            f"{', '.join(PROTOCOLS)}."
        )
    protocol = given or protocol_for(settings.protocol, data, _negatives(settings, data))
    samples = Path(settings.samples)
    output = _writable(settings, _beside(samples, protocol.name))
    record = measure_file(
        protocol,
        samples,
        data,
        seed=settings.seed,
        samples_range=settings.samples_range,
        inception_path=settings.inception_path,
    )
    _show(f"{protocol.name}, {samples}", record, output)


def _against_reference(settings):
    """The protocol whose real images are those of --reference_statistics; None without it."""
    from tfgan2.evaluation.protocols import protocol_named
    from tfgan2.evaluation.reference_statistics import ReferenceProtocol, read_reference

    if settings.reference_statistics is None:
        return None
    return ReferenceProtocol(protocol_named(settings.protocol), read_reference(settings.reference_statistics))


def _beside(samples, name):
    """The file of a record of samples: its name begins as theirs, without the ending of a file."""
    return samples.with_name(f"{samples.name if samples.is_dir() else samples.stem}.{name}.json")


def _writable(settings, usual):
    """Where the record goes, --output or else the usual place, once it is sure that it can be written."""
    from tfgan2.errors import StorageError
    from tfgan2.system.files import check_writable

    output = usual if settings.output is None else Path(settings.output)
    try:
        check_writable(output)
    except StorageError as error:
        raise StorageError(f"{error} Or name another file by --output=FILE.json.") from error
    return output


def _negatives(settings, data):
    """The numbers of `--negative_classes`."""
    from tfgan2.data.class_names import class_numbers
    from tfgan2.errors import InputError

    classes = settings.negative_classes or ()
    if classes and data.labels is None:
        given = f"--negative_classes={','.join(classes)}"
        raise InputError(f"{given} are labels, and {data.name} has none; leave it out.")
    return class_numbers("--negative_classes", classes, data)


def _show(title, record, path):
    """Prints the values of a record, and writes it to `path`."""
    from tfgan2.system.files import write_whole

    print(title)
    columns = [("generated", ""), *[("real data", "real_")] * ("real_values" in record)]
    print(_table(*(_column(title, record, prefix) for title, prefix in columns)))
    for note in _notes(record):
        print(note)
    write_whole(path, json.dumps(record, indent=2).encode() + b"\n")
    print(path)


def _column(title, record, prefix=""):
    """(title, name -> text) of what a record has measured, with its spread; a value that has none says so."""
    spread = record.get(f"{prefix}spread", {})
    lacking = " (no ±)" if spread else ""
    return title, {
        name: f"{value:.6g}" + (f" ± {spread[name]:.2g}" if name in spread else lacking)
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
    if "reference" in protocol:
        real = protocol["real"]
        counted = "an unknown number of" if real == "unknown" else f"{real:,}"
        yield (
            f"generated: {protocol['generated']:,} against {protocol['reference']}, of {counted} real images; unknown: "
            "how these were resized, and the weights by which they were seen"
        )
    if protocol.get("refused"):
        yield f"not computed, for lack of real images or their features: {', '.join(protocol['refused'])}"
    if protocol.get("real", 0) and protocol["repeats"] > 1 and protocol["real"] < 500:
        shown = "noise, copies and a single mode" if protocol["real"] >= 10 else "noise and copies of few images"
        shown += ", also missing classes" * (protocol["real"] >= 50)
        yield f"so few real samples show {shown}; what differs by less than 2 ± is no difference"
    repeats = protocol.get("repeats", 1)
    if repeats > 1:
        pooled = [name for name in ("specialization", "acceptance_rate") if name in record["values"]]
        also = f"; of {' and '.join(pooled)}, of all samples together, the standard error" if pooled else ""
        yield f"±: standard deviation over {repeats} repeats{also}"
    else:
        yield (
            "±: standard error due to the choice of samples; beside a value of real data that is near, it can be up "
            "to 2.8 times too large"
        )


def _read_result(path):
    """(protocol, origin, values) of a result, the latter two name -> text."""
    from tfgan2.errors import InputError

    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
        _, values = _column("", record)
        return dict(record["protocol"]), _origin(Path(path), record), values
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is no result of tfgan2.evaluate; name one of workdir/evaluations/.") from error


def _origin(path, record):
    """What was measured: "" -> the file of samples, or the folder of the run that the result lies in."""
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


def _comparison(results):
    """A table of results, each its path and what `_read_result` gives: a column each.

    Raises:
      InputError: they were measured by different protocols.
    """
    from tfgan2.errors import InputError

    (first, protocol, *_), *others = results
    for path, other, *_ in others:
        different = [
            f"{field}: {protocol.get(field)} and {other.get(field)}"
            for field in protocol | other
            if protocol.get(field) != other.get(field)
            # Whether the weights were averaged, and so on, is not known of samples in a file.
            and "unknown" not in (protocol.get(field), other.get(field))
        ]
        if different:
            raise InputError(f"{first} and {path} were measured by different protocols: {'; '.join(different)}.")
    return _table(*((origin.pop(""), origin | values) for *_, origin, values in results))


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
