"""Statistics and features of real images from a file, in place of the images."""

import json
from pathlib import Path

import numpy as np
import pytest
from inception_files import write_small_saved_model

from tfgan2 import evaluate
from tfgan2.data.images import ImageSet
from tfgan2.data.synthetic import SOURCES
from tfgan2.errors import InputError
from tfgan2.evaluation import inception_saved_model
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.inception_2015 import inception_2015
from tfgan2.evaluation.protocols import PROTOCOLS
from tfgan2.evaluation.reference_statistics import ReferenceProtocol, read_reference
from tfgan2.metrics.frechet import frechet_distance_of_features
from tfgan2.metrics.inception import inception_score
from tfgan2.metrics.kernel import kernel_distance

RANDOM = np.random.default_rng(0)
REAL, FAKE = (RANDOM.integers(0, most, (40, 6, 6, 3), np.uint8) for most in (256, 200))
SCORES = ("frechet", "kernel", "prd", "inception_score", "reconstructions", "neighbors")


@pytest.fixture
def network(tmp_path, monkeypatch):
    monkeypatch.setattr(inception_saved_model, "FEATURES", 32)
    write_small_saved_model(tmp_path / "network")
    return str(tmp_path / "network")


@pytest.fixture
def few(monkeypatch):
    protocol = PROTOCOLS["gngan-10k5k"]._replace(name="few", generated=40, real=20, scores=SCORES)
    monkeypatch.setitem(PROTOCOLS, "few", protocol)
    return protocol


@pytest.fixture
def real(network, tmp_path):
    """Features of real images, and files of them and of their statistics."""
    features = inception_2015(network).extract(REAL).features
    np.savez(tmp_path / "features.npz", features=features, labels=np.zeros(40))
    double = features.astype(np.float64)
    np.savez(tmp_path / "statistics.npz", mu=double.mean(axis=0), sigma=np.cov(double, rowvar=False))
    return features


