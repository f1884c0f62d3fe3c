"""tfgan2.report: one page of a run, for points and images, with and without data, checkpoints and evaluations."""

import json
import os
import shutil
import subprocess

import numpy as np
import pytest
from pages import Page
from PIL import Image

from tfgan2.flags.run_flags import RUN_FLAGS

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox")
WARNING = {"name": "modes_lost", "level": "warning", "active": True, "text": "5 modes <lost>", "advice": "Try more."}
CLASSES = ("<i>", "b & c")
IMAGES = (
    *("--method=acgan", "--network=mlp", "--network.hidden_units=4", "--network.output_activation=sigmoid"),
    *("--batch_size=4", "--steps_per_execution=1", "--train_steps=2", "--log_every=1", "--evaluate_every=0"),
)


@pytest.fixture(scope="module")
def points(trained, call, tmp_path_factory):
    """A folder called <b> with a run on points, its evaluation, a warning and its page."""
    workdir = tmp_path_factory.mktemp("points") / "<b>"
    shutil.copytree(trained.workdir, workdir)
    assert call("evaluate", f"--workdir={workdir}").code == 0
    with open(workdir / "metrics.jsonl", "a") as log:
        log.write(json.dumps({"step": 45, "kind": "warning", "wall_time": 1.8e9, "values": WARNING}) + "\n")
    ended = call("report", f"--workdir={workdir}")
    assert (ended.code, ended.out) == (0, f"{workdir}/report.html\n"), ended.err
    return workdir


@pytest.fixture(scope="module")
def images(call, tmp_path_factory):
    """A run on images of two classes. The names of the classes have characters with a meaning in HTML."""
    folder = tmp_path_factory.mktemp("images")
    pixels = np.random.default_rng(0).integers(0, 256, (24, 8, 8, 3), np.uint8)
    for place, image in enumerate(pixels):
        (folder / "data" / CLASSES[place % 2]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / "data" / CLASSES[place % 2] / f"{place}.png")
    argv = [*IMAGES, f"--dataset=folder:{folder / 'data'}", f"--workdir={folder / 'run'}"]
    ended = call("train", *argv)
    assert ended.code == 0, ended.err
    return folder


def page_of(workdir, call, tmp_path, *argv):
    output = tmp_path / "page.html"
    ended = call("report", f"--workdir={workdir}", f"--output={output}", *argv)
    assert (ended.code, ended.out) == (0, f"{output}\n"), ended.err
    return Page(output.read_text(encoding="utf-8"))


