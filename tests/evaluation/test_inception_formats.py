"""The Inception network of 2015 in full size and random weights, in every format that people have."""

import ctypes
import gc
import json
import shutil

import numpy as np
import pytest
import tensorflow as tf
from inception_files import Inception, write_old_pth, write_pth, write_saved_model, write_torchscript

from tfgan2.errors import InputError
from tfgan2.evaluation import inception_torch, protocols
from tfgan2.evaluation.inception_2015 import inception_2015
from tfgan2.evaluation.inception_network import inception_network
from tfgan2.evaluation.inception_torch import published_tensors

IMAGES = np.random.default_rng(1).integers(0, 256, (2, 40, 24, 3), np.uint8)

# Of the same weights and images by torch-fidelity 0.4.0 with PyTorch 2.14, which read the file of `write_old_pth`.
FEATURES = [
    [0.21525795757770538, 2.960253953933716, 2.2689645290374756, 1.5548088550567627],
    [0.19234895706176758, 2.9541444778442383, 2.5578866004943848, 1.4710114002227783],
]
SUMS, LARGEST = [3572.018798828125, 3558.0341796875], 16.73841094970703
PROBABILITIES = [
    [0.0005952573264949024, 0.0001358804729534313, 1.430013344361214e-05, 5.714586677640909e-06],
    [0.0005936646484769881, 0.000138801071443595, 1.4218176147551276e-05, 6.3036118262971286e-06],
]


@pytest.fixture(autouse=True)
def released():
    """Frees the networks of a test. Each has 100 MB, is part of a cycle, and leaves memory that the C library keeps."""
    yield
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


@pytest.fixture(scope="module")
def inception():
    return Inception(seed=0)


@pytest.fixture(scope="module")
def files(inception, tmp_path_factory):
    folder = tmp_path_factory.mktemp("inception")
    write_pth(folder / "new.pth", inception.weights)
    write_old_pth(folder / "old.pth", inception.weights)
    write_torchscript(folder / "script.pt", inception)
    (folder / "classify_image_graph_def.pb").write_bytes(inception.graph.SerializeToString())
    write_saved_model(inception, folder / "saved")
    yield folder
    shutil.rmtree(folder)  # half a gigabyte


@pytest.mark.parametrize("name", ["old.pth", "classify_image_graph_def.pb", "saved"])
def test_features_and_probabilities_are_those_of_torch_fidelity(name, files):
    found = inception_2015(files / name).extract(IMAGES)
    np.testing.assert_allclose(found.features[:, :4], FEATURES, rtol=0, atol=1e-4 * LARGEST)
    np.testing.assert_allclose(found.features.sum(axis=1), SUMS, rtol=1e-5)
    assert found.features.max() == pytest.approx(LARGEST, rel=1e-5)
    # Of logits without the bias; with it, the largest probability would change by .2.
    np.testing.assert_allclose(found.probabilities[:, :4], PROBABILITIES, rtol=1e-4)
    np.testing.assert_allclose(found.probabilities.max(axis=1), [0.1353, 0.1401], atol=1e-4)


def test_the_graph_of_these_tests_is_one_that_tensorflow_2_cannot_run(inception):
    """As the published one: made for one image, and with batch norm that is there no longer."""
    names = [node.name for node in inception.graph.node]

    def run(first, last, name, placeholder, shape):
        nodes = inception.graph.node[names.index(first) : names.index(last) + 1]
        part = tf.compat.v1.GraphDef(node=nodes, versions=inception.graph.versions)
        function = lambda x: tf.graph_util.import_graph_def(part, {f"{placeholder}:0": x}, [f"{name}:0"])  # noqa: E731
        return tf.function(function, autograph=False)(tf.zeros(shape))

    with pytest.raises(ValueError, match=r"Cannot reshape a tensor with 4096 elements to shape \[1,2048\]"):
        run("pool_3/_reshape/shape", "softmax", "softmax", "pool_3", [2, 1, 1, 2048])
    with pytest.raises(tf.errors.UnimplementedError):
        run("conv/conv2d_params", "conv", "conv", "Mul", [1, 299, 299, 3])


def test_weights_in_files_of_pytorch(inception, files):
    for name in ("new.pth", "old.pth"):
        found = published_tensors(files / name)
        assert list(sorted(found)) == sorted(inception.weights)
        assert all(np.array_equal(found[key], value) for key, value in inception.weights.items())
    found = published_tensors(files / "script.pt")
    assert sorted(found) == sorted(inception.weights)
    for key, value in inception.weights.items():
        # TorchScript's batch norm has no scale.
        np.testing.assert_array_equal(found[key], np.ones_like(value) if key.endswith("bn.weight") else value)


def without(weights, *names):
    return {name: array for name, array in weights.items() if name not in names}