def measured(name, network, tmp_path, capsys):
    samples = tmp_path / "samples.npz"
    np.savez(samples, samples=FAKE)
    flags = [f"--samples={samples}", "--protocol=few", f"--inception_path={network}"]
    assert evaluate.main([*flags, f"--reference_statistics={tmp_path / name}"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == str(tmp_path / f"samples.few-{Path(name).stem}.json")
    return json.loads(Path(lines[-1]).read_text()), lines


def test_statistics(network, real, few, tmp_path, capsys):
    record, lines = measured("statistics.npz", network, tmp_path, capsys)
    fake, order = inception_2015(network).extract(FAKE), np.random.default_rng(0).permutation(40)
    assert record["values"] == {
        "fid": pytest.approx(frechet_distance_of_features(fake.features, real), rel=1e-9),
        "inception_score": pytest.approx(inception_score(fake.probabilities[order]).mean),
    }
    assert set(record["spread"]) == set(record["values"]) and record["spread"]["fid"] > 0
    assert "real_values" not in record and "real data" not in lines[1]
    protocol = record["protocol"]
    assert protocol["refused"] == ["kernel", "prd", "reconstructions", "neighbors"]
    for name in ("real", "dataset", "reference_resize", "reference_weights", "averaged"):
        assert protocol[name] == "unknown"
    assert (protocol["name"], protocol["generated"], protocol["reference"]) == (
        *("few", 40),
        "the statistics in statistics.npz",
    )
    assert (
        "generated: 40 against the statistics in statistics.npz, of an unknown number of real images; unknown: "
        "their resizing, and the weights of their network"
    ) in lines
    assert "not computed, for lack of real images or their features: kernel, prd, reconstructions, neighbors" in lines


def test_features(network, real, few, tmp_path, capsys):
    record, lines = measured("features.npz", network, tmp_path, capsys)
    fake = inception_2015(network).extract(FAKE).features
    assert list(record["values"]) == ["fid", "kid", "prd_f8", "prd_f1_8", "inception_score"]
    assert list(record["spread"]) == list(record["values"])
    assert record["values"]["fid"] == pytest.approx(frechet_distance_of_features(fake, real), rel=1e-9)
    assert record["values"]["kid"] == pytest.approx(kernel_distance(fake, real)[0], rel=1e-9)
    assert (record["protocol"]["real"], record["protocol"]["refused"]) == (40, ["reconstructions", "neighbors"])
    assert any("against the features in features.npz, of 40 real images; unknown: their" in line for line in lines)


def test_results_by_other_references_are_not_compared(network, real, few, tmp_path, capsys):
    _, first = measured("statistics.npz", network, tmp_path, capsys)
    np.savez(tmp_path / "others.npz", mu=np.zeros(32), sigma=np.eye(32))
    _, second = measured("others.npz", network, tmp_path, capsys)
    assert evaluate.main([f"--compare={first[-1]},{second[-1]}"]) == 2
    assert "data: " in capsys.readouterr().err


def refusal(path):
    with pytest.raises(InputError) as raised:
        read_reference(path)
    assert str(raised.value).startswith(f"--reference_statistics={path} ")
    return str(raised.value).removeprefix(f"--reference_statistics={path} ")


def test_the_only_array_may_have_any_name(tmp_path):
    np.savez(tmp_path / "mine.npz", arr_0=np.arange(6.0).reshape(3, 2))
    found = read_reference(tmp_path / "mine.npz")
    np.testing.assert_array_equal(sorted(map(tuple, found.features)), [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_allclose(found.covariance, np.full((2, 2), 4.0))


OTHERS = {
    "one array": ({"mu": np.zeros(3)}, "holds mu [3]; it must hold mu [d] and sigma [d, d], or features [n, d] of at"),
    "other shapes": ({"mu": np.zeros(3), "sigma": np.eye(2)}, "holds mu [3], sigma [2, 2]; it must hold mu [d] and"),
    "a single image": ({"features": np.zeros((1, 3))}, "holds features [1, 3]; it must hold"),
    "other names": ({"a": np.zeros((3, 3)), "b": np.zeros(3)}, "holds a, b; it must hold mu [d] and sigma [d, d], or"),
    "nothing": ({}, "holds nothing; it must hold"),
    "no numbers": ({"mu": np.full(2, np.nan), "sigma": np.eye(2)}, "holds other than finite real numbers; fetch or wr"),
    "complex numbers": (
        {"features": np.zeros((3, 3), complex)},
        "holds other than finite real numbers; fetch or write",
    ),
    "objects": ({"mu": np.array([{}], object)}, "is not a whole .npz archive of plain arrays (Object arrays cannot be"),
}


@pytest.mark.parametrize(("arrays", "message"), OTHERS.values(), ids=OTHERS)
def test_files_without_statistics(arrays, message, tmp_path):
    np.savez(tmp_path / "other.npz", **arrays)
    assert refusal(tmp_path / "other.npz").startswith(message)


def test_files_that_cannot_be_read(tmp_path):
    assert refusal(tmp_path / "missing.npz") == "cannot be read: No such file or directory."
    (tmp_path / "text.npz").write_text("hello")
    assert refusal(tmp_path / "text.npz").startswith("is not a whole .npz archive of plain arrays (")


def test_what_does_not_go_together(network, few, tmp_path):
    path = tmp_path / "statistics.npz"
    np.savez(path, mu=np.zeros(8), sigma=np.eye(8))
    reference, flag = read_reference(path), f"--reference_statistics={path}"
    for name in ("grid25-2k", "points-2k", "classifier-1k"):
        with pytest.raises(InputError) as raised:
            ReferenceProtocol(PROTOCOLS[name], reference)
        assert str(raised.value) == (
            f"{flag} is for protocols by an Inception network, such as --protocol=gngan-10k5k; {name} is none."
        )
    with pytest.raises(InputError) as raised:
        ReferenceProtocol(few._replace(scores=("kernel", "precision_recall")), reference)
    assert str(raised.value) == (
        f"{flag} holds statistics, and few measures kernel, precision_recall alone; choose another protocol."
    )
    protocol = ReferenceProtocol(few, reference)
    with pytest.raises(InputError) as raised:
        protocol.ready(None, seed=0, resources=Resources(None, network))
    assert str(raised.value) == (
        f"{flag} is of 8 features, and the network of few-statistics makes 32; give those of the same network."
    )
    with pytest.raises(InputError, match=r"^few-statistics is for images, and the data are grid25\.$"):
        protocol.ready(SOURCES["grid25"](points_per_mode=1), seed=0, resources=Resources(None, network))


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ["--samples=x.npz"],
            "reference_statistics is mine.npz; it must be left out without a --protocol by an Inception network.",
        ),
        (
            ["--compare=a.json,b.json"],
            "reference_statistics is mine.npz; it must be left out with --compare, which measures nothing.",
        ),
        (
            ["--samples=x.npz", "--protocol=p2gan-50k", "--dataset=digits"],
            "dataset is digits; it must be left out with --reference_statistics, which take the place of",
        ),
        (
            ["--workdir=x", "--protocol=p2gan-50k", "--negative_classes=1"],
            "negative_classes is 1; it must be left out with --reference_statistics, which take the place of",
        ),
        (["--samples=x.npz", "--protocol=p2gan"], None),
    ],
)
def test_flags_that_do_not_go_together(flags, message, capsys):
    assert evaluate.main(["--reference_statistics=mine.npz", *flags]) == 2
    error = capsys.readouterr().err
    if message is None:
        assert error.startswith("tfgan2: unknown protocol 'p2gan'")
    else:
        assert error.startswith(f"tfgan2: --{message}")


def test_images_with_opacity(network, real, few, tmp_path):
    """Images with opacity are seen over the background of their dataset."""
    resources = Resources(inception_path=network)
    protocol = ReferenceProtocol(few, read_reference(tmp_path / "statistics.npz"))
    images = np.concatenate([FAKE, np.full((40, 6, 6, 1), 255, np.uint8)], axis=-1)
    images[:, :2, :, 3] = 0
    data = ImageSet("folder:x", images, None, (), background="navy")
    shown = np.where(images[..., 3:] > 0, FAKE, np.uint8((0, 0, 128)))
    found, expected = (
        protocol.ready(each, seed=0, resources=resources)(samples) for each, samples in ((data, images), (None, shown))
    )
    assert found["values"] == expected["values"] and found["protocol"]["background"] == "navy"


@pytest.mark.parametrize("channels", [2, 4])
def test_files_with_other_channels(channels, network, real, few, tmp_path, capsys):
    samples = tmp_path / "samples.npz"
    np.savez(samples, samples=np.zeros((40, 6, 6, channels), np.uint8))
    flags = [f"--samples={samples}", "--protocol=few", f"--inception_path={network}"]
    assert evaluate.main([*flags, f"--reference_statistics={tmp_path / 'statistics.npz'}"]) == 2
    assert capsys.readouterr().err.endswith(
        f"samples.npz holds images with {channels} channels; few-statistics takes 1 or 3. Lay images with opacity over "
        "a colour.\n"
    )
