"""tfgan2.export: numbered folders, the chosen weights, and where the model is from."""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

import tfgan2


def served(folder, **inputs):
    signatures = tf.saved_model.load(str(folder)).signatures
    return signatures["generate"](**{name: tf.constant(value, tf.int64) for name, value in inputs.items()})["samples"]


def test_into_the_run_by_default(trained_copy, call):
    # The run itself has written export/1.
    ended = call("export", f"--workdir={trained_copy}")
    assert (ended.code, ended.out, ended.err) == (0, f"{trained_copy / 'export' / '2'}\n", "")
    assert {path.name for path in (trained_copy / "export").iterdir()} == {"1", "2"}
    one, two = (served(trained_copy / "export" / number, count=9, seed=1) for number in ("1", "2"))
    np.testing.assert_array_equal(one, two)


def test_a_finished_run_that_is_started_again_has_one_export(trained, trained_copy, call):
    argv = (*trained.argv, f"--workdir={trained_copy}")
    ended = call("train", *argv)
    assert ended.code == 0, ended.err
    assert f"  SavedModel   {trained_copy / 'export' / '1'}\n" in ended.out
    assert [path.name for path in (trained_copy / "export").iterdir()] == ["1"]
    longer = ("--train_steps=55", "--schedule_steps=45", "--sample_every=0", "--evaluate_every=0")
    assert call("train", *argv, *longer).code == 0
    assert {path.name for path in (trained_copy / "export").iterdir()} == {"1", "2"}


def test_a_step_and_raw_weights_into_a_folder(trained, call, tmp_path):
    flags = (f"--workdir={trained.workdir}", f"--output={tmp_path / 'models'}", "--step=20")
    for number, averaged in (("1", "true"), ("2", "false")):
        ended = call("export", *flags, f"--averaged={averaged}")
        assert (ended.code, ended.out) == (0, f"{tmp_path / 'models' / number}\n")
        origin = json.loads((tmp_path / "models" / number / "assets.extra" / "tfgan2.json").read_text())
        assert (origin["step"], origin["averaged"], origin["method"]) == (20, averaged == "true", "GNGAN")
        assert origin["version"] == tfgan2.__version__
        assert origin["flags"]["gngan.neighbor_weight"] == 1.0 and origin["flags"]["dataset"] == "grid25"
        samples = tfgan2.load(trained.workdir, step=20).sample(30, seed=4, averaged=averaged == "true")
        np.testing.assert_allclose(
            served(tmp_path / "models" / number, count=30, seed=4), samples, rtol=1e-6, atol=1e-6
        )


def test_another_format_has_its_own_folder_and_a_card_with_the_scores(trained_copy, call):
    assert call("evaluate", f"--workdir={trained_copy}").code == 0
    (trained_copy / "evaluations/grid25-2k/44.json").write_text("{}")
    (trained_copy / "evaluations/old").mkdir()
    (trained_copy / "evaluations/old/45.json").write_text('{"step": 45, "averaged": true}')
    ended = call("export", f"--workdir={trained_copy}", "--format=keras")
    assert (ended.code, ended.out, ended.err) == (0, f"{trained_copy / 'export_keras' / '1'}\n", "")
    folder = trained_copy / "export_keras" / "1"
    assert {path.name for path in folder.iterdir()} == {"model.keras", "MODEL_CARD.md", "assets.extra"}
    run = tfgan2.load(trained_copy)
    found = keras.saving.load_model(folder / "model.keras")(run.model.latents(3, 7))
    np.testing.assert_allclose(found, run.sample(7, seed=3), atol=1e-4)
    card = (folder / "MODEL_CARD.md").read_text()
    assert "### grid25-2k" in card and "| registered_modes |" in card and "--gngan.neighbor_weight=1.0" in card
    assert "have not been evaluated" in (trained_copy / "export/1/MODEL_CARD.md").read_text()


def test_a_card_has_the_scores_of_its_own_latents_alone(trained_copy, call):
    assert call("evaluate", f"--workdir={trained_copy}", "--truncation=0.5").code == 0
    for truncation, evaluated in (("1", False), ("0.5", True)):
        flags = (f"--workdir={trained_copy}", "--format=keras", f"--truncation={truncation}")
        ended = call("export", *flags, f"--output={trained_copy / 'models'}")
        card = (Path(ended.out.strip()) / "MODEL_CARD.md").read_text()
        assert ("### grid25-2k" in card) == evaluated and ("have not been evaluated" in card) != evaluated


def test_encodes_and_reconstructs_in_data_units(trained):
    signatures = tf.saved_model.load(str(trained.workdir / "export" / "1")).signatures
    loaded = tfgan2.load(trained.workdir)
    points = loaded.data.samples[::5000]
    with loaded.model.averaged() as model:
        latents = model.encode(loaded.scaling.to_network(points))
        reconstructions = loaded.scaling.to_data(model.generate(latents))
    np.testing.assert_allclose(signatures["encode"](samples=tf.constant(points))["latents"], latents, atol=1e-6)
    answer = signatures["reconstruct"](samples=tf.constant(points))["samples"]
    np.testing.assert_allclose(answer, reconstructions, rtol=1e-6, atol=1e-6)
