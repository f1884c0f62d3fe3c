"""What `tools/reproduce.py NAME` does: the runs of an experiment, its tables and its pictures."""

from experiments import pictures, records, tables
from experiments.definition import RESULTS
from experiments.running import Runner, missing


def add_flags(parser, *, has_figures=False):
    """The flags of an experiment, with --figures where it has figures of its trained runs."""
    parser.add_argument("--seeds", type=int, default=8, help="seeds 0 to N-1 (default 8)")
    parser.add_argument("--rows", default="", help="rows to run, comma-separated (default: all)")
    parser.add_argument("--jobs", type=int, default=1, help="runs at the same time (default 1)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of each run (default 1)")
    parser.add_argument("--page", action="store_true", help="remake the page from the finished runs; train nothing")
    if has_figures:
        parser.add_argument("--figures", action="store_true", help="also draw the figures of trained runs of seed 0")


def remake(name, experiment, arguments):
    """Makes the runs that are missing, then the page.

    Raises:
      SystemExit: --rows names a row that there is not.
    """
    rows = rows_named(arguments.rows, experiment)
    if not arguments.page:
        tasks = missing(name, experiment, rows, range(arguments.seeds))
        Runner(jobs=arguments.jobs, threads=arguments.threads).run(tasks)
    record = records.read(records.path_of(name))
    print(tables.write_tables(experiment, record, RESULTS / f"{name}.md"))
    pictures.write_all(name, experiment, record)
    if experiment.figures is not None and arguments.figures:
        experiment.figures(name, experiment)


def rows_named(text, experiment):
    keys = [row.key for row in experiment.rows]
    unknown = set(filter(None, text.split(","))) - set(keys)
    if unknown:
        raise SystemExit(f"--rows={text}: there is no row {', '.join(sorted(unknown))}; rows are {', '.join(keys)}.")
    return [row for row in experiment.rows if not text or row.key in text.split(",")]
