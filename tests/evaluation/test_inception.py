"""The Inception networks, by stand-ins of the same interface: what they are asked, and what is refused."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.data.images import ImageSet
from tfgan2.errors import InputError
from tfgan2.evaluation import inception_2015 as module_2015
from tfgan2.evaluation import inception_keras as module_keras
from tfgan2.evaluation import inception_saved_model
from tfgan2.evaluation import panel as panel_module
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.feature_protocol import FeatureProtocol
from tfgan2.evaluation.inception_2015 import inception_2015
from tfgan2.evaluation.inception_keras import inception_keras
from tfgan2.metrics.inception import inception_score

RANDOM = np.random.default_rng(0)
TO_FEATURES = RANDOM.normal(size=(3, 2048)).astype(np.float32)
TO_LOGITS = RANDOM.normal(size=(2048, 1008)).astype(np.float32) / 40
GREY = RANDOM.integers(0, 256, (5, 8, 8, 1), np.uint8)


class StandIn(tf.Module):
    """Features are random combinations of the mean colour."""

    def __init__(self, features=2048, classes=1008):
        super().__init__()
        self.to_features = tf.Variable(TO_FEATURES[:, :features])
        self.to_logits = tf.Variable(TO_LOGITS[:features, :classes])

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def __call__(self, images):
        features = tf.reduce_mean(images, [1, 2]) @ self.to_features
        return {"pool_3": features, "logits": features @ self.to_logits}


class OnlyASignature(StandIn):
    __call__ = None

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def serve(self, anything):
        return StandIn.__call__.python_function(self, anything)


@pytest.fixture
def folder(tmp_path):
    # TensorFlow reads this path as a pattern.
    tf.saved_model.save(StandIn(), str(tmp_path / "inception [2015]"))
    return tmp_path / "inception [2015]"


def expected(images):
    """What the stand-in makes of images, by NumPy."""
    positions = np.arange(299) * images.shape[1] / 299
    below = positions.astype(int)
    above, share = np.minimum(below + 1, images.shape[1] - 1), positions - below
    values = images.astype(np.float64)
    rows = values[:, below] * (1 - share)[:, None, None] + values[:, above] * share[:, None, None]
    resized = rows[:, :, below] * (1 - share)[:, None] + rows[:, :, above] * share[:, None]
    features = np.repeat((resized.mean(axis=(1, 2)) - 128) / 128, 3 // images.shape[-1], axis=-1) @ TO_FEATURES
    exponentials = np.exp(features @ TO_LOGITS)
    return features, exponentials / exponentials.sum(axis=1, keepdims=True)


def check(extractor):
    features, probabilities = expected(GREY)
    found = extractor.extract(GREY)
    np.testing.assert_allclose(found.features, features, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(found.probabilities, probabilities, rtol=1e-3)
    assert (extractor.title, extractor.record["extractor"]) == ("inception-tf2015", "inception-tf2015")


def test_a_saved_model(folder):
    check(inception_2015(str(folder)))


def test_a_saved_model_with_a_signature_only(tmp_path):
    model = OnlyASignature()
    tf.saved_model.save(model, str(tmp_path / "served"), signatures={"serving_default": model.serve})
    check(inception_2015(str(tmp_path / "served")))


class Biased(StandIn):
    """As TensorFlow's hub has it: features [n, 1, 1, 2048], logits with a bias; the matrix is a constant."""

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def __call__(self, images):
        features = tf.reduce_mean(images, [1, 2]) @ tf.constant(TO_FEATURES)
        logits = features @ tf.constant(TO_LOGITS) + tf.linspace(-3.0, 3.0, 1008)
        return {"pool_3": features[:, None, None], "logits": logits}


class Convolved(StandIn):
    """The logits are a 1 x 1 convolution."""

    def __init__(self):
        super().__init__()
        self.to_logits = tf.Variable(TO_LOGITS[None, None])
        self.bias = tf.Variable(tf.ones(1008))

    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def __call__(self, images):
        features = (tf.reduce_mean(images, [1, 2]) @ self.to_features)[:, None, None]
        logits = tf.nn.bias_add(tf.nn.conv2d(features, self.to_logits, 1, "SAME"), self.bias)
        return {"pool_3": features, "logits": logits[:, 0, 0]}


@pytest.mark.parametrize("model", [Biased, Convolved])
def test_a_saved_model_whose_logits_have_a_bias(model, tmp_path):
    tf.saved_model.save(model(), str(tmp_path / "biased"))
    check(inception_2015(str(tmp_path / "biased")))


class Squared(StandIn):
    @tf.function(input_signature=[tf.TensorSpec([None, 299, 299, 3], tf.float32)])
    def __call__(self, images):
        found = StandIn.__call__.python_function(self, images)
        return found | {"logits": found["logits"] ** 2}


