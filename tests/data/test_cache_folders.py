"""Where the cache is: for users with a home folder, without one, and without any folder that can be written to."""

import json
import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path

import pytest

from tfgan2.data import cache_folders
from tfgan2.data.cache_folders import cache_folder
from tfgan2.errors import InputError, SettingWarning


@pytest.fixture
def nobody(tmp_path, monkeypatch):
    """A user whom nothing but a folder for temporary files is given."""

    def unknown(number):
        raise KeyError(number)

    for variable in ("HOME", "TFGAN2_CACHE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    cache_folders._temporary_folder.cache_clear()
    yield tmp_path / "temporary" / f"tfgan2-{os.getuid()}"
    cache_folders._temporary_folder.cache_clear()


@pytest.mark.parametrize("home", [None, "/proc/none", "file", "file/below"])
def test_a_user_without_a_home_has_a_temporary_cache(home, nobody, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    if home is not None:
        monkeypatch.setenv("HOME", str(tmp_path / home))
    message = f"no home folder can be written to, so the cache is in {nobody}; --data.cache_dir or the environment"
    with pytest.warns(SettingWarning, match=message) as told:
        assert cache_folder() == cache_folder() == nobody
    assert len(told) == 1 and stat.S_IMODE(nobody.stat().st_mode) == 0o700
    assert cache_folder(tmp_path / "named") == tmp_path / "named"
    monkeypatch.setenv("TFGAN2_CACHE", "named")
    assert cache_folder() == Path("named")


def test_a_temporary_folder_of_another_user_is_not_taken(nobody, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    nobody.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(
        InputError, match=r"there is no folder for the cache: .* is another user's\); name one by --data"
    ):
        cache_folder()


def test_no_folder_at_all(nobody, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/proc/none")
    with pytest.raises(InputError, match=r"one can be written to \(No such file or directory\); name one by --data"):
        cache_folder()


ANYONE = """
import os, sys, tempfile
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(54321)
    os.setuid(54321)
tempfile.tempdir = argv.pop()
for variable in ("HOME", "TFGAN2_CACHE"):
    os.environ.pop(variable, None)
code = train.main(argv)
"""


def test_training_of_images_by_a_user_without_a_home(nursery, tmp_path):
    """The user has no entry in the list of users either, where the tests run as root."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    try:
        argv = ["--method=standard_gan", "--dataset=digits", "--network=mlp", "--network.hidden_units=8"]
        argv += ["--batch_size=16", "--train_steps=20", "--evaluate_every=0", "--sample_every=0"]
        argv += [f"--workdir={folder / 'w'}", str(folder)]
        ended = nursery.start(ANYONE, argv, tmp_path).end()
        assert ended.code == 0, ended.err
        (cache,) = folder.glob("tfgan2-*")
        assert f"so the cache is in {cache};" in ended.err
        assert json.loads(next(cache.glob("digits-*/entry.json")).read_text())["name"] == "digits"
    finally:
        shutil.rmtree(folder)
