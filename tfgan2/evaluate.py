"""python -m tfgan2.evaluate --workdir=W: evaluates a run or samples, or compares results."""

import json
import sys
from pathlib import Path

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_evaluate, sys.argv[1:] if argv is None else argv)


def _evaluate(argv):
    from tfgan2 import flags
    from tfgan2.evaluation.record_text import comparison

    settings = flags.parse("evaluate", argv)
    if settings.compare:
        print(comparison(settings.compare))
    elif settings.samples:
        _measure_samples(settings)
    else:
        _measure_run(settings)


def _measure_run(settings):
    from tfgan2.evaluation.protocols import data_to_match, measure_run, protocol_for, protocol_named
    from tfgan2.run.restore import loaded

    if settings.protocol is not None:
        protocol_named(settings.protocol)  # A misspelt name is rejected before a run is built.
    given = _against_reference(settings)
    run = loaded(settings)
    negatives = _negatives(settings, run.data) or run.unwanted_classes
    by_network = settings.feature_network is not None
    protocol = given or protocol_for(settings.protocol, data_to_match(run), negatives, by_network=by_network)
    usual = Path(settings.workdir, "evaluations", protocol.name, f"{run.model.global_step}.json")
    output = _writable(settings, usual)
    record = measure_run(
        protocol,
        run,
        seed=settings.seed,
        averaged=settings.averaged,
        resources=_resources(settings),
    )
    title = f"{protocol.name}, step {record['step']}, {'averaged' if record['averaged'] else 'raw'} weights"
    _show(title, record, output)


def _measure_samples(settings):
    from tfgan2.data.sources import preparation_of
    from tfgan2.errors import InputError
    from tfgan2.evaluation.protocols import PROTOCOLS, measure_file, protocol_for, protocol_named

    given, preparation = _against_reference(settings), {}
    if given:
        data = None
    elif settings.dataset is not None:
        arguments = settings.arguments("data")
        preparation = preparation_of(settings.dataset, arguments)
        with settings.naming_flags("data"):
            data = settings.factories["data"](**arguments)
    elif settings.protocol is not None:
        data = protocol_named(settings.protocol).published_data()
    else:
        raise InputError(
            f"--samples needs their reference, a --dataset, or a --protocol; choose one of {', '.join(PROTOCOLS)}."
        )
    by_network = settings.feature_network is not None
    protocol = given or protocol_for(settings.protocol, data, _negatives(settings, data), by_network=by_network)
    samples = Path(settings.samples)
    output = _writable(settings, _beside(samples, protocol.name))
    with settings.naming_flags("data"):
        record = measure_file(
            protocol,
            samples,
            data,
            seed=settings.seed,
            samples_range=settings.samples_range,
            resources=_resources(settings),
            preparation=preparation,
        )
    _show(f"{protocol.name}, {samples}", record, output)


def _resources(settings):
    """The files for extractors."""
    from tfgan2.evaluation.extractors import Resources

    return Resources(settings.values.get("data.cache_dir"), settings.inception_path, settings.feature_network)


def _against_reference(settings):
    """The protocol with the real images of --reference_statistics, or None without this flag."""
    from tfgan2.evaluation.protocols import protocol_named
    from tfgan2.evaluation.reference_statistics import ReferenceProtocol, read_reference

    if settings.reference_statistics is None:
        return None
    return ReferenceProtocol(protocol_named(settings.protocol), read_reference(settings.reference_statistics))


def _beside(samples, name):
    """Path of the record beside a file of samples. Its name begins with the name of this file without its ending."""
    return samples.with_name(f"{samples.name if samples.is_dir() else samples.stem}.{name}.json")


def _writable(settings, usual):
    """Path of the record: --output, or the usual place. It is checked that the file can be written."""
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
    with settings.naming_flags():
        return class_numbers("negative_classes", classes, data)


def _show(title, record, path):
    """Prints the values of a record and writes the record to `path`."""
    from tfgan2.evaluation.record_text import check_finite, record_text
    from tfgan2.system.file_versions import versioned
    from tfgan2.system.files import write_whole

    check_finite(record)
    print(record_text(title, record))
    write_whole(path, json.dumps(versioned("evaluation", record), indent=2).encode() + b"\n")
    print(path)


if __name__ == "__main__":
    sys.exit(main())
