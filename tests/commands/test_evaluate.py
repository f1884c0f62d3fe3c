"""tfgan2.evaluate: its numbers against the metrics themselves, its file, comparisons, and samples of others."""

import json

import numpy as np
import pytest
from PIL import Image

import tfgan2
from tfgan2.data.synthetic import SOURCES
from tfgan2.errors import InputError
from tfgan2.evaluation.modes_protocol import ModesProtocol
from tfgan2.evaluation.protocols import PROTOCOLS, protocol_for, protocol_named
from tfgan2.evaluation.sample_files import read_samples
from tfgan2.metrics.mixture_quality import RADII, mixture_quality, modes_within
from tfgan2.metrics.modes import grid_coverage, mode_quality, registered_counts, registration_radius

RADIUS = 2 * 2**0.5 * 0.05


def record_of(workdir, step=45):
    return json.loads((workdir / "evaluations" / "grid25-2k" / f"{step}.json").read_text())


def metrics_themselves(samples):
    """What the protocol grid25-2k computes, by the metrics and the definition of the grid."""
    axis = np.array([-4.0, -2.0, 0.0, 2.0, 4.0])
    centers = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    coverage = grid_coverage(samples, centers, radius=RADIUS, minimum=20)
    return {**coverage._asdict(), **mode_quality(samples, centers, std=0.05)._asdict()}, centers


def test_values_are_those_of_the_metrics(trained_copy, call):
    ended = call("evaluate", f"--workdir={trained_copy}")
    assert (ended.code, ended.err) == (0, "")
    record = record_of(trained_copy)
    samples = tfgan2.load(trained_copy).sample(2000, seed=0)
    values, centers = metrics_themselves(samples)
    values |= mixture_quality(samples, centers, std=0.05, minimum=20)._asdict()
    found = {name: record["values"].pop(name) for name in list(record["values"]) if name not in values}
    assert record["values"] == pytest.approx(values, rel=1e-9)
    assert record["registered_counts"] == registered_counts(samples, centers, RADIUS).tolist()
    assert sum(record["registered_counts"]) == values["registered_points"]
    by_radius = modes_within(samples, centers, std=0.05, minimum=20)
    assert found == {
        **{f"modes_within_{radius}_std": count for radius, count in zip(RADII, by_radius, strict=True)},
        "sliced_wasserstein": pytest.approx(found["sliced_wasserstein"]),
    }


def test_the_record_tells_how_it_was_measured(trained_copy, call):
    assert call("evaluate", f"--workdir={trained_copy}", "--seed=3").code == 0
    record = record_of(trained_copy)
    assert record["protocol"] == {
        "name": "grid25-2k",
        "dataset": "grid25",
        "samples": 2000,
        "minimum": 20,
        "radius": pytest.approx(RADIUS),
        "averaged": True,
    }
    assert (record["method"], record["step"], record["seed"], record["averaged"]) == ("gngan", 45, 3, True)
    assert (record["flags"]["gngan.neighbor_weight"], record["flags"]["network.hidden_units"]) == (1.0, 8)
    assert "workdir" not in record["flags"]


def test_the_record_tells_of_truncated_latents(trained_copy, call):
    assert call("evaluate", f"--workdir={trained_copy}", "--truncation=0.5").code == 0
    assert record_of(trained_copy)["protocol"]["latents"] == "the distribution of training, times 0.5"


def test_the_real_data_are_the_floor(trained_copy, call):
    ended = call("evaluate", f"--workdir={trained_copy}")
    real = record_of(trained_copy)["real_values"]
    # 1 - exp(-4) of 2,000 register, 1963 with a standard deviation of 6; the paper's file gives 1961.
    assert 1943 <= real["registered_points"] <= 1983
    assert (real["registered_modes"], real["good_modes"]) == (25, 25)
    assert 0.98 < real["quality_at_coverage"] < 1.02
    # P(|x| < 3 std) in both coordinates is .9946.
    assert 0.985 < real["good_fraction"] < 1.0
    title, columns, *rows, minimum, meaning, path = ended.out.splitlines()
    assert meaning.startswith("±: standard error due to the choice of samples")
    assert minimum == "registered_modes: modes with at least 20 of 2,000 samples within 0.141"
    assert title == "grid25-2k, step 45, averaged weights"
    assert columns.split() == ["generated", "real", "data"]
    assert path == str(trained_copy / "evaluations" / "grid25-2k" / "45.json")
    shown = {row.split()[0]: [float(cell) for cell in row.split()[1:] if cell != "±"] for row in rows}
    record, kinds = record_of(trained_copy), ("values", "spread", "real_values", "real_spread")
    assert shown == {name: pytest.approx([record[kind][name] for kind in kinds], rel=0.06) for name in real}