def test_a_page_of_points(points):
    text = (points / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert len(text) < 5e6
    assert page.texts("h1") == ["<b>"] and page.texts("title") == ["<b> – tfgan2"]
    titles = ["Warnings", "Samples", "Pictures over time", "Nearest training samples", "Reconstructions", "Scores"]
    assert page.texts("h2") == page.texts("a") == [*titles, "Curves", "Commands", "Flags"]
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts["Steps"] == "45 of 45" and facts["Checkpoint"] == "step 45"
    assert facts["Data"] == "grid25: 50,000 points of 2 dimensions" and facts["Method"].startswith(
        "gngan: An autoencoder"
    )
    assert "(h:min:s), from 20" in facts["Training time"]
    assert "5 modes <lost>" in page.section("warnings") and "Try more." in page.section("warnings")
    assert page.section("samples").strip().startswith("Samples\nSamples by the averaged weights of step 45, drawn with")
    assert "Of 500 samples, none equals a training sample." in page.section("neighbors")
    assert len(page.pictures("image/svg+xml")) >= 5
    assert any("losses of the players from step 10 to step 45" in each["alt"] for each, _ in page.all("img"))


def test_scores_beside_those_of_real_data(points):
    page = Page((points / "report.html").read_text(encoding="utf-8"))
    record = json.loads((points / "evaluations" / "grid25-2k" / "45.json").read_text())
    assert "grid25-2k, step 45, averaged weights, seed 0" in page.texts("h3")
    cells = [text for attributes, text in page.all("td") if attributes["data-title"] == "generated"]
    assert [float(cell.split()[0]) for cell in cells] == pytest.approx(list(record["values"].values()), rel=1e-5)
    assert "Number of modes with enough registered samples." in page.section("scores")
    assert "registered_modes: modes with at least 20 of 2,000 samples" in page.section("scores")


def test_flags_and_commands(points):
    page = Page((points / "report.html").read_text(encoding="utf-8"))
    assert {"--ema_decay", "--seed"} <= set(page.texts("th"))
    others = page.texts("details")[0]
    assert "--seed" in others and "--ema_decay" not in others and "--network.hidden_units" not in others
    lines = "\n".join(page.texts("code")).splitlines()
    place = f"--workdir='{points}'"
    commands = RUN_FLAGS.keys() - {"compare", "doctor"}
    assert {line.split()[2] for line in lines} == {f"tfgan2.{command}" for command in commands}
    assert all(place in line for line in lines)


def test_equal_runs_give_equal_pages(points, call, tmp_path):
    output = tmp_path / "again.html"
    assert call("report", f"--workdir={points}", f"--output={output}").code == 0
    assert output.read_bytes() == (points / "report.html").read_bytes()


def test_a_page_of_labelled_images_without_evaluation(images, call, tmp_path):
    page = page_of(images / "run", call, tmp_path)
    assert "The run has not been evaluated yet." in page.section("scores")
    assert page.section("reconstructions") is None and page.section("warnings") is None
    assert "A row of generated images for each of the 2 classes: <i>, b & c." in page.section("samples")
    assert "By pixels: the 8 of 24 samples that are nearest" in page.section("neighbors")
    alts = [attributes["alt"] for attributes, _ in page.all("img")]
    assert "Sheet of 144 generated images, 12 in a row." in alts and "Real and generated images at step 2." in alts


def test_a_page_without_the_data(images, call, tmp_path):
    (images / "data").rename(images / "moved")
    try:
        page = page_of(images / "run", call, tmp_path, "--step=2")
    finally:
        (images / "moved").rename(images / "data")
    assert "This needs the data of the run, which cannot be read: " in page.section("neighbors")
    assert "A row of generated images for each" in page.section("samples")


def test_a_network_for_points(points, call, tmp_path):
    ended = call("report", f"--workdir={points}", "--feature_network=x.pth", f"--output={tmp_path / 'x.html'}")
    message = "tfgan2: --feature_network compares images, and grid25 are points; leave it out.\n"
    assert ended == (2, "", message) and list(tmp_path.iterdir()) == []


def test_a_run_before_its_first_checkpoint(trained_copy, call, tmp_path):
    shutil.rmtree(trained_copy / "checkpoints")
    (trained_copy / "samples" / "evolution.png").write_bytes(b"cut")
    flagfile = trained_copy / "flags.cfg"
    flagfile.write_text(flagfile.read_text().replace("--train_steps=45", "--train_steps=90"))
    page = page_of(trained_copy, call, tmp_path)
    assert "no checkpoint yet" in page.section("samples") and "no checkpoint yet" in page.section("neighbors")
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert (facts["Steps"], facts["Checkpoint"]) == ("45 of 90, unfinished", "none yet")
    assert page.pictures("image/svg+xml") and "Step 45" in page.texts("figcaption")


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason=f"none of {', '.join(BROWSERS)} is installed")
@pytest.mark.parametrize("width", [500, 1280])
def test_in_a_browser(points, width, tmp_path):
    browser = next(filter(None, map(shutil.which, BROWSERS)))
    shown, page = tmp_path / "shown.png", (points / "report.html").as_uri()
    if "firefox" in browser:
        options = ["--headless", "--profile", tmp_path, "--screenshot", shown, f"--window-size={width},4000"]
    else:
        options = ["--headless", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={tmp_path}"]
        options += [f"--screenshot={shown}", f"--window-size={width},4000"]
        options += ["--no-sandbox"] * (os.geteuid() == 0)
    subprocess.run([browser, *options, page], check=True, capture_output=True, timeout=120)
    with Image.open(shown) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape[1] == width
    # The picture of points has the colour of generated points.
    assert (np.abs(pixels.astype(int) - [0xD5, 0x5E, 0x00]).max(axis=2) < 40).sum() > 100
