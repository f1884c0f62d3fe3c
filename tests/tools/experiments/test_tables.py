"""Tables of results: mean and spread over seeds, and no two numbers in one table that were measured differently."""

import json

import pytest

PROTOCOL = {"name": "rumi-classifier-1k", "data": "a1", "weights": "b2", "accuracy": 0.9, "averaged": False}


@pytest.fixture
def text_of(tool):
    """(rows as (name, options), record) -> the text of the tables."""

    def text(rows, record):
        definition = tool("experiments.definition")
        experiment = definition.Experiment(
            about="",
            rows=tuple(definition.Row(name, "config", (), name, **options) for name, options in rows),
            protocol="rumi-classifier-1k",
            measures={"fd": "distance"},
            title="",
        )
        return tool("experiments.tables").text_of_tables(experiment, record)

    return text


def run(value=1.0, *, real=0.1, more=(), averaged=None, **protocol):
    values = {"raw": {"fd": value}} | ({"averaged": {"fd": averaged}} if averaged else {})
    return {"protocol": PROTOCOL | protocol, "real_values": {"fd": real, **dict(more)}, "values": values}


TWO = ("a", {}), ("b", {})


def test_mean_and_spread(text_of):
    record = {"a": {0: run(1.0), 1: run(3.0)}, "b": {0: run(7.0, real=0.1 + 1e-7), 1: run(21.0, averaged=2.0)}}
    assert text_of([*TWO, ("c", {})], record).splitlines()[2:] == [
        "| a, ours | 2 | 2.00 ± 1.41 |",
        "| b, ours | 2 | 14.00 ± 9.90 |",
        "| b, ours, averaged weights | 2 | - |",
        "| c, ours | 0 | not measured |",
        "| real data | - | 0.10 |",
    ]


def test_quality_has_columns_where_a_run_measured_it(text_of):
    measured = run(1.0, more={"quality_at_coverage": 0.99, "width_small": 1.0})
    measured["values"]["raw"] |= {"quality_at_coverage": 0.5, "width_small": 0.7}
    assert text_of(TWO, {"a": {0: run(1.0)}, "b": {0: measured}}).splitlines() == [
        "| method | seeds | distance | quality at coverage | width, small axis |",
        "|---|---|---|---|---|",
        "| a, ours | 1 | 1.00 | - | - |",
        "| b, ours | 1 | 1.00 | 0.50 | 0.70 |",
        "| real data | - | 0.10 | 0.99 | 1.00 |",
    ]


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
def test_what_was_measured_differently_is_refused(text_of, other, difference, options):
    rows = [(name, options if name == "a" else {}) for name in ("a", "b")]
    message = f"a, seed 0, and b, seed 0, were measured differently.*one table: {difference}"
    with pytest.raises(SystemExit, match=message):
        text_of(rows, {"a": {0: run()}, "b": {0: run(**other)}})


def test_a_page_stays_as_it_is_where_its_table_is_refused(tool, tmp_path):
    experiment = tool("experiments.catalog").EXPERIMENTS["rumi_digits"]
    first, second = (row.key for row in experiment.rows[:2])
    page = tmp_path / "page.md"
    page.write_text("before")
    with pytest.raises(SystemExit):
        record = {first: {0: run()}, second: {0: run(data="d4")}}
        tool("experiments.tables").write_tables(experiment, record, page)
    assert page.read_text() == "before"


@pytest.mark.parametrize("more", [("a", "b"), ("b", "a")])
def test_a_value_that_one_version_does_not_measure(text_of, more):
    record = {more[0]: {0: run(more={"reverse_kl_log10": 0.5})}, more[1]: {0: run()}}
    assert "| real data | - | 0.10 |" in text_of(TWO, record)


def test_rows_of_two_tables_may_be_measured_differently(text_of):
    rows = ("a", {"table": "First"}), ("b", {"table": "Second"})
    text = text_of(rows, {"a": {0: run()}, "b": {0: run(weights="c3", real=0.2)}})
    first, second = text.split("Second:")
    assert first.startswith("First:\n\n| method") and "| real data | - | 0.10 |" in first
    assert "| b, ours | 1 | 1.00 |" in second and "| real data | - | 0.20 |" in second


def test_seeds_of_one_row_are_compared_too(text_of):
    # Real values may differ between seeds, as points are drawn by them. The network may not.
    text_of([("a", {})], {"a": {0: run(real=0.1), 1: run(real=0.2)}})
    with pytest.raises(SystemExit, match="weights is b2 and c3"):
        text_of([("a", {})], {"a": {0: run(), 1: run(weights="c3")}})


def test_scores_of_another_version_are_no_difference(text_of):
    first = run(scores=["frechet"])
    text_of(TWO, {"a": {0: first}, "b": {0: run(scores=["frechet", "negatives"], negative_classes=[])}})
    with pytest.raises(SystemExit, match=r"negative_classes is None and \[3\]"):
        text_of(TWO, {"a": {0: first}, "b": {0: run(negative_classes=[3])}})


def test_means_of_groups_compare_their_rows_one_by_one(text_of):
    # Two methods on two classes each: the data differ between the classes, not between the methods.
    rows = [(f"{method}_{data}", {"group": method}) for data in ("x", "y") for method in ("first", "second")]
    record = {name: {0: run(1.0 if name.endswith("x") else 2.0, data=name[-1])} for name, _ in rows}
    assert "| first (mean of 2 of 2), ours | 1 | 1.50 |" in text_of(rows, record)
    record["second_y"][0]["protocol"]["data"] = "x"
    with pytest.raises(SystemExit, match="data is y and x"):
        text_of(rows, record)


def test_the_tables_of_all_pages_are_remade_from_the_records(tool):
    """Character by character, and each measured experiment has a page."""
    tables, records = tool("experiments.tables"), tool("experiments.records")
    results = tool("experiments.definition").RESULTS
    found = {name: records.read(records.path_of(name)) for name in tool("experiments.catalog").EXPERIMENTS}
    measured = {name: record for name, record in found.items() if record}
    assert len(measured) > 20
    for name, record in measured.items():
        text = (results / f"{name}.md").read_text(encoding="utf-8")
        shown = text.split(tables.TABLE_BEGIN)[1].split(tables.TABLE_END)[0]
        assert shown == f"\n{tables.text_of_tables(tool('experiments.catalog').EXPERIMENTS[name], record)}\n", name
    sanity = tool("experiments.metrics_sanity")
    shown = sanity.PAGE.read_text(encoding="utf-8").split(tables.TABLE_BEGIN)[1].split(tables.TABLE_END)[0]
    assert shown == f"\n{sanity.text_of_tables(json.loads(sanity.RECORD.read_text()))}\n"


def test_the_records_have_rows_that_there_are(tool):
    """A record under a row's old name would be measured again, and would miss in the table."""
    records = tool("experiments.records")
    for name, experiment in tool("experiments.catalog").EXPERIMENTS.items():
        assert set(records.read(records.path_of(name))) <= {row.key for row in experiment.rows}, name
