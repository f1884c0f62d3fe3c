"""python -m tfgan2.doctor: checks the installation, the machine, the data and the workers, and says what to do."""

import sys

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_examine, sys.argv[1:] if argv is None else argv)


def _examine(argv):
    from tfgan2 import flags
    from tfgan2.checkup.computing import check_computing
    from tfgan2.checkup.finding import findings_of
    from tfgan2.checkup.hardware import check_gpus, check_memory, check_processors
    from tfgan2.checkup.storage import check_folders
    from tfgan2.checkup.versions import check_versions
    from tfgan2.checkup.workers import check_workers

    settings = flags.parse("doctor", argv)
    cache_dir = settings.values.get("data.cache_dir")
    checks = {
        "Packages": check_versions,
        "Processors": check_processors,
        "Memory": check_memory,
        "GPUs": check_gpus,
        "Computing": check_computing,
        "Folders": lambda: check_folders(settings.workdir, cache_dir),
        "Data": lambda: _check_data(settings),
        "Workers": lambda: check_workers(settings.cluster),
    }
    found = []
    for title, check in checks.items():
        print(title, flush=True)
        for finding in findings_of(check):
            print(f"  {finding.level:<8} {finding.text}", flush=True)
            found.append(finding)
    problems, notes = ([each for each in found if each.level == level] for level in ("problem", "note"))
    counts = [f"{len(each)} {name}{'s' * (len(each) != 1)}" for each, name in ((problems, "problem"), (notes, "note"))]
    print(", ".join(counts))
    return problems[0].exit_code if problems else 0


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
