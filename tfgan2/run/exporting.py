"""The export of a run, with the facts about where it is from and its evaluations."""

import contextlib
import json
from pathlib import Path

from tfgan2 import __version__
from tfgan2.data.sources import without_folder
from tfgan2.evaluation.protocols import latents_of
from tfgan2.evaluation.record_text import notes
from tfgan2.flags.settings import DATASETS
from tfgan2.serving.file_export import export_format
from tfgan2.serving.origin import newest_export
from tfgan2.serving.saved_model import export_game
from tfgan2.system.files import read_json
from tfgan2.system.recoveries import read_recoveries

_RUNS = ("init_from", "stage_from")  # Flags with folders of runs.


def export(run, directory=None, *, averaged=True, format="saved_model"):
    """Writes the generator to `directory/<next number>`, or to the workdir's `export/`, and returns its folder.

    Args:
      run: A `TrainedRun`, or a `Run` after training.
      directory: Folder of the exports.
      averaged: Whether to export the averaged weights, if the run has them.
      format: "saved_model", or a name of `tfgan2.serving.formats.FORMATS`.
    """
    directory = Path(run.settings.workdir) / "export" if directory is None else directory
    options = {"averaged": averaged, "provenance": _provenance(run), "records": _records(run, averaged)}
    if format == "saved_model":
        return export_game(run.model, run.scaling, run.facts.kind, directory, **options)
    return export_format(format, run.model, run.scaling, directory, **options)


def _records(run, averaged):
    """The evaluations of the exported weights, with these latents."""
    model, records = run.model, []
    wanted = {"step": model.global_step, "averaged": averaged and model.keeps_averages}
    for path in sorted(Path(run.settings.workdir).glob(f"evaluations/*/{model.global_step}.json")):
        record = read_json("evaluation", path)
        if isinstance(record, dict) and wanted.items() <= record.items():
            with contextlib.suppress(KeyError, TypeError, ValueError):  # A record of another version.
                list(notes(record))
                records += [record] if record["protocol"].get("latents") == latents_of(model).get("latents") else []
    return records


def exported(run):
    """Returns the folder of the newest export in the workdir if it is of this step. Otherwise exports the run."""
    newest = newest_export(Path(run.settings.workdir) / "export")
    model = run.model
    state = {"step": model.global_step, "averaged": model.keeps_averages, "truncation": model.truncation}
    state |= _provenance(run)
    # JSON has lists where flags have tuples.
    if newest is not None and json.loads(json.dumps(state)).items() <= newest[1].items():
        return newest[0]
    return export(run)


def _provenance(run):
    """Facts about the run for tfgan2.json. Paths of data and of other runs have only their last part."""
    flags, facts = run.settings.trajectory(), run.facts
    flags |= {flag: without_folder(flags[flag]) for flag in DATASETS}
    flags |= {flag: flags[flag] and Path(flags[flag]).name for flag in _RUNS if flag in flags}
    recoveries = [each._asdict() for each in read_recoveries(run.settings.workdir) if each.step < run.model.global_step]
    return {
        "version": __version__,
        **({"recoveries": recoveries} if recoveries else {}),
        "flags": flags,
        "class_names": list(facts.class_names),
        "data": {flag: one.digest for flag, one in facts.sets.items()},
    }
