"""Injects faults by the hundred: wrong command lines, damaged files, kills and full disks. The same command resumes.

    .venv/bin/python tools/torture.py command_lines --cases=5000
    .venv/bin/python tools/torture.py all
    .venv/bin/python tools/torture.py kills --case=17

Each case is drawn from the seed and its number alone, so one case can be run again. A case survives if the program
takes the input and gives the right result, or refuses it with a clear message. Everything else is a failure: another
exception, a wrong value, more than the stated time or memory. Cases that are done are lines of
runs/torture/PART_seed_N.jsonl. The tables of results/torture.md are made from results/torture.json.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from torturing import report
from torturing.judge import judged
from torturing.parts import PARTS


def main(argv=None):
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=layout)
    parser.add_argument("part", choices=["all", *PARTS], help="kind of faults")
    parser.add_argument("--cases", type=int, help="number of cases (default: that of the part)")
    parser.add_argument("--seed", type=int, default=0, help="of all cases (default 0)")
    parser.add_argument("--case", type=int, help="run only this case, and show what it does")
    arguments = parser.parse_args(argv)
    names = PARTS if arguments.part == "all" else [arguments.part]
    failures = 0
    for name in names:
        part = PARTS[name]
        if arguments.case is not None:
            print(judged(name, part, arguments.seed, arguments.case))
            continue
        failures += report.run(name, part, arguments.seed, arguments.cases or part.cases)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
