"""Runs the experiments behind results/: every method and seed, resumable, and writes the tables and pictures.

    .venv/bin/python tools/reproduce.py gngan_grid25 --seeds=8
    .venv/bin/python tools/reproduce.py gngan_modes1d --seeds=8
    .venv/bin/python tools/reproduce.py gngan_digits --seeds=3
    .venv/bin/python tools/reproduce.py rumi_ring --seeds=7
    .venv/bin/python tools/reproduce.py rumi_images --seeds=3
    .venv/bin/python tools/reproduce.py rumi_fashion_mnist --seeds=1
    .venv/bin/python tools/reproduce.py p2gan_ring8 --seeds=10
    .venv/bin/python tools/reproduce.py p2gan_digits --seeds=3
    .venv/bin/python tools/reproduce.py p2gan_constrained --seeds=5
    .venv/bin/python tools/reproduce.py logan_ring16 --seeds=3
    .venv/bin/python tools/reproduce.py pgmgan_grid25 --seeds=3
    .venv/bin/python tools/reproduce.py pgmgan_ring8 --seeds=3
    .venv/bin/python tools/reproduce.py pgmgan_stacked_digits --seeds=3
    .venv/bin/python tools/reproduce.py pgmgan_fashion_mnist --seeds=1
    .venv/bin/python tools/reproduce.py rumi_table1 --dataset=fashion_mnist --classes=all --seeds=1

A finished run leaves results/<experiment>/<row>/seed_<n>.json and is not run again; an unfinished one goes on from its
last checkpoint in runs/. The table and the picture of results/<experiment>.md are made from these files alone.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pages
import tables
from comparisons import COMPARISONS, table1
from tqdm import tqdm
from trained import ROOT, workdir_of
from wanted import MINORITIES

_MEASURING = threading.Lock()  # one run at a time; training goes on in processes of its own
_TRAINING = set()  # these processes
_STARTING = collections.defaultdict(threading.Lock)  # workdir -> of a run that several rows start from


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", choices=(*COMPARISONS, "rumi_table1"))
    parser.add_argument("--dataset", choices=MINORITIES, help="of rumi_table1")
    parser.add_argument("--classes", default="all", help="minorities of rumi_table1, such as 0,5 (default all)")
    parser.add_argument("--seeds", type=int, default=8, help="seeds 0 to N-1 (default 8)")
    parser.add_argument("--rows", default="", help="rows to run, by their folders, comma-separated (default: all)")
    parser.add_argument("--jobs", type=int, default=1, help="runs at the same time (default 1)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of each run (default 1)")
    parser.add_argument("--table_only", action="store_true", help="remake table and picture from what has been run")
    arguments = parser.parse_args()
    if (arguments.experiment == "rumi_table1") != (arguments.dataset is not None):
        parser.error("rumi_table1, and nothing else, takes a --dataset")
    if arguments.dataset:
        comparison = table1(arguments.dataset, arguments.classes)
        folder = ROOT / "results" / f"rumi_table1_{arguments.dataset}"
    else:
        comparison, folder = COMPARISONS[arguments.experiment], ROOT / "results" / arguments.experiment
    if not arguments.table_only:
        signal.signal(signal.SIGTERM, _stop)
        rows = [row for row in comparison.rows if not arguments.rows or row.key in arguments.rows.split(",")]
        tasks = [(comparison, row, seed, folder) for seed in range(arguments.seeds) for row in rows]
        _run_all([task for task in tasks if not _result(folder, *task[1:3]).exists()], arguments)
    pages.write_picture(comparison, folder)
    pages.write_growth(comparison, folder)
    pages.write_curves(comparison, folder)
    print(tables.write_table(comparison, folder))


def _result(folder, row, seed):
    return folder / row.key / f"seed_{seed}.json"


def _workdir(folder, row, seed):
    return workdir_of(folder.name, row, seed)


def _run_all(tasks, arguments):
    print(f"{len(tasks)} runs to do, {arguments.jobs} at a time.")
    totals = [_train_steps(row) for _, row, _, _ in tasks]
    stop = threading.Event()
    with tqdm(total=sum(totals), unit="step", smoothing=0.05) as bar:

        def watch():
            while not stop.wait(5.0):
                bar.n = sum(_steps_done(_workdir(folder, row, seed)) for _, row, seed, folder in tasks)
                bar.refresh()

        threading.Thread(target=watch, daemon=True).start()
        try:
            with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
                outcomes = [pool.submit(_run, *task, arguments.threads) for task in tasks]
                try:
                    for outcome in outcomes:
                        outcome.result()
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)
        finally:
            stop.set()


def _stop(signal_number, frame):
    """Stops the trainings, which save first, as Ctrl-C does; the same command goes on."""
    for process in tuple(_TRAINING):
        process.terminate()
    raise SystemExit(128 + signal_number)


def _train(config, seed, workdir, threads, *flags):
    """Trains in a process of its own, and returns the command."""
    command = [
        *(sys.executable, "-m", "tfgan2.train", f"--flagfile=configs/{config}.cfg", *flags),
        *(f"--seed={seed}", f"--workdir={workdir.relative_to(ROOT)}", f"--threads={threads}"),
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:
        _TRAINING.add(process)
        errors = process.communicate()[1]
        _TRAINING.remove(process)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}:\n{errors}")
    return " ".join(["python", *command[1:]])


def _run(comparison, row, seed, folder, threads):
    workdir = _workdir(folder, row, seed)
    started, commands, begun = time.monotonic(), [], ()
    for start in row.starts:
        begun_in = workdir.parent.with_name(start.folder) / workdir.name
        with _STARTING[begun_in]:
            commands.append(_train(start.config, seed, begun_in, threads, *start.flags, *begun))
        begun = (f"--init_from={begun_in.relative_to(ROOT)}",)
    commands.append(_train(row.config, seed, workdir, threads, *row.flags, *begun))
    seconds = time.monotonic() - started
    with _MEASURING:
        records = _measure(comparison, row, seed, folder)
    record = {
        "config": row.config,
        "seed": seed,
        "command": " && ".join(commands),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "seconds_of_last_start": round(seconds, 1),
        "step": records["raw"]["step"],
        "protocol": records["raw"]["protocol"],
        "flags": records["raw"]["flags"],
        "real_values": records["raw"]["real_values"],
        "values": {weights: _values(found) for weights, found in records.items()},
    }
    if comparison.curves:
        _write_curves(comparison, workdir, _result(folder, row, seed))
    unfinished = _result(folder, row, seed).with_suffix(".unfinished")
    unfinished.parent.mkdir(parents=True, exist_ok=True)
    unfinished.write_text(json.dumps(record, indent=1) + "\n")
    unfinished.rename(_result(folder, row, seed))


def _values(record):
    if "registered_counts" not in record:
        return record["values"]
    counts = record["registered_counts"]
    middle = {"middle_share": counts[1] / max(1, sum(counts))} if len(counts) == 3 else {}
    return record["values"] | {"registered_counts": counts} | middle


def _write_curves(comparison, workdir, result):
    """Keeps the comparison's curves beside the result, as {name: [[step, mean since the last point], ...]}."""
    lines = [json.loads(line) for line in (workdir / "metrics.jsonl").read_text().splitlines()]
    curves = {
        name: [[line["step"], round(line["values"][name], 5)] for line in lines if name in line["values"]]
        for name in comparison.curves
    }
    pages.curves_file(result).write_text(json.dumps(curves) + "\n")