OTHERS = {
    "no classes": (
        lambda weights: without(weights, "fc.bias"),
        "1 tensors (such as fc.bias) are missing, 0 tensors are unknown.",
    ),
    "torchvision's": (
        lambda weights: weights | {"AuxLogits.fc.bias": np.zeros(1000, np.float32)},
        "0 tensors are missing, 1 tensors (such as AuxLogits.fc.bias) are unknown.",
    ),
    "1,000 classes": (
        lambda weights: weights | {"fc.bias": weights["fc.bias"][:1000]},
        "fc.bias has the shape [1000] in place of [1008].",
    ),
    "the order of axes of TensorFlow": (
        lambda weights: weights | {"Conv2d_1a_3x3.conv.weight": np.zeros((3, 3, 3, 32), np.float32)},
        "Conv2d_1a_3x3.conv.weight has the shape [3, 3, 3, 32] in place of [32, 3, 3, 3].",
    ),
    "another network": (
        lambda weights: {"layer1.0.conv1.weight": np.zeros((64, 64, 3, 3), np.float32)},
        "472 tensors (such as Conv2d_1a_3x3.bn.bias) are missing, 1 tensors (such as layer1.0.conv1.weight) are",
    ),
    "a state dict within another": (
        lambda weights: {f"state_dict.{name}": array for name, array in weights.items()},
        "472 tensors (such as Conv2d_1a_3x3.bn.bias) are missing, 472 tensors (such as state_dict.Conv2d_1a_3x3.bn",
    ),
}


@pytest.fixture(scope="module")
def built():
    return inception_network()


@pytest.fixture
def built_once(built, monkeypatch):
    """For files that are refused: the Keras network is built once, as it takes seconds."""
    monkeypatch.setattr(inception_torch, "inception_network", lambda: built)


@pytest.mark.parametrize(("change", "what"), OTHERS.values(), ids=OTHERS)
def test_other_weights(change, what, inception, built_once, tmp_path):
    # Of the right shapes, and all zero: small in memory, and that of no network.
    weights = {name: np.broadcast_to(np.float32(0), array.shape) for name, array in inception.weights.items()}
    path = tmp_path / "other.pth"
    write_pth(path, change(weights))
    with pytest.raises(InputError) as raised:
        inception_2015(path)
    assert what in str(raised.value)
    assert str(raised.value).startswith(
        f"--inception_path={path} holds other weights than the Inception network of 2015, which has 1,008 classes and "
        "no auxiliary classifier: "
    )
    path.unlink()


def test_weights_that_are_no_numbers(inception, built_once, tmp_path):
    path = tmp_path / "damaged.pth"
    variance = np.full(32, -1, np.float32)
    write_pth(path, inception.weights | {"Conv2d_1a_3x3.bn.running_var": variance})
    with pytest.raises(InputError) as raised:
        inception_2015(path)
    assert str(raised.value) == (f"--inception_path={path} holds numbers that are not finite, or variances below 0.")


def graph_without(inception, *names):
    graph = tf.compat.v1.GraphDef()
    graph.MergeFrom(tf.compat.v1.GraphDef(node=[node for node in inception.graph.node if node.name not in names]))
    return graph


def test_graphs_of_other_networks(inception, tmp_path):
    path = tmp_path / "other.pb"
    path.write_bytes(graph_without(inception, "Mul", "softmax/logits/MatMul").SerializeToString())
    with pytest.raises(InputError) as raised:
        inception_2015(path)
    assert str(raised.value) == (
        f"--inception_path={path} is a graph of another network: it has no operation Mul, softmax/logits/MatMul; take "
        "classify_image_graph_def.pb."
    )
    path.write_bytes(graph_without(inception, "mixed_10/join").SerializeToString())
    with pytest.raises(InputError, match=r"and this came: Node 'pool_3': Unknown input node 'mixed_10/join'\.$"):
        inception_2015(path)


@pytest.mark.slow
def test_a_distance(files, call_evaluate, tmp_path, monkeypatch):
    """`tfgan2.evaluate` measures a few images by the network in full size. All formats give it the same features."""
    # FID itself would take a minute of decompositions of 2,048 x 2,048 numbers.
    protocol = protocols.PROTOCOLS["gngan-10k5k"]._replace(name="few", generated=4, real=4, scores=("kernel",))
    monkeypatch.setitem(protocols.PROTOCOLS, "few", protocol)
    samples = tmp_path / "samples.npz"
    np.savez(samples, samples=np.random.default_rng(0).integers(0, 256, (4, 8, 8, 1), np.uint8))
    flags = [f"--samples={samples}", "--dataset=digits", "--protocol=few", f"--inception_path={files / 'old.pth'}"]
    assert call_evaluate(flags) == 0
    record = json.loads((tmp_path / "samples.few.json").read_text())
    assert record["values"]["kid"] > 10 * abs(record["real_values"]["kid"])


@pytest.fixture
def call_evaluate():
    from tfgan2 import evaluate

    return evaluate.main