def test_a_saved_model_whose_logits_are_no_product(tmp_path):
    tf.saved_model.save(Squared(), str(tmp_path / "squared"))
    assert refusal(inception_2015, str(tmp_path / "squared")) == (
        f"--inception_path={tmp_path / 'squared'}: its logits are not the product of pool_3 and a matrix [2048, 1008] "
        "that it holds, plus a bias; the Inception network of 2015 has one."
    )


def test_the_hash_is_that_of_all_files(folder):
    one = inception_2015(str(folder)).record
    assert one == inception_2015(str(folder)).record
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / "more").write_bytes(b"x")
    assert inception_2015(str(folder)).record["weights"] != one["weights"]


def test_a_protocol_with_it(cache, monkeypatch, tmp_path):
    folder = tmp_path / "inception"
    tf.saved_model.save(StandIn(features=32), str(folder))
    monkeypatch.setattr(inception_saved_model, "FEATURES", 32)  # distances of 2,048 take long
    labels = np.arange(160, dtype=np.int32) % 10
    images = RANDOM.integers(0, 20, (160, 4, 4, 3), np.uint8) + (20 * labels[:, None, None, None]).astype(np.uint8)
    data = ImageSet("folder:/data/mine", images, labels, tuple("0123456789"))
    scores = ("frechet", "kernel", "inception_score", "inception_score_1000", "prd")
    protocol = FeatureProtocol("tiny", "inception_tf2015", scores, 40, 100)
    resources = Resources(inception_path=str(folder))
    record = protocol.ready(data, seed=0, resources=resources)(images[:40])
    names = ["fid", "kid", "inception_score", "inception_score_1000", "prd_f8", "prd_f1_8"]
    assert list(record["values"]) == list(record["real_values"]) == names
    assert list(record["spread"]) == list(record["real_spread"]) == names
    # The score of the images in any order; its error is a third of the deviation over ten splits.
    again = protocol.ready(data, seed=0, resources=resources)(images[:40])
    assert again["values"] == record["values"]
    features = inception_2015(str(folder)).extract(images[:40])
    score = inception_score(features.probabilities[np.random.default_rng(0).permutation(40)])
    found = record["values"]["inception_score"], 3 * record["spread"]["inception_score"]
    assert found == pytest.approx(score)
    assert record["protocol"]["weights"] == inception_2015(str(folder)).record["weights"]
    (kept,) = cache.iterdir()
    assert kept.name.startswith("inception-tf2015-mine-")
    # Real images are asked once: whatever they would be now, they are those in the cache.
    monkeypatch.setattr(module_2015, "_prepared", lambda images: tf.zeros([tf.shape(images)[0], 299, 299, 3]))
    again = protocol.ready(data, seed=0, resources=resources)(images[:40])
    assert again["real_values"] == record["real_values"] and again["values"] != record["values"]


