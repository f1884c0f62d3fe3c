"""Checkpoints are complete or absent after a full disk and a kill. Damaged checkpoints are skipped."""

import gc
import re
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfgan2.callbacks.saving import Checkpoints
from tfgan2.errors import InputError, NonFiniteError, StorageError
from tfgan2.methods.standard_gan import StandardGAN
from tfgan2.networks.mlp import MLP
from tfgan2.system import checkpoints

DATA = "state.data-00000-of-00001"


def gan(*, seed=0, width=4, ema_decay=0.9, optimizer=keras.optimizers.Adam, step=0):
    keras.utils.set_random_seed(seed)
    network = MLP(hidden_units=width, hidden_layers=1)
    game = StandardGAN(network.generator((2,)), network.discriminator((2,)))
    game.compile({role: optimizer(1e-3) for role in game.trained_roles}, ema_decay=ema_decay)
    game.step.assign(step)
    return game


def fill(game, value):
    for variable in game.state().values():
        variable.assign(tf.cast(tf.fill(variable.shape, value), variable.dtype))
    return game


def filled_with(game, value):
    return all(np.all(variable.numpy() == value) for variable in game.state().values())


def saved(folder, *steps):
    """A game with a checkpoint of each step, in which all values are equal to the step."""
    game = gan()
    for step in steps:
        checkpoints.save(fill(game, step), folder)
    return game


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def truncate(path):
    path.write_bytes(path.read_bytes()[:20])


DAMAGES = {
    "flipped data": lambda folder: flip_a_byte(folder / DATA),
    "flipped index": lambda folder: flip_a_byte(folder / "state.index"),
    "truncated data": lambda folder: truncate(folder / DATA),
    "truncated index": lambda folder: truncate(folder / "state.index"),
    "empty index": lambda folder: (folder / "state.index").write_bytes(b""),
    "no data": lambda folder: (folder / DATA).unlink(),
    "no index": lambda folder: (folder / "state.index").unlink(),
    "empty folder": lambda folder: [path.unlink() for path in folder.iterdir()],
}


