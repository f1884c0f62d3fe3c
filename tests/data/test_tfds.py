"""Datasets of TensorFlow Datasets: prepared on disk, absent, damaged, without images. Nothing is downloaded."""

import os
import pwd
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

os.environ.setdefault("NO_GCE_CHECK", "true")

import tensorflow_datasets as tfds

from tfgan2.data.images import load_images
from tfgan2.data.stacked import load_stacked
from tfgan2.data.tfds import DATASETS
from tfgan2.errors import AbsentData, InputError, StorageError

RANDOM = np.random.default_rng(0)


def store(folder, name, version, features, **splits):
    """Writes splits, each a list of examples, as TensorFlow Datasets does."""
    signature = tf.nest.map_structure(lambda spec: tf.TensorSpec(spec.shape, spec.dtype), features.get_tensor_spec())
    datasets = {
        split: tf.data.Dataset.from_generator(lambda examples=examples: iter(examples), output_signature=signature)
        for split, examples in splits.items()
    }
    builder = tfds.dataset_builders.TfDataBuilder(
        name=name, version=version, split_datasets=datasets, features=features, data_dir=folder, disable_shuffling=True
    )
    builder.download_and_prepare()


def image(*shape):
    return RANDOM.integers(0, 256, shape, np.uint8)


@pytest.fixture(scope="module")
def stl10():
    """Examples of a stand-in for STL-10: 96 x 96, most without labels."""
    return {
        "unlabelled": [{"image": image(96, 96, 3), "label": -1} for _ in range(20)],
        "train": [{"image": image(96, 96, 3), "label": row % 10} for row in range(12)],
        "test": [{"image": image(96, 96, 3), "label": 9 - row} for row in range(5)],
    }


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory, stl10):
    folder = tmp_path_factory.mktemp("datasets")
    for name, version, splits in (
        ("stl10", "1.0.0", stl10),
        ("mnist", "3.0.1", {"train": [{"image": image(28, 28, 1), "label": row % 10} for row in range(6)]}),
    ):
        store(folder, name, version, tfds.builder(name, data_dir=folder).info.features, **splits)
    faces = tfds.features.FeaturesDict(
        {
            "attributes": tfds.features.FeaturesDict({"Bald": np.bool_, "Male": np.bool_}),
            "image": tfds.features.Image(shape=(218, 178, 3)),
        }
    )
    of_men = [
        {"attributes": {"Bald": row == 0, "Male": bool(row % 2)}, "image": image(218, 178, 3)} for row in range(5)
    ]
    store(folder, "celeb_a", "2.1.0", faces, train=of_men)
    photographs = tfds.features.FeaturesDict(
        {
            "photograph": tfds.features.Image(shape=(None, None, 3)),
            "kind": tfds.features.ClassLabel(names=["cat", "dog"]),
        }
    )
    of_all_sizes = [{"photograph": image(8 + row, 30 - row, 3), "kind": row % 2} for row in range(10)]
    store(folder, "photographs", "1.2.3", photographs, train=of_all_sizes)
    no_images = tfds.features.FeaturesDict({"x": np.int64, "y": tfds.features.Image(shape=(4, 4, 1), dtype=np.uint16)})
    store(folder, "numbers", "1.0.0", no_images, train=[{"x": 3, "y": image(4, 4, 1).astype(np.uint16)}])
    return str(folder)


def refusal(name, **arguments):
    with pytest.raises(InputError) as raised:
        load_images(name, **arguments)
    return str(raised.value)


def images_of(examples):
    return [example["image"] for example in examples]


def test_stl10_is_its_unlabelled_part(data_dir, stl10):
    found = load_images("stl10", data_dir=data_dir)
    np.testing.assert_array_equal(found.samples, images_of(stl10["unlabelled"]))
    assert found.labels is None and found.class_names == ()
    assert load_images("stl10", data_dir=data_dir, image_size=48).samples.shape == (20, 48, 48, 3)


def test_splits(data_dir, stl10):
    found = load_images("stl10", data_dir=data_dir, split="train")
    np.testing.assert_array_equal(found.samples, images_of(stl10["train"]))
    np.testing.assert_array_equal(found.labels, np.arange(12) % 10)
    assert len(found.class_names) == 10
    found = load_images("stl10", data_dir=data_dir, split="test[1:3]")
    np.testing.assert_array_equal(found.samples, images_of(stl10["test"])[1:3])
    assert found.labels.tolist() == [8, 7]
    found = load_images("tfds:stl10", data_dir=data_dir, split="train+unlabelled")
    assert len(found.samples) == 32 and found.labels is None


def test_grey_images(data_dir):
    found = load_images("mnist", data_dir=data_dir)
    assert found.samples.shape == (6, 28, 28, 1) and found.labels.tolist() == list(range(6))
    assert load_images("mnist", data_dir=data_dir, channels=3, image_size=32).samples.shape == (6, 32, 32, 3)