def test_an_earlier_step_and_raw_weights(trained_copy, call):
    ended = call("evaluate", f"--workdir={trained_copy}", "--step=20", "--averaged=false", "--protocol=grid25-2k")
    assert ended.code == 0 and ended.out.startswith("grid25-2k, step 20, raw weights\n")
    record = record_of(trained_copy, 20)
    assert (record["step"], record["averaged"]) == (20, False)
    samples = tfgan2.load(trained_copy, step=20).sample(2000, averaged=False)
    values = metrics_themselves(samples)[0]
    assert {name: record["values"][name] for name in values} == pytest.approx(values, rel=1e-9)
    averaged = tfgan2.load(trained_copy, step=20).sample(2000)
    assert np.abs(samples - averaged).max() > 1e-3


def test_a_comparison(trained_copy, call, tree):
    for step in (20, 45):
        assert call("evaluate", f"--workdir={trained_copy}", f"--step={step}").code == 0
    before = tree(trained_copy)
    folder = trained_copy / "evaluations" / "grid25-2k"
    ended = call("evaluate", f"--compare={folder / '20.json'},{folder / '45.json'}")
    assert (ended.code, ended.err) == (0, "")
    titles, *origins = ended.out.splitlines()[:5]
    assert titles.split() == [str(trained_copy)] * 2
    assert [" ".join(line.split()) for line in origins] == [
        "method gngan gngan",
        "step 20 45",
        "seed of training 0 0",
        "seed of samples 0 0",
    ]
    lines = [row.split() for row in ended.out.splitlines()[5:]]
    shown = {name: [float(cell) for cell in cells if cell != "±"] for name, *cells in lines}
    one, other = (record_of(trained_copy, step) for step in (20, 45))
    assert shown == {
        name: pytest.approx([record[kind][name] for record in (one, other) for kind in ("values", "spread")], rel=0.06)
        for name in one["values"]
    }
    assert tree(trained_copy) == before


def test_protocols_are_not_mixed(trained_copy, call):
    assert call("evaluate", f"--workdir={trained_copy}").code == 0
    record = record_of(trained_copy)
    record["protocol"]["samples"] = 10_000
    (trained_copy / "other.json").write_text(json.dumps(record))
    result = trained_copy / "evaluations" / "grid25-2k" / "45.json"
    ended = call("evaluate", f"--compare={result},{trained_copy / 'other.json'}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"tfgan2: {result} and {trained_copy / 'other.json'} were measured in different ways by grid25-2k: "
        "samples: 2000 and 10000.\n"
    )
    record["protocol"]["name"] = "points-2k"
    (trained_copy / "other.json").write_text(json.dumps(record))
    assert call("evaluate", f"--compare={result},{trained_copy / 'other.json'}").err == (
        f"tfgan2: {result} and {trained_copy / 'other.json'} were measured by different protocols, grid25-2k and "
        "points-2k. Evaluate again with the same --protocol.\n"
    )
    raw = call("evaluate", f"--workdir={trained_copy}", "--step=20", "--averaged=false")
    ended = call("evaluate", f"--compare={result},{raw.out.splitlines()[-1]}")
    assert ended.err.endswith(" were measured in different ways by grid25-2k: averaged: True and False.\n")