class TestSaveAndRestore:
    def test_the_newest_is_restored(self, tmp_path):
        saved(tmp_path, 5, 10, 100)
        game = gan(seed=1)
        assert checkpoints.restore(game, tmp_path) == 100
        assert filled_with(game, 100)

    def test_a_given_step(self, tmp_path):
        game = saved(tmp_path, 5, 10)
        assert checkpoints.restore(game, tmp_path, step=5) == 5
        assert filled_with(game, 5)

    def test_a_missing_step(self, tmp_path):
        game = saved(tmp_path, 5, 10)
        with pytest.raises(InputError, match=r" has no checkpoint of step 7; it has 5, 10\.$"):
            checkpoints.restore(game, tmp_path, step=7)

    def test_nothing_to_restore(self, tmp_path):
        assert checkpoints.restore(gan(), tmp_path / "nothing") is None
        with pytest.raises(InputError, match=r" has no checkpoint of step 7; it has none\.$"):
            checkpoints.restore(gan(), tmp_path, step=7)

    def test_a_second_save_of_a_step_replaces_the_first(self, tmp_path):
        game = saved(tmp_path, 5)
        fill(game, 6).step.assign(5)
        checkpoints.save(game, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["step_00000005"]
        checkpoints.restore(game, tmp_path)
        assert np.all(game.generator.weights[0].numpy() == 6)

    def test_one_device_and_two_replicas_restore_each_other(self, tmp_path, two_replicas):
        with two_replicas.scope():
            two = gan(seed=1)
        one = saved(tmp_path / "one", 5)
        assert checkpoints.restore(two, tmp_path / "one") == 5
        for variable in two.state().values():
            assert all(np.all(copy.numpy() == 5) for copy in variable.values)
        checkpoints.save(fill(two, 6), tmp_path / "two")
        assert checkpoints.restore(one, tmp_path / "two") == 6
        assert filled_with(one, 6)

    def test_other_names_are_ignored(self, tmp_path):
        saved(tmp_path, 5)
        for name in ("step_7", "step_00000009.copy", "best"):
            (tmp_path / name).mkdir()
        assert checkpoints.saved_steps(tmp_path) == [5]


class TestDamage:
    @pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
    def test_a_damaged_checkpoint_is_reported_and_the_one_before_restored(self, damage, tmp_path):
        game, reports = saved(tmp_path, 5, 10), []
        damage(tmp_path / "step_00000010")
        assert checkpoints.restore(fill(game, 0), tmp_path, report=reports.append) == 5
        assert filled_with(game, 5)
        (report,) = reports
        path = re.escape(str(tmp_path / "step_00000010"))
        assert re.fullmatch(rf"the checkpoint {path} is damaged \([^\n]+\)\.", report)

    def test_damage_is_printed_by_default(self, tmp_path, capsys):
        game = saved(tmp_path, 5, 10)
        DAMAGES["flipped data"](tmp_path / "step_00000010")
        checkpoints.restore(game, tmp_path)
        assert "step_00000010 is damaged" in capsys.readouterr().out

    def test_all_checkpoints_are_damaged(self, tmp_path):
        game, reports = saved(tmp_path, 5, 10), []
        for folder in tmp_path.iterdir():
            DAMAGES["truncated data"](folder)
        with pytest.raises(InputError, match=r" has no readable checkpoint \(tried steps: 10, 5\)\. Restore"):
            checkpoints.restore(game, tmp_path, report=reports.append)
        assert len(reports) == 2

    def test_a_given_step_is_damaged(self, tmp_path):
        game = saved(tmp_path, 5, 10)
        DAMAGES["no index"](tmp_path / "step_00000010")
        with pytest.raises(InputError, match=r" has no readable checkpoint \(tried steps: 10\)\."):
            checkpoints.restore(game, tmp_path, step=10, report=lambda _: None)


class TestOtherRuns:
    @pytest.mark.parametrize(
        "other",
        [{"width": 5}, {"ema_decay": 0.0}, {"optimizer": keras.optimizers.SGD}],
        ids=["wider", "without averages", "other optimizer"],
    )
    @pytest.mark.parametrize("saved_first", [True, False], ids=["saved by one", "saved by the other"])
    def test_other_variables_are_rejected(self, other, saved_first, tmp_path):
        first, second = (gan(), gan(**other)) if saved_first else (gan(**other), gan())
        checkpoints.save(first, tmp_path)
        message = r"_00000000 does not match this run: \S+ is .* in the checkpoint and .* in the run\. Use the flags"
        with pytest.raises(InputError, match=message):
            checkpoints.restore(second, tmp_path)

    def test_networks_are_restored_without_step_and_optimizers(self, tmp_path):
        saved(tmp_path, 5, 10)
        game = gan(seed=1, optimizer=keras.optimizers.SGD, step=3)
        kept = {name: v.numpy() for name, v in game.state().items() if name == "step" or name.startswith("optimizer/")}
        assert checkpoints.restore_networks(game, tmp_path) == 10
        for name, variable in game.state().items():
            np.testing.assert_array_equal(variable.numpy(), kept.get(name, 10), err_msg=name)
        assert any(name.startswith("average/") for name in game.state())

    def test_networks_of_another_width_are_rejected_in_one_line(self, tmp_path, caplog):
        saved(tmp_path, 5)
        with pytest.raises(InputError, match="step_00000005 does not match this run: ") as error:
            checkpoints.restore_networks(gan(width=5), tmp_path)
        assert "\n" not in str(error.value) and ".." not in str(error.value)
        del error
        gc.collect()  # TensorFlow warns of values that were not restored when it deletes the checkpoint object.
        assert caplog.text == ""

    def test_networks_from_nowhere(self, tmp_path):
        with pytest.raises(InputError, match=r" has no checkpoint to start from\. Name the workdir of a run that"):
            checkpoints.restore_networks(gan(), tmp_path)

    @pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
    def test_networks_from_a_damaged_checkpoint(self, damage, tmp_path):
        game = saved(tmp_path, 5)
        damage(tmp_path / "step_00000005")
        with pytest.raises(InputError, match=r"step_00000005 is damaged \([^\n]+\)\.$"):
            checkpoints.restore_networks(game, tmp_path)


class TestErrors:
    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_a_value_that_is_not_finite_is_not_saved(self, value, tmp_path):
        game = gan(step=8)
        game.generator.weights[0].assign(tf.fill(game.generator.weights[0].shape, value))
        with pytest.raises(NonFiniteError, match=r"^generator/000/kernel is not finite after step 7\.$"):
            checkpoints.save(game, tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_a_full_disk_leaves_no_incomplete_checkpoint(self, tmp_path, full_disk):
        game = saved(tmp_path, 5)
        fill(game, 6)
        message = rf"^{re.escape(str(tmp_path))}/step_00000006 could not be written: .+\. Free space or correct the "
        with full_disk(1000), pytest.raises(StorageError, match=message):
            checkpoints.save(game, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["step_00000005"]
        assert checkpoints.restore(game, tmp_path) == 5

    def test_a_full_disk_that_tensorflow_reports(self, tmp_path, monkeypatch):
        def write(self, path):
            (tmp_path / ".step_00000000.unfinished" / DATA).write_bytes(b"half")
            raise tf.errors.ResourceExhaustedError(None, None, "No space left on device\nand so on")

        monkeypatch.setattr(tf.train.Checkpoint, "write", write)
        with pytest.raises(StorageError, match=r"step_00000000 could not be written: No space left on device\. Free"):
            checkpoints.save(gan(), tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_a_file(self, tmp_path):
        (tmp_path / "file").touch()
        with pytest.raises(StorageError, match="step_00000000 could not be written: "):
            checkpoints.save(gan(), tmp_path / "file")

    def test_cadence_and_count(self, tmp_path):
        with pytest.raises(ValueError, match=r"^keep is 0; it must be at least 1\.$"):
            Checkpoints(tmp_path, every=1, keep=0)
        with pytest.raises(ValueError, match=r"^every is -1; "):
            Checkpoints(tmp_path, every=-1)


class TestKill:
    def test_an_unfinished_checkpoint_is_ignored_and_the_next_save_removes_it(self, tmp_path):
        game = saved(tmp_path, 5)
        for name in (".step_00000006.unfinished", ".step_00000009.unfinished"):
            shutil.copytree(tmp_path / "step_00000005", tmp_path / name)
            (tmp_path / name / "state.index").unlink()
        assert checkpoints.restore(game, tmp_path, report=pytest.fail) == 5
        checkpoints.save(fill(game, 6), tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["step_00000005", "step_00000006"]

    def test_a_run_that_goes_on_removes_what_is_unfinished(self, tmp_path):
        game = saved(tmp_path, 5)
        shutil.copytree(tmp_path / "step_00000005", tmp_path / ".step_00000003.unfinished")
        callback = Checkpoints(tmp_path, every=0)
        callback.set_model(game)
        callback.on_train_begin()
        assert [path.name for path in tmp_path.iterdir()] == ["step_00000005"]

    @pytest.mark.parametrize("stage", ["write", "rename"])
    def test_killed_while_saving(self, stage, tmp_path, monkeypatch):
        class Killed(BaseException):
            """Stands for SIGKILL, after which no code of the process runs."""

        game = saved(tmp_path, 5)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)
            if stage == "write":
                patch.setattr(tf.train.Checkpoint, "write", _raise(Killed))
            else:
                patch.setattr("pathlib.Path.rename", _raise(Killed))
            with pytest.raises(Killed):
                checkpoints.save(fill(game, 6), tmp_path)
        assert checkpoints.restore(game, tmp_path, report=pytest.fail) == 5
        checkpoints.save(fill(game, 6), tmp_path)
        assert checkpoints.restore(game, tmp_path) == 6

    def test_killed_while_removing_an_old_one(self, tmp_path, monkeypatch):
        game = saved(tmp_path, 5, 6)
        callback = callback_of(game, tmp_path, every=1, keep=1)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "rmtree", lambda *_, **__: None)
            fill(game, 7)
            callback.on_train_batch_end(7)
        # The folders still exist, but their names are not names of checkpoints.
        assert checkpoints.saved_steps(tmp_path) == [7]
        fill(game, 8)
        callback.on_train_batch_end(8)
        assert [path.name for path in tmp_path.iterdir()] == ["step_00000008"]


def _raise(error):
    def raising(*arguments, **keywords):
        raise error

    return raising


def callback_of(game, folder, **arguments):
    callback = Checkpoints(folder, **arguments)
    callback.set_model(game)
    return callback


class TestCallback:
    def test_saves_at_the_cadence_and_at_the_end_and_keeps_the_newest(self, tmp_path):
        game = gan()
        callback = callback_of(game, tmp_path, every=4, keep=2)
        callback.on_train_begin()
        kept = []
        for step in (2, 4, 6, 8, 10, 12, 14):
            fill(game, step)
            callback.on_train_batch_end(step)
            kept.append(checkpoints.saved_steps(tmp_path))
        callback.on_train_end()
        kept.append(checkpoints.saved_steps(tmp_path))
        assert kept == [[], [4], [4], [4, 8], [4, 8], [8, 12], [8, 12], [12, 14]]
        assert checkpoints.restore(gan(seed=1), tmp_path) == 14

    def test_cadence_0_saves_at_the_end_only(self, tmp_path):
        game = gan()
        callback = callback_of(game, tmp_path, every=0)
        callback.on_train_begin()
        for step in (1, 2):
            fill(game, step)
            callback.on_train_batch_end(step)
        assert checkpoints.saved_steps(tmp_path) == []
        callback.on_train_end()
        assert checkpoints.saved_steps(tmp_path) == [2]

    def test_the_end_does_not_save_a_step_again(self, tmp_path):
        game = gan(step=4)
        callback = callback_of(game, tmp_path, every=4)
        callback.on_train_begin()
        callback.on_train_batch_end(4)
        index = tmp_path / "step_00000004" / "state.index"
        before = index.stat().st_ino
        callback.on_train_end()
        assert index.stat().st_ino == before

    def test_a_damaged_checkpoint_of_a_later_step_is_removed(self, tmp_path):
        game = saved(tmp_path, 5, 10)
        DAMAGES["flipped data"](tmp_path / "step_00000010")
        assert checkpoints.restore(game, tmp_path, report=lambda _: None) == 5
        callback = callback_of(game, tmp_path, every=5, keep=1)
        callback.on_train_begin()
        assert checkpoints.saved_steps(tmp_path) == [5]
        fill(game, 10)
        callback.on_train_batch_end(10)
        callback.on_train_end()
        assert checkpoints.saved_steps(tmp_path) == [10]
        assert checkpoints.restore(gan(seed=1), tmp_path, report=pytest.fail) == 10


class TestBest:
    def best_of(self, steps):
        worth = {4: 1, 8: 3, 10: 5, 16: 5, 20: 2}  # Other steps have no measurement.
        return max((step for step in sorted(steps) if step in worth), key=worth.get, default=None)

    def play(self, folder, steps, *, keep=1):
        game = gan(step=steps[0])
        callback = callback_of(game, folder, every=4, keep=keep, best=self.best_of)
        callback.on_train_begin()
        kept = []
        for step in steps[1:]:
            fill(game, step)
            callback.on_train_batch_end(step)
            kept.append(checkpoints.saved_steps(folder))
        callback.on_train_end()
        return kept

    def test_the_best_is_saved_and_kept(self, tmp_path):
        # Step 10 is the best, although it is not a multiple of 4. Step 16 is equally good, but later.
        kept = self.play(tmp_path, range(0, 22, 2))
        assert kept == [[], [4], [4], [8], [10], [10, 12], [10, 12], [10, 16], [10, 16], [10, 20]]
        assert (tmp_path / "best").readlink().as_posix() == "step_00000010"
        game = gan(seed=1)
        assert checkpoints.restore_best(game, tmp_path) == 10 and filled_with(game, 10)
        assert checkpoints.restore(game, tmp_path) == 20

    def test_a_resumed_run_has_the_same_best(self, tmp_path):
        self.play(tmp_path / "never", range(0, 22, 2), keep=2)
        # The run was killed after the link to step 8 and before the link to step 10.
        self.play(tmp_path / "killed", range(0, 10, 2), keep=2)
        checkpoints.save(fill(gan(), 10), tmp_path / "killed")
        self.play(tmp_path / "killed", range(10, 22, 2), keep=2)
        for folder in ("never", "killed"):
            assert checkpoints.restore_best(gan(), tmp_path / folder) == 10
            assert checkpoints.saved_steps(tmp_path / folder) == [10, 16, 20]

    def test_the_best_is_kept_without_further_measurements(self, tmp_path):
        self.play(tmp_path, range(0, 14, 2))
        game = saved(tmp_path, 14)
        callback = callback_of(game, tmp_path, every=1, keep=1)
        callback.on_train_begin()
        callback.on_train_batch_end(fill(game, 15).global_step)
        assert checkpoints.saved_steps(tmp_path) == [10, 15]
        assert checkpoints.restore_best(gan(), tmp_path) == 10

    def test_a_copy_of_a_run_has_a_folder_instead_of_the_link(self, tmp_path):
        self.play(tmp_path / "run", range(0, 14, 2))
        shutil.copytree(tmp_path / "run", tmp_path / "copy")
        assert not (tmp_path / "copy" / "best").is_symlink()
        assert checkpoints.restore_best(gan(), tmp_path / "copy") == 10
        self.play(tmp_path / "copy", range(12, 16, 2))
        assert (tmp_path / "copy" / "best").readlink().as_posix() == "step_00000010"
        assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["best", "step_00000010", "step_00000014"]

    def test_the_best_is_damaged(self, tmp_path):
        self.play(tmp_path, range(0, 14, 2))
        DAMAGES["flipped data"](tmp_path / "best")
        with pytest.raises(InputError, match=r"/step_00000010 is damaged \([^\n]+\)\.$"):
            checkpoints.restore_best(gan(), tmp_path)

    def test_there_is_no_best(self, tmp_path):
        saved(tmp_path, 5, 10)
        with pytest.raises(InputError, match=r" has no best checkpoint; it has those of steps 5, 10\. Train with"):
            checkpoints.restore_best(gan(), tmp_path)

    def test_a_full_disk(self, tmp_path, monkeypatch):
        saved(tmp_path, 5)
        monkeypatch.setattr("pathlib.Path.symlink_to", _raise(OSError(28, "No space left on device")))
        with pytest.raises(StorageError, match=r"/best could not be written: No space left on device\."):
            checkpoints.mark_best(tmp_path, 5)
