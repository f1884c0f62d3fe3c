"""Times variants in turn, and single computations."""

import resource
import statistics
import time

from tqdm import tqdm

_REPEATS = 7


def timed(suite, seconds):
    """Prints the table of a suite, and returns its numbers."""
    runs, first = {}, {}
    for name, make in suite.variants.items():
        runs[name] = make()
        started = time.perf_counter()
        runs[name]()
        first[name] = time.perf_counter() - started
    milliseconds = {name: [] for name in runs}
    for _ in tqdm(range(_REPEATS)):
        for name, run in runs.items():
            milliseconds[name].append(_repeat(run, seconds))
    print(f"{suite.title:<40}{'ms per step':>12}{'min':>9}{'max':>9}{'first call, s':>15}")
    for name, values in milliseconds.items():
        median = statistics.median(values)
        print(f"{name:<40}{median:>12.3f}{min(values):>9.3f}{max(values):>9.3f}{first[name]:>15.2f}")
    ratios = {
        name: statistics.median(a / b for a, b in zip(milliseconds[slow], milliseconds[fast], strict=True))
        for name, (slow, fast) in suite.ratios.items()
    }
    for name, ratio in ratios.items():
        print(f"{name:<40}{ratio:>12.2f} times")
    return {
        "suite": suite.title,
        "milliseconds_per_step": milliseconds,
        "first_call_seconds": first,
        "ratios": ratios,
    }


def timed_once(title, compute):
    """Prints and returns the seconds and the memory, beyond what is there before, of one computation."""
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    compute()
    seconds = time.perf_counter() - started
    gibibytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 2**20
    print(f"{title}: {seconds:.1f} s, {gibibytes:.2f} GiB beyond the data")
    return {"suite": title, "seconds": seconds, "gibibytes": gibibytes}


def _repeat(run, seconds):
    """Milliseconds a step over at least `seconds`."""
    steps, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        steps += run()
    return (time.perf_counter() - started) / steps * 1e3