def test_several_results_whose_paths_have_commas(trained_copy, call, tmp_path):
    names = ["lr=0.1,seed=1", "lr=0.2,seed=2", "plain"]
    for number, name in enumerate(names):
        output = tmp_path / name / "evaluations" / "grid25-2k" / "45.json"
        assert call("evaluate", f"--workdir={trained_copy}", f"--seed={number}", f"--output={output}").code == 0
    paths = [tmp_path / name / "evaluations" / "grid25-2k" / "45.json" for name in names]
    ended = call("evaluate", *(f"--compare={path}" for path in paths))
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0].split() == [str(tmp_path / name) for name in names]
    assert lines[4].split() == ["seed", "of", "samples", "0", "1", "2"]
    ended = call("evaluate", f"--compare={paths[2]},{paths[2]}")
    assert ended.code == 0 and ended.out.splitlines()[0].split() == [str(tmp_path / "plain")] * 2


def test_a_run_that_may_only_be_read(trained_copy, call, tree, tmp_path, monkeypatch):
    (trained_copy / "evaluations").write_text("not a folder")
    before = tree(trained_copy)
    computed = []
    monkeypatch.setattr(ModesProtocol, "ready", lambda *given, **named: computed.append(given))
    for flags in ((), ("--output=/proc/x.json",), (f"--output={tmp_path / 'folder.json'}",)):
        (tmp_path / "folder.json").mkdir(exist_ok=True)
        ended = call("evaluate", f"--workdir={trained_copy}", *flags)
        assert (ended.code, ended.out, computed) == (74, "", [])
        assert "could not be written: " in ended.err and ended.err.endswith(
            "Or name another file by --output=FILE.json.\n"
        )
    monkeypatch.undo()
    ended = call("evaluate", f"--workdir={trained_copy}", f"--output={tmp_path / 'new' / 'mine.json'}")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[-1] == str(tmp_path / "new" / "mine.json")
    record = json.loads((tmp_path / "new" / "mine.json").read_text())
    assert record["protocol"]["name"] == "grid25-2k" and tree(trained_copy) == before


def test_the_table_is_printed_where_writing_fails(trained_copy, call, full_disk):
    with full_disk(500):
        ended = call("evaluate", f"--workdir={trained_copy}")
    assert ended.code == 74 and "45.json could not be written: File too large" in ended.err
    assert "registered_modes" in ended.out and "45.json" not in ended.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "other.json cannot be read: No such file or directory."),
        ("{", "other.json is not a result of tfgan2.evaluate. Name a file in workdir/evaluations/."),
        ("[1, 2]", "other.json is not a result of tfgan2.evaluate. Name a file in workdir/evaluations/."),
        (
            '{"step": 1, "values": {}}',
            "other.json is not a result of tfgan2.evaluate. Name a file in workdir/evaluations/.",
        ),
        (
            '{"step": 1, "method": "gngan", "protocol": {}, "values": [1]}',
            "other.json is not a result of tfgan2.evaluate. Name a file in workdir/evaluations/.",
        ),
        (b"\xff\xfe", "other.json is not a result of tfgan2.evaluate. Name a file in workdir/evaluations/."),
    ],
)
def test_comparing_what_is_no_result(text, message, call, tmp_path):
    path = tmp_path / "other.json"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    ended = call("evaluate", f"--compare={path},{path}")
    assert (ended.code, ended.out, ended.err) == (2, "", f"tfgan2: {path.parent}/{message}\n")


def test_samples_of_a_file(trained_copy, call, tmp_path):
    path = tmp_path / "samples.npz"
    assert call("sample", f"--workdir={trained_copy}", "--count=2000", f"--output={path}").code == 0
    ended = call("evaluate", f"--samples={path}", "--protocol=grid25-2k")
    assert (ended.code, ended.err) == (0, "")
    record = json.loads((tmp_path / "samples.grid25-2k.json").read_text())
    assert ended.out.splitlines()[0] == f"grid25-2k, {path}"
    assert ended.out.splitlines()[-1] == str(tmp_path / "samples.grid25-2k.json")
    # The same samples by the other way.
    assert call("evaluate", f"--workdir={trained_copy}").code == 0
    of_run = record_of(trained_copy)
    for name in ("values", "real_values", "registered_counts", "seed"):
        assert record[name] == of_run[name]
    assert record["protocol"] == of_run["protocol"] | {"averaged": "unknown"}
    assert record["samples"] == str(path)
    result = trained_copy / "evaluations" / "grid25-2k" / "45.json"
    ended = call("evaluate", f"--compare={tmp_path / 'samples.grid25-2k.json'},{result}")
    assert ended.code == 0 and ended.out.splitlines()[0].split() == [str(path), str(trained_copy)]


