"""Tables of results: mean and spread over seeds, and no two numbers in one table that were measured differently."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROTOCOL = {"name": "rumi-classifier-1k", "data": "a1", "weights": "b2", "accuracy": 0.9, "averaged": False}


def comparison_of(tool, *rows):
    comparisons = tool("comparisons")
    return comparisons.Comparison(
        rows=tuple(comparisons.Row(name, "config", (), name, **options) for name, options in rows),
        protocol="rumi-classifier-1k",
        measures={"fd": "distance"},
        title="",
    )


def keep(folder, row, *, seed=0, value=1.0, real=0.1, more=(), **protocol):
    (folder / row).mkdir(parents=True, exist_ok=True)
    record = {
        "protocol": PROTOCOL | protocol,
        "flags": {},
        "real_values": {"fd": real, **dict(more)},
        "values": {"raw": {"fd": value}},
    }
    (folder / row / f"seed_{seed}.json").write_text(json.dumps(record))


def test_mean_and_spread(tool, tmp_path):
    for seed, value in enumerate((1.0, 3.0)):
        keep(tmp_path / "page", "a", seed=seed, value=value)
        keep(tmp_path / "page", "b", seed=seed, value=7.0 * value, real=0.1 + 1e-7)
    text = tool("tables").write_table(comparison_of(tool, ("a", {}), ("b", {}), ("c", {})), tmp_path / "page")
    assert text.splitlines()[2:] == [
        "| a, ours | 2 | 2.00 ± 1.41 |",
        "| b, ours | 2 | 14.00 ± 9.90 |",
        "| c, ours | 0 | not measured |",
        "| real data | - | 0.10 |",
    ]
    assert f"\n{text}\n" in (tmp_path / "page.md").read_text()


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        ({"weights": "c3"}, "weights is b2 and c3"),
        ({"data": "d4"}, "data is a1 and d4"),
        ({"name": "rumi-classifier-10k"}, "name is rumi-classifier-1k and rumi-classifier-10k"),
        ({"real": 0.2}, "fd is 0.1 and 0.2"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"group": "both"}])
def test_what_was_measured_differently_is_refused(tool, tmp_path, other, difference, options):
    folder, page = tmp_path / "page", tmp_path / "page.md"
    page.write_text("before")
    keep(folder, "a")
    keep(folder, "b", **other)
    comparison = comparison_of(tool, ("a", {}), ("b", {}))
    with pytest.raises(SystemExit, match=f"a/seed_0.json and .*b/seed_0.json were measured .* one table: {difference}"):
        tool("tables").write_table(comparison, folder)
    assert page.read_text() == "before"


@pytest.mark.parametrize("more", [("a", "b"), ("b", "a")])
def test_a_value_that_one_version_does_not_measure(tool, tmp_path, more):
    keep(tmp_path / "page", more[0], more={"reverse_kl_log10": 0.5})
    keep(tmp_path / "page", more[1])
    text = tool("tables").write_table(comparison_of(tool, ("a", {}), ("b", {})), tmp_path / "page")
    assert "| real data | - | 0.10 |" in text


def test_rows_of_two_tables_may_be_measured_differently(tool, tmp_path):
    keep(tmp_path / "page", "a")
    keep(tmp_path / "page", "b", weights="c3", real=0.2)
    comparison = comparison_of(tool, ("a", {"table": "First"}), ("b", {"table": "Second"}))
    text = tool("tables").write_table(comparison, tmp_path / "page")
    first, second = text.split("Second:")
    assert first.startswith("First:\n\n| method") and "| real data | - | 0.10 |" in first
    assert "| b, ours | 1 | 1.00 |" in second and "| real data | - | 0.20 |" in second


def test_seeds_of_one_row_are_compared_too(tool, tmp_path):
    # Real values may differ between seeds, as points are drawn by them; the network may not.
    keep(tmp_path / "page", "a", seed=0, real=0.1)
    keep(tmp_path / "page", "a", seed=1, real=0.2)
    tool("tables").write_table(comparison_of(tool, ("a", {})), tmp_path / "page")
    keep(tmp_path / "page", "a", seed=1, weights="c3")
    with pytest.raises(SystemExit, match="weights is b2 and c3"):
        tool("tables").write_table(comparison_of(tool, ("a", {})), tmp_path / "page")


def test_scores_of_another_version_are_no_difference(tool, tmp_path):
    keep(tmp_path / "page", "a", scores=["frechet"])
    keep(tmp_path / "page", "b", scores=["frechet", "negatives"], negative_classes=[])
    tool("tables").write_table(comparison_of(tool, ("a", {}), ("b", {})), tmp_path / "page")
    keep(tmp_path / "page", "b", negative_classes=[3])
    with pytest.raises(SystemExit, match=r"negative_classes is None and \[3\]"):
        tool("tables").write_table(comparison_of(tool, ("a", {}), ("b", {})), tmp_path / "page")


def test_means_of_groups_compare_their_rows_one_by_one(tool, tmp_path):
    # Two methods on two classes each: the data differ between the classes, not between the methods.
    rows = [(f"{method}_{data}", {"group": method}) for data in ("x", "y") for method in ("first", "second")]
    for name, _ in rows:
        keep(tmp_path / "page", name, data=name[-1], value=1.0 if name.endswith("x") else 2.0)
    text = tool("tables").write_table(comparison_of(tool, *rows), tmp_path / "page")
    assert "| first (mean of 2 of 2), ours | 1 | 1.50 |" in text
    keep(tmp_path / "page", "second_y", data="x")
    with pytest.raises(SystemExit, match="data is y and x"):
        tool("tables").write_table(comparison_of(tool, *rows), tmp_path / "page")


def test_the_committed_results(tool, tmp_path):
    """Every table of results/ can be made from the files that lie beside it, and is what they say."""
    tables = tool("tables")
    made = {}
    for name, comparison in tool("comparisons").COMPARISONS.items():
        folder = ROOT / "results" / name
        if not any(folder.glob("*/seed_*.json")):
            continue
        page = tmp_path / f"{name}.md"
        (tmp_path / name).symlink_to(folder)
        made[name] = tables.write_table(comparison, page.with_suffix(""))
    assert len(made) > 10
    # Rows that were added and not run yet may be missing on the page.
    different = [
        (name, line)
        for name, text in made.items()
        for line in text.splitlines()
        if "| not measured |" not in line and line not in (ROOT / "results" / f"{name}.md").read_text()
    ]
    assert different == []