def test_only_image_and_label_are_read(data_dir):
    found = load_images("celeb_a", data_dir=data_dir, crop_box=(38, 18, 140, 140), image_size=32)
    assert found.samples.shape == (5, 32, 32, 3) and found.labels is None
    assert load_images("celeb_a", data_dir=data_dir).samples.shape == (5, 218, 178, 3)


def test_a_dataset_that_is_only_on_disk(data_dir):
    found = load_images("tfds:photographs", data_dir=data_dir, image_size=8)
    assert found.samples.shape == (10, 8, 8, 3)
    assert found.labels.tolist() == [0, 1] * 5 and found.class_names == ("cat", "dog")
    assert "has images of different sizes. For example image 0 (8 x 30) and image 1 (9 x 29)." in refusal(
        "tfds:photographs", data_dir=data_dir
    )


def test_the_default_folder(data_dir, monkeypatch):
    monkeypatch.setattr(tfds.core.constants, "DATA_DIR", data_dir)
    assert len(load_images("mnist").samples) == 6


def test_changed_files_are_read_anew(data_dir):
    load_images("mnist", data_dir=data_dir)
    (path,) = Path(data_dir, "mnist", "3.0.1").glob("*tfrecord*")
    content = path.read_bytes()
    try:
        os.truncate(path, len(content) - 10)
        message = refusal("mnist", data_dir=data_dir)
        assert message.startswith("mnist: the prepared dataset is damaged (truncated record at ")
        assert message.endswith(f"); delete {data_dir}/mnist/3.0.1 and prepare it again")
        path.unlink()
        assert refusal("mnist", data_dir=data_dir) == (
            f"mnist: the prepared dataset is damaged ({path}: No such file or directory); delete "
            f"{data_dir}/mnist/3.0.1 and prepare it again"
        )
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize("name", DATASETS)
def test_absent_datasets(tmp_path, name):
    message = refusal(name, data_dir=str(tmp_path))
    assert message.startswith(f"{name}: there is no {name}/") and f" in {tmp_path}; --data.download=true" in message
    assert "or name the folder that holds it by --data.data_dir" in message
    assert (name == "imagenet2012") == ("ILSVRC2012_img_train.tar" in message)
    assert (name == "imagenet2012") == (f"files that you put into {tmp_path}/downloads/manual" in message)
    assert not list(tmp_path.glob("[!c]*"))


def test_the_message_for_stl10(tmp_path):
    assert refusal("stl10", data_dir=str(tmp_path)) == (
        f"stl10: there is no stl10/1.0.0 in {tmp_path}; --data.download=true downloads and prepares it, or name the "
        "folder that holds it by --data.data_dir"
    )


def test_configurations(tmp_path):
    for name, full in (("imagenet_resized", "/64x64"), ("imagenet_resized/32x32", "/32x32"), ("mnist:3.0.1", "")):
        assert f"there is no {name.partition('/')[0].partition(':')[0]}{full}/" in refusal(name, data_dir=str(tmp_path))


@pytest.mark.parametrize("error", [ConnectionError("no route"), OSError("no route")])
def test_downloads_that_fail(tmp_path, monkeypatch, error):
    def download_and_prepare(self):
        raise error

    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", download_and_prepare)
    with pytest.raises(StorageError) as raised:
        load_images("cifar10", data_dir=str(tmp_path), download=True)
    assert str(raised.value) == f"cifar10 could not be downloaded and prepared in {tmp_path}: no route"


def test_files_that_must_be_fetched_by_hand(tmp_path):
    message = refusal("imagenet2012", data_dir=str(tmp_path), download=True)
    assert message.startswith(
        f"imagenet2012 could not be prepared in {tmp_path}: Manual directory {tmp_path}/downloads"
    )
    assert "ILSVRC2012_img_train.tar" in message


