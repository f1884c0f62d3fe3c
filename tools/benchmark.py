"""Times training steps, strategies, the data pipeline, the costliest score and a graph of neighbours on this machine.

`serving` starts the example server and puts a load on it. `memory` measures the peak of a training process, for all
configurations or for those of --configs. It writes each as soon as it is known, does not measure it again, and remakes
the table of results/memory.md.

`peer_scores` compares with torch-fidelity, which must be installed for the Python that --peer_python names. A line of
steps is the median over repeats. The repeats alternate between the variants, so that a change of the machine's speed
affects all alike. Absolute times are those of this machine; quote the ratios.
"""

import argparse
import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import configurations
import tensorflow as tf
from benchmarks import memory, serving
from benchmarks.once import ONCE
from benchmarks.peer_scores import SCORES, compared
from benchmarks.suites import SUITES
from benchmarks.timing import timed, timed_once
from machine import machine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", choices=(*SUITES, *ONCE, "memory", "serving", "peer_scores"))
    parser.add_argument("--json", help="also write the numbers to this file")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one repeat of one variant (default 1)")
    parser.add_argument("--before", help="a checkout of an earlier version, whose workers strategies times, too")
    parser.add_argument("--variants", default="", help="time only the variants whose names begin with this text")
    parser.add_argument("--peer_python", help="a Python with torch-fidelity")
    parser.add_argument("--counts", default="10000", help="features of peer_scores, as 10000,50000 (default 10000)")
    parser.add_argument("--repeats", type=int, default=3, help="repeats of peer_scores (default 3)")
    parser.add_argument("--model", help="the SavedModel that serving serves")
    parser.add_argument("--requests", type=int, default=10_000, help="requests of serving (default 10000)")
    parser.add_argument("--configs", help="configurations of memory (default: all)")
    arguments = parser.parse_args()
    if arguments.before and arguments.suite != "strategies":
        parser.error("--before is for strategies alone")
    if arguments.suite == "memory":
        if not arguments.json:
            parser.error("memory needs --json=FILE, which it resumes from")
        chosen = arguments.configs.split(",") if arguments.configs else configurations.names()
        memory.write_page(memory.measured(chosen, arguments.json))
        return
    if arguments.suite == "peer_scores":
        counts = [int(count) for count in arguments.counts.split(",")]
        # Precision and recall of 50,000 features take ten minutes.
        chosen = {
            score: [count for count in counts if score != "precision_recall" or count <= 10_000] for score in SCORES
        }
        found = compared(arguments.peer_python, chosen, arguments.repeats)
    elif arguments.suite == "serving":
        if not arguments.model:
            parser.error("serving needs --model=DIR, a SavedModel that tfgan2 export wrote")
        found = serving.loaded(arguments.model, arguments.requests)
    elif arguments.suite in ONCE:
        found = timed_once(*ONCE[arguments.suite]())
    else:
        options = {"before": arguments.before} if arguments.before else {}
        found = timed(SUITES[arguments.suite](**options).only(arguments.variants), arguments.seconds)
    if arguments.json:
        record = {"machine": machine(f"TensorFlow {tf.__version__}")} | found
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(record, file, indent=1)


if __name__ == "__main__":
    main()
