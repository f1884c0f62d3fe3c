"""The newest evaluations of a run, with the scores of real data beside them and the meaning of each score."""

from tfgan2.evaluation.meanings import meaning_of
from tfgan2.evaluation.record_text import column, notes
from tfgan2.page.elements import commands, element, table
from tfgan2.system.files import read_json


def newest_records(workdir):
    """Returns the newest evaluation of each protocol in the folder of a run. Damaged files are left out."""
    records = []
    for folder in sorted((workdir / "evaluations").glob("*/")):
        steps = sorted((int(path.stem), path) for path in folder.glob("*.json") if path.stem.isdecimal())
        record = read_json("evaluation", steps[-1][1]) if steps else None
        if _is_shown(record):
            records.append(record)
    return records


def scores_of(records, command):
    """Returns the elements about evaluations.

    Args:
      records: Their records. See `newest_records`.
      command: The command line that evaluates the run.
    """
    if not records:
        return element("p", "The run has not been evaluated yet. This command does it:"), commands([command])
    about = (
        "The column of real data has the scores of real samples, measured in the same way. No generator can be "
        "expected to be better. Compare scores only with those of the same protocol."
    )
    return (element("p", about), *(part for record in records for part in _record(record)))


def _record(record):
    protocol, weights = record["protocol"], "averaged" if record["averaged"] else "raw"
    yield element("h3", f"{protocol['name']}, step {record['step']:,}, {weights} weights, seed {record['seed']}")
    _, generated = column("", record)
    _, real = column("", record, "real_") if "real_values" in record else ("", {})
    rows = [(name, text, real.get(name, "–"), *_best_first(meaning_of(name))) for name, text in generated.items()]
    yield table(("score", "generated", "real data", "best", "meaning"), rows, class_="scores")
    yield element("ul", (element("li", note) for note in notes(record)))


def _best_first(meaning):
    return meaning.best or "–", meaning.text


def _is_shown(record):
    """Whether a record has all fields of this version."""
    try:
        return bool(list(_record(record)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