def test_a_folder_of_samples_is_resized_as_the_data(call, tmp_path, monkeypatch):
    monkeypatch.setenv("TFGAN2_CACHE", str(tmp_path / "cache"))
    rng = np.random.default_rng(0)
    for folder, count in (("mine", 100), ("real", 20)):
        (tmp_path / folder).mkdir()
        for number in range(count):
            pixels = rng.integers(0, 256, (8 + number % 2, 9, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(tmp_path / folder / f"{number}.png")
    argv = ("evaluate", "--protocol=pixels-halves", f"--dataset=folder:{tmp_path / 'real'}")
    mine = f"--samples={tmp_path / 'mine'}"
    ended = call(*argv, mine, "--data.image_size=6")
    assert (ended.code, ended.err) == (0, "")
    refused = call(*argv, mine)
    assert refused.code == 2 and refused.err.startswith("tfgan2: --data.image_size is None; it must be")


def test_samples_may_have_any_name_or_company(tmp_path):
    samples = np.arange(6.0).reshape(3, 2)
    np.savez(tmp_path / "one.npz", mine=samples)
    np.savez(tmp_path / "two.npz", samples=samples, labels=np.arange(3))
    for name in ("one.npz", "two.npz"):
        np.testing.assert_array_equal(read_samples(tmp_path / name), samples)


def refusal(function, *arguments):
    with pytest.raises(InputError) as caught:
        function(*arguments)
    return str(caught.value)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": np.zeros((3, 2)), "b": np.zeros(3)}, "holds a, b; name the array of samples 'samples'."),
        ({}, "holds nothing; name the array of samples 'samples'."),
        ({"samples": np.array([["a"]])}, "holds samples of type <U1 and shape [1, 1]; give finite real numbers"),
        ({"samples": np.zeros((0, 2))}, "holds samples of type float64 and shape [0, 2]; give finite real numbers"),
        ({"samples": np.zeros(3)}, "holds samples of type float64 and shape [3]; give finite real numbers"),
        ({"samples": np.zeros((3, 8, 8, 1, 1))}, "holds samples of type float64 and shape [3, 8, 8, 1, 1]; give fini"),
        ({"samples": np.array([[np.nan]])}, "holds samples of type float64 and shape [1, 1]; give finite real"),
        ({"samples": np.array([[None]])}, "is not a whole .npz archive of plain arrays (Object arrays cannot"),
    ],
)
def test_files_that_hold_no_samples(arrays, message, tmp_path):
    np.savez(tmp_path / "x.npz", **arrays)
    assert f"{tmp_path / 'x.npz'} {message}" in refusal(read_samples, tmp_path / "x.npz")


def test_files_that_are_no_archive(tmp_path):
    path = tmp_path / "x.npz"
    assert refusal(read_samples, path) == f"--samples={path} cannot be read: No such file or directory."
    assert f"folder:{tmp_path}" in refusal(read_samples, tmp_path)
    np.savez(path, samples=np.random.default_rng(0).normal(size=(100, 2)))
    whole = path.read_bytes()
    for damaged in (b"", b"no archive", whole[:-100], whole[:300] + bytes(100) + whole[400:]):
        path.write_bytes(damaged)
        assert f"--samples={path} is not a whole .npz archive of plain arrays (" in refusal(read_samples, path)
    np.save(tmp_path / "x.npy", np.zeros((3, 2)))
    assert "write it with numpy.savez(FILE, samples=...)" in refusal(read_samples, tmp_path / "x.npy")


@pytest.mark.parametrize("shape", [(2000, 3), (2000, 1)])
def test_samples_of_another_shape(shape, call, tree, tmp_path):
    np.savez(tmp_path / "x.npz", samples=np.zeros(shape))
    before = tree(tmp_path)
    ended = call("evaluate", f"--samples={tmp_path / 'x.npz'}", "--protocol=grid25-2k")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"tfgan2: {tmp_path / 'x.npz'} holds samples of shape {list(shape)}; "
        "grid25-2k takes [2000, 2], in data units.\n"
    )
    assert tree(tmp_path) == before


