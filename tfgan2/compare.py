"""python -m tfgan2.compare --row=A.cfg --row=B.cfg --output=DIR: trains and compares rows of runs."""

import sys

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_compare, sys.argv[1:] if argv is None else argv)


def _compare(argv):
    from tfgan2 import flags
    from tfgan2.errors import InputError, NonFiniteError
    from tfgan2.evaluation.markdown import markdown_table
    from tfgan2.experiment.making import make
    from tfgan2.experiment.pages import write_pages
    from tfgan2.experiment.processes import Processes
    from tfgan2.experiment.results import Results, check_measured_alike
    from tfgan2.experiment.rows import rows_there, rows_to_train
    from tfgan2.experiment.tables import cells_of, head_of, notes_of
    from tfgan2.system.files import check_writable

    settings = flags.parse("compare", argv)
    check_writable(settings.output / "compare.html")
    trained = rows_to_train(
        settings.row, settings.set, seeds=settings.seeds, threads=settings.threads, folder=settings.output / "runs"
    )
    there = rows_there(settings.workdirs)
    if both := trained.keys() & there.keys():
        raise InputError(f"--row and --workdirs both have a row called {both.pop()}; write another name before a colon")
    rows = trained | there
    records, failed = make([trial for trials in rows.values() for trial in trials], settings, Processes())
    if not records:
        raise NonFiniteError("the loss of every run became infinite or NaN, so there is nothing to compare.")
    check_measured_alike(records)
    results = Results(rows, records, failed)
    paths = write_pages(results, settings.output, averaged=settings.averaged)
    print(markdown_table(head_of(results), cells_of(results)), *notes_of(results), *paths, sep="\n")


if __name__ == "__main__":
    sys.exit(main())