def test_download_prepares(tmp_path, monkeypatch, stl10):
    def download_and_prepare(self):
        store(tmp_path, "stl10", "1.0.0", self.info.features, unlabelled=stl10["unlabelled"])
        self.__init__(data_dir=tmp_path)

    monkeypatch.setattr(type(tfds.builder("stl10")), "download_and_prepare", download_and_prepare)
    found = load_images("stl10", data_dir=str(tmp_path), download=True)
    np.testing.assert_array_equal(found.samples, images_of(stl10["unlabelled"]))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "tfds:nosuch",
            "tfds:nosuch: TensorFlow Datasets has no 'nosuch'; https://www.tensorflow.org/datasets/catalog lists what "
            "it has, and --data.data_dir may hold datasets of yours",
        ),
        (
            "tfds:huggingface:x",
            "tfds:huggingface:x: TensorFlow Datasets has no 'huggingface:x'; "
            "https://www.tensorflow.org/datasets/catalog lists what it has, and --data.data_dir may hold datasets of "
            "yours",
        ),
        ("tfds:mnist:9.9.9", "tfds:mnist:9.9.9: Dataset mnist cannot be loaded at version 9.9.9, only: 3.0.1."),
        (
            "imagenet_resized/5x5",
            "imagenet_resized/5x5: BuilderConfig 5x5 not found with version 0.1.1. Here are 10 BuilderConfigs whose "
            "name closely match: 16x16:0.1.0 32x32:0.1.0 64x64:0.1.0 8x8:0.1.0",
        ),
        (
            "tfds:glue",
            "tfds:glue has the features idx, label, sentence; there must be one 8-bit image among them, or one called "
            "image",
        ),
        (
            "tfds:numbers",
            "tfds:numbers has the features x, y; there must be one 8-bit image among them, or one called image",
        ),
    ],
)
def test_names_that_are_no_images(data_dir, name, message):
    assert refusal(name, data_dir=data_dir) == message


@pytest.mark.parametrize("split", ["valid", "train[x", "train[:300%]"])
def test_splits_that_do_not_exist(data_dir, split):
    assert refusal("stl10", data_dir=data_dir, split=split) == (
        f"split is {split!r}; it must be one of unlabelled, train, test for stl10, a part of one such as train[:10%], "
        f"or "
        "a sum such as train+test."
    )


def test_absent_data_have_a_shape(tmp_path):
    def shape(name, load=load_images, **arguments):
        with pytest.raises(AbsentData) as raised:
            load(name, data_dir=str(tmp_path), **arguments)
        return raised.value.shape

    assert shape("cifar10") == (32, 32, 3)
    assert shape("mnist") == (28, 28, 1)
    assert shape("celeb_a", image_size=64, channels=1) == (64, 64, 1)
    assert shape("celeb_a", crop_box=(40, 15, 148, 148)) == (148, 148, 3)
    assert shape("imagenet2012") == (None, None, 3)
    assert shape("stacked:mnist", load_stacked, image_size=32) == (32, 32, 3)


def test_an_attribute_makes_classes(data_dir):
    men = load_images("celeb_a", data_dir=data_dir, attribute=("Male",), image_size=16, crop_box=(38, 18, 140, 140))
    assert men.labels.tolist() == [0, 1, 0, 1, 0] and men.class_names == ("not Male", "Male")
    bald = load_images("celeb_a", data_dir=data_dir, attribute=("Bald",), image_size=16, crop_box=(38, 18, 140, 140))
    assert bald.labels.tolist() == [1, 0, 0, 0, 0]
    np.testing.assert_array_equal(bald.samples, men.samples)
    both = load_images("celeb_a", data_dir=data_dir, attribute=("Male", "Bald"), image_size=16)
    assert both.labels.tolist() == [1, 2, 0, 2, 0]
    assert both.class_names == ("not Male, not Bald", "not Male, Bald", "Male, not Bald", "Male, Bald")
    assert load_images("celeb_a", data_dir=data_dir, image_size=16).labels is None
    unknown = refusal("celeb_a", data_dir=data_dir, attribute=("male",))
    assert unknown.startswith("attribute is ('male',); it must be made of 5_o_Clock_Shadow, Arched_")
    assert refusal("photographs", data_dir=data_dir, attribute=("Male",)).startswith("'photographs' names no images")
    assert refusal("tfds:photographs", data_dir=data_dir, attribute=("Male",)) == (
        "attribute is ('Male',); it must be left out, as there are none for tfds:photographs."
    )
    assert refusal("digits", attribute=("Male",)) == (
        "attribute is ('Male',); it must be left out for digits, which has no such option."
    )


@pytest.mark.parametrize("download", [False, True])
def test_a_user_without_a_home_names_the_folder(download, monkeypatch, tmp_path):
    def unknown(number):
        raise KeyError(number)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AbsentData) as raised:
        load_images("mnist", data_dir=Path("~/tensorflow_datasets"), download=download)
    assert str(raised.value) == (
        "mnist: there is no home folder, where ~/tensorflow_datasets would be; name the folder of prepared datasets by "
        "--data.data_dir"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("letter", "[]*?\\")
def test_a_folder_that_tensorflow_reads_as_a_pattern(letter, data_dir, tmp_path):
    folder = tmp_path / f"a{letter}b"
    folder.symlink_to(data_dir)
    assert refusal("mnist", data_dir=folder) == (
        f"data_dir is {str(folder)!r}; it must be a path without {letter}. TensorFlow reads it as part of a pattern. "
        "Rename the folder, or name a link to it."
    )
    (tmp_path / "link").symlink_to(folder)
    assert len(load_images("mnist", data_dir=tmp_path / "link").samples) == 6
