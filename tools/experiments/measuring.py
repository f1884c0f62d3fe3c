"""Measures a trained run by the protocol of its experiment, and keeps samples for the picture."""

import tfgan2
from experiments.definition import ROOT
from experiments.trained import kept_samples_of, workdir_of
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.protocols import data_to_match, measure_run, protocol_for
from tfgan2.evaluation.sample_files import write_arrays


def measured(experiment, name, row, seed):
    """A run's step, flags and protocol, and the values of its raw and averaged weights and of real data."""
    run = tfgan2.load(workdir_of(name, row, seed))
    network = experiment.feature_network and ROOT / experiment.feature_network
    options = {"seed": seed, "resources": Resources(feature_network=network)}
    protocol = protocol_for(experiment.protocol, data_to_match(run), run.unwanted_classes, by_network=bool(network))
    values = {}
    for weights, truncation in _kinds(experiment, run):
        averaged = weights != "raw"
        run.model.truncate(truncation)
        record = measure_run(protocol, run, averaged=averaged, **options)
        if experiment.measure is not None:
            record["values"] |= experiment.measure(run, record, seed=seed, averaged=averaged)
        values[weights] = _values(record)
        if weights == "raw":
            found = {key: record[key] for key in ("step", "flags", "protocol", "real_values")}
    run.model.truncate(1.0)
    if seed == 0:
        write_arrays(kept_samples_of(name, row), **_kept(experiment, run))
    return found | {"values": values}


def _kinds(experiment, run):
    """What is measured, and its truncation."""
    yield "raw", 1.0
    if run.model.keeps_averages:
        yield "averaged", 1.0
    if experiment.truncation != 1.0:
        yield "truncated", experiment.truncation


def _values(record):
    if "registered_counts" not in record:
        return record["values"]
    counts = record["registered_counts"]
    middle = {"middle_share": counts[1] / max(1, sum(counts))} if len(counts) == 3 else {}
    return record["values"] | {"registered_counts": counts} | middle


def _kept(experiment, run):
    """Samples, those of the choice beside, and which generator made each."""
    count, averaged = experiment.kept_samples, experiment.shows_averages
    arrays = {"samples": run.sample(count, seed=0, averaged=averaged)}
    if experiment.beside in run.model.offered_choices:
        arrays["beside"] = run.sample(count, seed=0, averaged=averaged, choice=(experiment.beside,))
    if run.model.choice == "generator":
        arrays["generators"] = run.model.choices(0, count).numpy()
    return arrays
