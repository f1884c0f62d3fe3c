"""The run of a part with its progress, and the page of all parts."""

import collections
import json
import time
from pathlib import Path

from machine import machine
from tqdm import tqdm

from torturing.judge import Verdict, judged

ROOT = Path(__file__).resolve().parents[2]
RECORD, PAGE = ROOT / "results/torture.json", ROOT / "results/torture.md"
_START, _END = "<!-- table: made by tools/torture.py -->\n", "<!-- end of table -->\n"
_SHOWN = 10  # Failures that are printed.


def run(name, part, seed, cases) -> int:
    """Runs the cases of a part that are not done yet, updates the page, and returns the number of failures."""
    path = ROOT / "runs/torture" / f"{name}_seed_{seed}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    done = {verdict.case: verdict for verdict in _read(path)}
    started = time.monotonic()
    with path.open("a") as file:
        for case in tqdm(sorted(set(range(cases)) - done.keys()), desc=name, unit="case", mininterval=5):
            done[case] = judged(name, part, seed, case)
            file.write(json.dumps(done[case]._asdict()) + "\n")
            file.flush()
    verdicts = [done[case] for case in range(cases)]
    failures = [verdict for verdict in verdicts if verdict.outcome == "failed"]
    for verdict in failures[:_SHOWN]:
        print(f"{name} --seed={seed} --case={verdict.case} ({verdict.kind}): {verdict.detail}")
    print(f"{name}: {len(verdicts)} cases, {len(failures)} failed, {time.monotonic() - started:.0f} s")
    _record(name, seed, verdicts)
    return len(failures)


def _read(path):
    if not path.exists():
        return []
    lines = path.read_text().splitlines()
    return [Verdict(**json.loads(line)) for line in lines if line.endswith("}")]


def _record(name, seed, verdicts):
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    kinds = collections.defaultdict(collections.Counter)
    for verdict in verdicts:
        kinds[verdict.kind][verdict.outcome] += 1
    record[name] = {
        "seed": seed,
        "cases": len(verdicts),
        "seconds": round(sum(verdict.seconds for verdict in verdicts)),
        "slowest": max(verdict.seconds for verdict in verdicts),
        "kinds": {kind: dict(counts) for kind, counts in sorted(kinds.items())},
        "failures": [verdict.case for verdict in verdicts if verdict.outcome == "failed"],
        "machine": machine(),
    }
    RECORD.write_text(json.dumps(dict(sorted(record.items())), indent=1) + "\n")
    if PAGE.exists():
        text = PAGE.read_text()
        before, _, rest = text.partition(_START)
        PAGE.write_text(before + _START + table(record) + _END + rest.partition(_END)[2])


def table(record) -> str:
    """The table of the page: a row for each kind of fault."""
    lines = ["| part | seed | fault | cases | accepted | refused | failed |", "|---|---|---|---|---|---|---|"]
    for name, part in record.items():
        for kind, counts in part["kinds"].items():
            numbers = [sum(counts.values()), *(counts.get(each, 0) for each in ("accepted", "refused", "failed"))]
            lines.append(f"| {name} | {part['seed']} | {kind} | {' | '.join(map(str, numbers))} |")
        lines.append(
            f"| **{name}** | {part['seed']} | all, {part['seconds']:,} s, slowest {part['slowest']:.1f} s | "
            f"{part['cases']:,} | | | **{len(part['failures'])}** |"
        )
    return "\n".join(lines) + "\n"
