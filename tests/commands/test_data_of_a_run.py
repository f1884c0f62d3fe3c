"""A run and its data: moved, gone, damaged or changed, and what each command still does."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

import tfgan2
from tfgan2.data.kinds import IMAGES

ARGV = (
    *("--method=distgan", "--network=mlp", "--network.hidden_units=4", "--network.output_activation=sigmoid"),
    *("--batch_size=4", "--steps_per_execution=1", "--log_every=0", "--sample_every=0", "--evaluate_every=0"),
    "--jit=off",
)


def pictures(folder, count=20, seed=0):
    """A folder with pictures of 8 x 8 pixels in two sub-folders."""
    random = np.random.default_rng(seed)
    for index in range(count):
        path = folder / ("cats", "dogs")[index % 2] / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (8, 8), np.uint8)).save(path)


@pytest.fixture(scope="module")
def finished(call, tmp_path_factory):
    """A folder with the pictures `plain` and the run `run` on them. Not to be written to."""
    root = tmp_path_factory.mktemp("finished")
    pictures(root / "plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TFGAN2_CACHE", str(root / "cache"))
        patch.chdir(root)
        ended = call("train", *ARGV, "--dataset=folder:plain", "--train_steps=2", "--workdir=run")
        assert ended.code == 0, ended.err
        assert call("sample", "--workdir=run", "--output=before.npz").code == 0
    return root


@pytest.fixture
def root(finished, tmp_path, monkeypatch):
    """A copy of it that may be written to, as the working directory, with a cache that is empty."""
    shutil.copytree(finished, tmp_path / "root", ignore=shutil.ignore_patterns("cache"))
    flags = tmp_path / "root" / "run" / "flags.cfg"
    flags.write_text(flags.read_text().replace(str(finished), str(tmp_path / "root")))
    monkeypatch.chdir(tmp_path / "root")
    return tmp_path / "root"


def arrays(path):
    with np.load(path) as archive:
        return {name: archive[name] for name in archive.files}


def gone(root):
    (root / "plain").rename(root / "elsewhere")


def corrupt(root):
    (root / "plain" / "cats" / "added.png").write_bytes(b"\x89PNG no picture")


def changed(root):
    pictures(root / "plain", count=22)


@pytest.mark.parametrize("become", [gone, changed])
def test_what_needs_no_data(root, call, tmp_path, monkeypatch, become):
    become(root)
    monkeypatch.chdir(tmp_path)
    run = ("--workdir=root/run",)
    ended = call("sample", *run, "--output=after.npz")
    assert (ended.code, ended.err) == (0, "")
    np.testing.assert_array_equal(arrays("after.npz")["samples"], arrays("root/before.npz")["samples"])
    assert call("sample", *run, "--output=after.png").code == 0
    assert call("export", *run, "--output=exported").code == 0
    given = ("--samples=after.npz", "--count=3")
    for task in ("encode", "reconstruct", "interpolate"):
        assert call("sample", *run, f"--task={task}", "--output=x.npz", *given).code == 0
    assert tfgan2.load("root/run").sample(2).shape == (2, 8, 8, 1)


@pytest.mark.parametrize(
    ("become", "message"),
    [
        (gone, "folder:{root}/plain cannot be read ({root}/plain: No such file or directory); name a folder with "
               "images\n"
               "This needs the data of the run. If they have moved, run its training command with their new place. "
               "The run then keeps this place. Sampling and exporting need no data."),
        (corrupt, "folder:{root}/plain: 1 of 21 files cannot be used:\n  cats/added.png is "),
        (changed, "root/run was trained on other data than these:\n"
                  "  --dataset: was 20 images of 8 x 8 x 1, now 22 images of 8 x 8 x 1\n"),
    ],
)  # fmt: skip
def test_what_needs_the_data_says_so(root, call, tmp_path, monkeypatch, become, message):
    become(root)
    monkeypatch.chdir(tmp_path)
    for command in (
        ("sample", "--task=encode", "--output=x.npz"),
        ("sample", "--task=reconstruct", "--output=x.png"),
        ("evaluate",),
    ):
        ended = call(*command, "--workdir=root/run")
        assert (ended.code, ended.out) == (2, ""), ended
        assert ended.err.startswith("tfgan2: " + message.format(root=root)), ended.err
    assert not (tmp_path / "x.npz").exists() and not (root / "run" / "evaluations").exists()


def test_data_are_compared_by_content(root, call, tmp_path, monkeypatch, differing):
    (root / "link").symlink_to(root / "plain")
    shutil.copytree(root / "plain", tmp_path / "moved")  # with other times
    places = ("link", "../moved", "~/plain")
    monkeypatch.setenv("HOME", str(root))
    for step, place in enumerate(places, start=3):
        ended = call("train", *ARGV, f"--dataset=folder:{place}", f"--train_steps={step}", "--workdir=run")
        assert ended.code == 0, ended.err
    assert f"--dataset=folder:{root}/plain\n" in (root / "run" / "flags.cfg").read_text()
    never = ("--train_steps=5", "--schedule_steps=2", "--workdir=never")
    assert call("train", *ARGV, "--dataset=folder:plain", *never).code == 0
    assert differing("run", "never") == []
    # The run knows the new place, also in another folder.
    shutil.rmtree(root / "plain")
    moved = call("train", *ARGV, "--dataset=folder:../moved", "--train_steps=5", "--workdir=run")
    assert moved.code == 0, moved.err
    monkeypatch.chdir("/")
    assert len(tfgan2.load(root / "run").data.samples) == 20


def replaced(root):
    random = np.random.default_rng(9)
    Image.fromarray(random.integers(0, 256, (8, 8), np.uint8)).save(root / "plain" / "cats" / "0.png")


def sorted_otherwise(root):
    (root / "plain" / "cats" / "0.png").rename(root / "plain" / "dogs" / "0.png")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (changed, "--dataset: was 20 images of 8 x 8 x 1, now 22 images of 8 x 8 x 1"),
        (replaced, "--dataset: 20 images of 8 x 8 x 1 as before, with other content or in another order"),
        (sorted_otherwise, "--dataset: 20 images of 8 x 8 x 1 as before, with other content or in another order"),
    ],
)
def test_other_data_are_refused(root, call, tree, change, line):
    change(root)
    before = tree(root / "run")
    ended = call("train", *ARGV, "--dataset=folder:plain", "--train_steps=3", "--workdir=run")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "tfgan2: run was trained on other data than these:",
        f"  {line}",
        "Restore the former data, or start a new run on these data from its weights by --init_from=run.",
    ]
    assert tree(root / "run") == before


def test_a_new_run_on_other_data_starts_from_the_weights(root, call):
    changed(root)
    new = ("--dataset=folder:plain", "--train_steps=1", "--workdir=new", "--init_from=run")
    assert call("train", *ARGV, *new).code == 0


def test_a_corrupt_file_that_is_left_out_changes_nothing(root, call):
    flags = (*ARGV, "--dataset=folder:plain", "--data.skip_corrupt=true", "--workdir=skipping")
    assert call("train", *flags, "--train_steps=1").code == 0
    corrupt(root)
    assert call("train", *flags, "--train_steps=2").code == 0


def test_the_file_itself(root, call):
    path = root / "run" / "data.json"
    assert str(root) not in path.read_text()
    facts = tfgan2.load("run").facts
    assert (facts.kind, facts.shape, facts.class_names) == (IMAGES, (8, 8, 1), ("cats", "dogs"))
    content = path.read_text()
    path.write_text(content.replace('"scale": 1.0', '"scale": 2.0'))
    train = ("train", *ARGV, "--dataset=folder:plain", "--train_steps=2", "--workdir=run")
    message = (
        "tfgan2: run/data.json is damaged (its checksum is wrong); delete it and run the training command again to "
        "write it.\n"
    )
    for command in (("sample", "--workdir=run", "--output=x.npz"), ("export", "--workdir=run"), train):
        assert call(*command)[:3:2] == (2, message)
    path.unlink()
    ended = call("sample", "--workdir=run", "--output=x.npz")
    assert (ended.code, ended.err) == (
        2,
        "tfgan2: run has no data.json with the facts about its data. Run its training command again to write it.\n",
    )
    assert call(*train).code == 0 and path.read_text() == content


def test_a_picture_of_points_without_them(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("points.npz", points=np.random.default_rng(0).normal(size=(300, 2)))
    argv = ("--method=standard_gan", "--dataset=npz:points.npz", "--batch_size=10", "--steps_per_execution=1")
    argv += ("--sample_every=0", "--network.hidden_units=4", "--train_steps=1", "--workdir=run")
    assert call("train", *argv).code == 0
    assert call("sample", "--workdir=run", "--output=with.png") == (0, "with.png\n", "")
    (tmp_path / "points.npz").unlink()
    ended = call("sample", "--workdir=run", "--output=without.png")
    assert ended.code == 0
    assert ended.err.startswith("tfgan2: the picture is without real points: npz:")
    shown, alone = (np.asarray(Image.open(name).convert("RGB")) for name in ("with.png", "without.png"))
    assert shown.shape == alone.shape and np.any(shown != alone)


def test_an_export_tells_classes_and_no_folders(root, call):
    assert call("export", "--workdir=run", "--output=exported").code == 0
    text = (root / "exported" / "1" / "assets.extra" / "tfgan2.json").read_text()
    told = json.loads(text)
    assert str(root) not in text and told["flags"]["dataset"] == "folder:plain"
    assert told["class_names"] == ["cats", "dogs"] and len(told["data"]["--dataset"]) == 64
