"""Measures real data that were spoilt step by step, and checks that every score moves as it should.

Some of the real data are the reference. The samples are others: unchanged, which is the floor, with growing noise, or
with fewer and fewer classes. results/metrics_sanity.json has the numbers, and the page is made from it alone.
"""

import json

import numpy as np
from matplotlib.figure import Figure

from experiments.definition import RESULTS
from experiments.small_png import write_figure
from experiments.spoilt_data import CASES, measured
from experiments.tables import put_tables
from tfgan2.system.files import write_whole

RECORD = RESULTS / "metrics_sanity.json"
PAGE = RECORD.with_suffix(".md")
UP, DOWN, STAYS = 1, -1, 0

# What each value should do as noise grows, and as classes are lost. None where that depends on the data, or on two
# things that work against each other: with noise real samples leave the balls around others, and the balls grow.
EXPECTED = {
    "modes_covered": (None, DOWN),
    "modes_hit": (None, DOWN),
    "reverse_kl_nats": (None, UP),
    "fd": (UP, UP),
    "kd": (UP, UP),
    "precision": (DOWN, STAYS),
    "recall": (None, DOWN),
    "density": (DOWN, None),
    "coverage": (DOWN, DOWN),
    "prd_f1_8": (DOWN, DOWN),
    "prd_f8": (DOWN, DOWN),
    "inception_score": (DOWN, DOWN),
    "neighbor_spread": (UP, DOWN),
    "duplicates": (DOWN, None),
    "nearer_than_real": (DOWN, None),
    "ssim": (DOWN, None),
    "nmi": (DOWN, None),
    "purity": (DOWN, None),
    "registered_modes": (DOWN, DOWN),
    "registered_points": (DOWN, STAYS),
    "total_variation": (None, UP),
    "good_fraction": (DOWN, STAYS),
    "good_modes": (None, DOWN),
    "reverse_kl": (None, UP),
}
_DRAWN = (
    *("fd", "kd", "precision", "recall", "coverage"),
    *("prd_f1_8", "prd_f8", "reverse_kl_nats", "inception_score", "neighbor_spread"),
)
_SHARES = ("precision", "recall", "coverage", "prd_f1_8", "prd_f8")
_LINEAR_BELOW = {"fd": 1, "kd": 300, "reverse_kl_nats": 0.01}  # else logarithmic
_STYLES = {"digits": ("#0072b2", "o"), "fashion_mnist": ("#d55e00", "s")}


def add_flags(parser):
    """The flags of `tools/reproduce.py metrics_sanity`."""
    parser.add_argument("--fashion_mnist", default="/usr/share/datasets/fashion-mnist", help="folder of its IDX files")
    parser.add_argument("--cases", default=",".join(CASES), help="data sets, comma-separated (default: all)")
    parser.add_argument("--page", action="store_true", help="remake the page from the record; measure nothing")


def remake(arguments):
    """Measures the chosen data sets, then makes the page."""
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if not arguments.page:
        for name in arguments.cases.split(","):
            record[name] = measured(CASES[name], arguments.fashion_mnist)
            write_whole(RECORD, f"{json.dumps(record, indent=1)}\n".encode())
    _draw(record)
    text = text_of_tables(record)
    put_tables(text, PAGE)
    print(text)


def _moves(levels, name, expected):
    """Whether a value moves as expected over levels: clearly, and never clearly back; STAYS to within a tenth."""
    values = [level["values"][name] for level in levels]
    if expected == STAYS:
        return all(abs(value - values[0]) <= 0.1 * max(1.0, abs(values[0])) for value in values)
    clear = 3 * max(level["spread"][name] for level in levels)
    steps = expected * np.diff(values)
    return bool(expected * (values[-1] - values[0]) > clear and steps.min() >= -clear)


def _levels(record, kind):
    """(names, measurements) of what spoils, the floor first."""
    floor = record["noise"]["0"]
    chosen = {name: level for name, level in record[kind].items() if level is not floor}
    return ["real data", *chosen], [floor, *chosen.values()]


def text_of_tables(record):
    lines, right, wrong = [], 0, []
    for key, case in CASES.items():
        if key not in record:
            continue
        of = "classes" if key != "grid25" else "modes"
        heads = {"noise": "noise of standard deviation", "kept": f"{of} that are left"}
        for place, (kind, head) in enumerate(heads.items()):
            names, levels = _levels(record[key], kind)
            counts = f"{record[key]['samples']:,} samples, {record[key]['seeds']} seeds"
            lines += ["", f"**{case.title}, {head}**, {counts}", ""]
            lines += ["| value | " + " | ".join(names) + " | as it should |", "|---" * (len(names) + 2) + "|"]
            for name in (name for name in EXPECTED if name in levels[0]["values"]):
                expected = EXPECTED[name][place]
                cells = [_cell(level["values"][name], level["spread"][name]) for level in levels]
                if kind == "kept" and name in ("ssim", "nmi", "purity"):
                    continue
                verdict = "-"
                if expected is not None:
                    moved = _moves(levels, name, expected)
                    verdict = f"{ {UP: 'up', DOWN: 'down', STAYS: 'stays'}[expected] }: {'yes' if moved else 'NO'}"
                    right += moved
                    wrong += [] if moved else [f"{name} ({case.title}, {head})"]
                lines.append(f"| `{name}` | " + " | ".join(cells) + f" | {verdict} |")
    summary = f"{right} of {right + len(wrong)} expectations hold" + (f"; not: {', '.join(wrong)}." if wrong else ".")
    return "\n".join([summary, *lines])


def _cell(value, spread):
    mean = f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return f"{mean} ± {float(f'{spread:.1g}'):g}"


def _draw(record):
    kinds = {"noise": "noise (of 1)", "kept": "classes left"}
    figure = Figure(figsize=(13, 9.5), layout="constrained")
    rows = figure.subplots(4, len(_DRAWN) // 2)
    for half, (kind, label) in enumerate(kinds.items()):
        for axes, name in zip(rows[2 * half : 2 * half + 2].ravel(), _DRAWN, strict=True):
            for key, (color, marker) in _STYLES.items():
                if key in record:
                    names, levels = _levels(record[key], kind)
                    places = [0 if kind == "noise" else 10, *map(float, names[1:])]
                    values, spreads = ([level[of][name] for level in levels] for of in ("values", "spread"))
                    axes.errorbar(places, values, spreads, color=color, marker=marker, ms=4, label=CASES[key].title)
            axes.set_title(name, fontsize=10)
            axes.set_xlabel(label, fontsize=8)
            axes.tick_params(labelsize=8)
            axes.grid(alpha=0.25)
            if name in _LINEAR_BELOW:
                axes.set_yscale("symlog", linthresh=_LINEAR_BELOW[name])
            elif name in _SHARES:
                axes.set_ylim(0, 1.05)
            if kind == "kept":
                axes.invert_xaxis()
    rows[0, 0].legend(fontsize=8)
    write_figure(RECORD.with_suffix(".png"), figure, dpi=100)
