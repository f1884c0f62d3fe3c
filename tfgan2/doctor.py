"""python -m tfgan2.doctor: checks the installation, the machine, the data and the workers, and says what to do."""

import sys

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_examine, sys.argv[1:] if argv is None else argv, needs_tensorflow=False)


def _examine(argv):
    from tfgan2.checkup.finding import findings_of
    from tfgan2.checkup.versions import check_versions
    from tfgan2.errors import InputError
    from tfgan2.system import environment

    packages = findings_of(check_versions)
    try:
        environment.prepare()
        from tfgan2 import flags
    except (ImportError, InputError) as error:
        _show("Packages", packages)
        raise InputError(f"the packages cannot be imported: {error} Correct this first.") from error
    settings = flags.parse("doctor", argv)
    _show("Packages", packages)
    found = [*packages]
    for title, check in _checks(settings).items():
        findings = findings_of(check)
        _show(title, findings)
        found += findings
    problems, notes = ([each for each in found if each.level == level] for level in ("problem", "note"))
    counts = [f"{len(each)} {name}{'s' * (len(each) != 1)}" for each, name in ((problems, "problem"), (notes, "note"))]
    print(", ".join(counts))
    return problems[0].exit_code if problems else 0


def _checks(settings):
    """Title -> function that yields findings."""
    from tfgan2.checkup.computing import check_computing
    from tfgan2.checkup.hardware import check_gpus, check_memory, check_processors
    from tfgan2.checkup.storage import check_folders
    from tfgan2.checkup.workers import check_workers

    return {
        "Processors": check_processors,
        "Memory": check_memory,
        "GPUs": check_gpus,
        "Computing": check_computing,
        "Folders": lambda: check_folders(settings.workdir, settings.values.get("data.cache_dir")),
        "Data": lambda: _check_data(settings),
        "Workers": lambda: check_workers(settings.cluster),
    }


def _show(title, findings):
    print(title, *(f"  {finding.level:<8} {finding.text}" for finding in findings), sep="\n", flush=True)


def _check_data(settings):
    from tfgan2.checkup.finding import Finding

    if settings.dataset is None:
        yield Finding("not checked; name them by --dataset")
        return
    with settings.naming_flags("data"):
        data = settings.factories["data"](**settings.arguments("data"))
    yield Finding(f"{data.name}: {data.kind.size_text(data.size, data.shape)}")


if __name__ == "__main__":
    sys.exit(main())
