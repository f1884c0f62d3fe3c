"""Runs the experiments behind results/: every method and seed. The same command resumes.

    .venv/bin/python tools/reproduce.py gngan_grid25 --seeds=8
    .venv/bin/python tools/reproduce.py gngan_grid25 --page
    .venv/bin/python tools/reproduce.py rumi_table1 --dataset=fashion_mnist --classes=all --seeds=1
    .venv/bin/python tools/reproduce.py all_methods --data=grid25,ring8 --seeds=1

A finished run is a line of results/NAME.json and is not run again. An unfinished run continues from its last checkpoint
in runs/. The tables and curves of results/NAME.md are made from that file alone. Pictures of samples need runs/, too.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from experiments import all_methods, metrics_sanity, pages
from experiments.catalog import EXPERIMENTS
from experiments.rumi import table1
from experiments.rumi_rows import MINORITIES

from tfgan2.errors import Interrupted


def main(argv=None):
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    names = parser.add_subparsers(dest="name", metavar="NAME", required=True, title="experiments")
    for name, experiment in EXPERIMENTS.items():
        command = names.add_parser(name, help=experiment.about, description=_described(experiment))
        pages.add_flags(command, has_figures=experiment.figures is not None)
        command.set_defaults(remake=_remake)
    command = names.add_parser("rumi_table1", help="Rumi-GAN's Table 1 on one data set")
    command.add_argument("--dataset", choices=MINORITIES, required=True)
    command.add_argument("--classes", default="all", help="minorities, such as 0,5 (default all)")
    pages.add_flags(command)
    command.set_defaults(remake=_remake_table1)
    command = names.add_parser(all_methods.NAME, help="all methods on eight sets of data, at equal updates and width")
    all_methods.add_flags(command)
    command.set_defaults(remake=all_methods.remake)
    command = names.add_parser("metrics_sanity", help="whether the scores move as they should on spoilt data")
    metrics_sanity.add_flags(command)
    command.set_defaults(remake=metrics_sanity.remake)
    arguments = parser.parse_args(argv)
    try:
        arguments.remake(arguments)
    except Interrupted as ending:
        raise SystemExit(str(ending)) from None


def _described(experiment):
    return f"{experiment.about}. Rows: {', '.join(row.key for row in experiment.rows)}"


def _remake(arguments):
    pages.remake(arguments.name, EXPERIMENTS[arguments.name], arguments)


def _remake_table1(arguments):
    pages.remake(f"rumi_table1_{arguments.dataset}", table1(arguments.dataset, arguments.classes), arguments)


if __name__ == "__main__":
    main()