def test_another_number_of_samples(call, tmp_path):
    np.savez(tmp_path / "x.npz", samples=np.zeros((1999, 2)))
    ended = call("evaluate", f"--samples={tmp_path / 'x.npz'}", "--protocol=grid25-2k")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(
        f"tfgan2: {tmp_path / 'x.npz'} holds 1,999 samples; grid25-2k takes 2,000. Give as many, or choose another "
        "--protocol: modes-2k takes 2,000, "
    )


def test_another_number_of_samples_where_one_protocol_fits(call, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 1), np.uint8)
    np.savez(tmp_path / "data.npz", images=images)
    np.savez(tmp_path / "x.npz", samples=images)
    ended = call("evaluate", f"--samples={tmp_path / 'x.npz'}", f"--dataset=npz:{tmp_path / 'data.npz'}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"tfgan2: {tmp_path / 'x.npz'} holds 20 samples; pixels-halves takes 100. Give as many.\n"


def test_every_protocol_of_points_measures_its_own_data():
    for protocol in PROTOCOLS.values():
        if isinstance(protocol, ModesProtocol) and protocol.dataset is not None:
            points = protocol.published_data()
            record = protocol.ready(points, seed=1)(points.samples[: protocol.samples])
            assert record["real_values"]["registered_modes"] == len(points.centers)
            assert record["protocol"]["radius"] == registration_radius(points.std)
            assert protocol_for(None, points) is protocol_for(protocol.name, points) is protocol
    # The points come mode by mode: the first 2,000 are those of one mode.
    grid = SOURCES["grid25"]()
    record = PROTOCOLS["grid25-2k"].ready(grid, seed=0)(grid.samples[:2000])
    assert record["values"]["registered_modes"] == 1 and 1943 <= record["registered_counts"][0] <= 1983


def test_fewer_points_than_a_protocol_draws():
    few = SOURCES["grid25"](points_per_mode=10)
    record = PROTOCOLS["grid25-2k"].ready(few, seed=0)(np.zeros((2000, 2)))
    assert record["values"]["registered_points"] == 2000  # all at the centre of the middle mode
    assert record["real_values"]["registered_modes"] == 25


def test_protocols_that_are_not_there():
    grid, swiss_roll = SOURCES["grid25"](points_per_mode=1), SOURCES["swiss_roll"](point_count=3)
    names = f"choose one of {', '.join(PROTOCOLS)}."
    assert refusal(protocol_named, "grid25") == f"unknown protocol 'grid25'; did you mean grid25-2k? {names}"
    assert refusal(protocol_for, "nothing", grid) == f"unknown protocol 'nothing'; {names}"
    choose = "Choose one of grid25-2k, modes-2k, points-halves, or leave --protocol out."
    assert refusal(protocol_for, "ring8-2k", grid) == (
        f"the protocol ring8-2k is for ring8, and the data are grid25. {choose}"
    )
    assert refusal(protocol_for, "classifier-10k", grid) == (
        f"the protocol classifier-10k is for images, and the data are grid25. {choose}"
    )
    assert refusal(protocol_for, "modes-2k", swiss_roll).startswith(
        "the protocol modes-2k is for points with known modes, and the data are swiss_roll. "
    )
    assert refusal(protocol_for, None, swiss_roll) == (
        "swiss_roll has 3 points, and points-halves needs 10, as numbers of fewer are chance; take more points."
    )
    with pytest.raises(InputError) as caught:
        PROTOCOLS["points-2k"].ready(swiss_roll, seed=0, resources=None)
    assert str(caught.value) == (
        "swiss_roll has 3 points, and points-2k compares with 2,000; choose another protocol, or take more points."
    )


def test_draws_of_a_loaded_run_are_its_own(trained):
    loaded = tfgan2.load(trained.workdir)
    with loaded.model.averaged():
        expected = loaded.scaling.to_data(loaded.model.generate(loaded.model.latents(1, 10)))
    np.testing.assert_allclose(loaded.sample(10, seed=1), expected, rtol=1e-5, atol=1e-6)
    assert np.abs(loaded.sample(10, seed=1) - loaded.sample(10, seed=2)).max() > 1e-3