def _measure(comparison, row, seed, folder):
    """The protocol's records of the raw and of the averaged weights; of seed 0 the samples are kept, too."""
    import tfgan2
    from tfgan2.evaluation.protocols import PROTOCOLS, leaving_out, measure_run
    from tfgan2.evaluation.sample_files import write_arrays

    run = tfgan2.load(_workdir(folder, row, seed))
    protocol = leaving_out(PROTOCOLS[comparison.protocol], run.unwanted_classes)
    records = {}
    for weights in ("raw", "averaged") if run.model.ema_decay else ("raw",):
        averaged = weights == "averaged"
        record = measure_run(protocol, run, seed=seed, averaged=averaged)
        if comparison.measure is not None:
            record["values"] |= comparison.measure(run, record, seed=seed, averaged=averaged)
        records[weights] = record
        if seed == 0:
            samples = run.sample(comparison.kept_samples, seed=seed, averaged=averaged)
            arrays = {"samples": samples}
            if comparison.beside in run.model.offered_choices:
                arrays["beside"] = run.sample(
                    comparison.kept_samples, seed=seed, averaged=averaged, choice=(comparison.beside,)
                )
            if run.model.choice == "generator":
                arrays["generators"] = run.model.choices(seed, comparison.kept_samples).numpy()
            write_arrays(_result(folder, row, seed).with_suffix(f".{weights}.npz"), **arrays)
    return records


def _train_steps(row):
    lines = (ROOT / "configs" / f"{row.config}.cfg").read_text().splitlines()
    return next(int(line.split("=")[1]) for line in [*row.flags, *lines] if line.startswith("--train_steps="))


def _steps_done(workdir):
    try:
        last = (workdir / "metrics.jsonl").read_text().splitlines()[-1]
        return json.loads(last)["step"]
    except (OSError, IndexError, ValueError, KeyError):
        return 0


if __name__ == "__main__":
    main()
