"""Measures a trained run by the protocol of its experiment, and keeps samples for the picture."""

import tfgan2
from experiments.trained import kept_samples_of, workdir_of
from tfgan2.evaluation.protocols import PROTOCOLS, leaving_out, measure_run
from tfgan2.evaluation.sample_files import write_arrays


def measured(experiment, name, row, seed):
    """A run's step, flags and protocol, and the values of its raw and averaged weights and of real data."""
    run = tfgan2.load(workdir_of(name, row, seed))
    protocol = leaving_out(PROTOCOLS[experiment.protocol], run.unwanted_classes)
    values = {}
    for weights in ("raw", "averaged") if run.model.keeps_averages else ("raw",):
        averaged = weights == "averaged"
        record = measure_run(protocol, run, seed=seed, averaged=averaged)
        if experiment.measure is not None:
            record["values"] |= experiment.measure(run, record, seed=seed, averaged=averaged)
        values[weights] = _values(record)
        if weights == "raw":
            found = {key: record[key] for key in ("step", "flags", "protocol", "real_values")}
    if seed == 0:
        write_arrays(kept_samples_of(name, row), **_kept(experiment, run))
    return found | {"values": values}


def _values(record):
    if "registered_counts" not in record:
        return record["values"]
    counts = record["registered_counts"]
    middle = {"middle_share": counts[1] / max(1, sum(counts))} if len(counts) == 3 else {}
    return record["values"] | {"registered_counts": counts} | middle


def _kept(experiment, run):
    """Samples of the raw weights, those of the choice beside, and which generator made each."""
    count = experiment.kept_samples
    arrays = {"samples": run.sample(count, seed=0, averaged=False)}
    if experiment.beside in run.model.offered_choices:
        arrays["beside"] = run.sample(count, seed=0, averaged=False, choice=(experiment.beside,))
    if run.model.choice == "generator":
        arrays["generators"] = run.model.choices(0, count).numpy()
    return arrays