def test_scores_by_it_as_a_run_goes_on(monkeypatch, tmp_path):
    monkeypatch.setattr(inception_saved_model, "FEATURES", 32)
    monkeypatch.setattr(panel_module, "_BY_INCEPTION", 40)
    tf.saved_model.save(StandIn(features=32), str(tmp_path / "inception"))
    images = RANDOM.integers(0, 256, (120, 4, 4, 3), np.uint8)
    data = ImageSet("folder:/data/mine", images, None, ())
    arguments = {"scores": ("frechet", "inception_score"), "resources": Resources(None, str(tmp_path / "inception"))}
    panel = panel_module.panel_for(data, best_metric="fid", **arguments)
    assert (panel.modes, panel.covered, panel.samples, set(panel.best)) == (0, None, 40, {"fid", "inception_score"})
    near, far = (panel.measure(images[:40] / np.float32(scale)) for scale in (255, 510))
    assert set(near) == {"fid", "inception_score"} and near["fid"] < far["fid"]
    labels = np.arange(120, dtype=np.int32) % 2
    told_apart = (images // 2 + (100 * labels)[:, None, None, None]).astype(np.uint8)
    labelled = data._replace(samples=told_apart, labels=labels, class_names=("a", "b"))
    panel = panel_module.panel_for(labelled, **arguments)
    found = panel.measure(images[:40] / np.float32(255))
    assert {"fid", "inception_score", "modes_covered", "share_of_a"} < set(found) and panel.modes == 2
    with pytest.raises(InputError, match=r"'classifier_score' is none of classes, .*, inception_score, "):
        panel_module.panel_for(labelled, **arguments | {"scores": ("classifier_score",)})
    with pytest.raises(InputError, match=r"^--inception_path=nowhere does not exist; "):
        panel_module.panel_for(data, scores=("frechet",), resources=Resources(None, "nowhere"))


def refusal(function, path):
    with pytest.raises(InputError) as raised:
        function(path)
    return str(raised.value)


def test_without_a_path_it_is_told_what_to_fetch_and_where_to_put_it():
    message = refusal(inception_2015, None)
    assert message.startswith(
        "FID needs the Inception network of 2015, which is not part of this program: fetch "
        "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth "
    )
    assert "its SHA-256 begins with 6726825d" in message and "PyTorch is not needed" in message
    for other in ("inception-2015-12-05.pt ", "classify_image_graph_def.pb", "SavedModel"):
        assert other in message


def test_paths_without_a_network(tmp_path):
    missing, empty, text = tmp_path / "missing", tmp_path / "empty", tmp_path / "text.pb"
    empty.mkdir()
    text.write_text("no graph")
    assert refusal(inception_2015, str(missing)).startswith(f"--inception_path={missing} does not exist; fetch https")
    assert refusal(inception_2015, str(empty)).startswith(f"--inception_path={empty} is not a readable SavedModel")
    assert refusal(inception_2015, str(text)).startswith(f"--inception_path={text} is not a readable frozen graph")


def test_damaged_weights(folder):
    for path in (folder / "variables").glob("*.data*"):
        path.write_bytes(path.read_bytes()[:100])
    assert f"--inception_path={folder} is not a readable SavedModel" in refusal(inception_2015, str(folder))


def test_networks_with_another_interface(tmp_path):
    tf.saved_model.save(StandIn(features=64), str(tmp_path / "small"))
    assert refusal(inception_2015, str(tmp_path / "small")) == (
        f"--inception_path={tmp_path / 'small'} is not the Inception network of 2015: of 3 images [3, 299, 299, 3] in "
        "[-1, 1] it has to make a dict of pool_3 [3, 2048] and logits [3, 1008], and this came: [(3, 64), (3, 1008)]."
    )
    tf.saved_model.save(StandIn(classes=1000), str(tmp_path / "fewer"))
    assert refusal(inception_2015, str(tmp_path / "fewer")).startswith(
        f"--inception_path={tmp_path / 'fewer'} tells 1,000 classes apart, and the Inception network of 2015 tells "
        "1,008; fetch https://"
    )
    tf.saved_model.save(tf.Module(), str(tmp_path / "nothing"))
    assert "can neither be called nor has serving_default" in refusal(inception_2015, str(tmp_path / "nothing"))
    path = tmp_path / "other.pb"
    path.write_bytes(tf.Graph().as_graph_def().SerializeToString())
    assert "is a graph of another network: it has no operation Mul, pool_3, " in refusal(inception_2015, str(path))


@pytest.fixture
def small(monkeypatch):
    """Keras' network is a small one with the same arguments."""

    def build(include_top, weights, pooling, input_shape):
        assert (include_top, pooling, input_shape) == (False, "avg", (80, 80, 3))
        if weights == "imagenet":
            raise Exception("URL fetch failure on https://somewhere: None")
        network = keras.Sequential(
            [keras.Input(input_shape), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(6)]
        )
        return network

    monkeypatch.setattr(module_keras.keras.applications, "InceptionV3", build)
    return build


def test_keras_network(small, tmp_path):
    path = tmp_path / "network.weights.h5"
    network = small(False, None, "avg", (80, 80, 3))
    network.save_weights(path)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        extractor = inception_keras(str(path))
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")
    found = extractor.extract(np.repeat(GREY[:, :1, :1], 9, axis=1).repeat(9, axis=2))
    assert found.probabilities is None and found.features.dtype == np.float32
    kernel, _ = network.get_weights()
    means = np.repeat(GREY[:, 0, 0].astype(np.float64) / 127.5 - 1, 3, axis=-1)
    np.testing.assert_allclose(found.features, means @ kernel, rtol=1e-4, atol=1e-5)
    assert inception_keras(str(path)).record == extractor.record


def test_weights_that_cannot_be_had(small, tmp_path):
    assert refusal(inception_keras, None).startswith(
        "this protocol needs the ImageNet weights of Keras' InceptionV3, which are not part of this program: with a "
        "network --inception_path=imagenet downloads them once (84 MB); without one, copy inception_v3_weights_"
    )
    missing = tmp_path / "missing.weights.h5"
    assert refusal(inception_keras, str(missing)) == (
        f"--inception_path={missing} is not a file. Name a file of weights, or imagenet to download them."
    )
    damaged, other = tmp_path / "damaged.weights.h5", tmp_path / "other.weights.h5"
    damaged.write_bytes(b"hello")
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(5)]).save_weights(other)
    for path in (damaged, other, Path("imagenet")):
        assert f"--inception_path={path}: the weights of Keras' InceptionV3 cannot be loaded (" in refusal(
            inception_keras, path
        )
