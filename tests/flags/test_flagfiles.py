"""Flagfiles: where they are found, what they may hold, and the messages about both."""

import pytest

import tfgan2
from tfgan2.errors import InputError
from tfgan2.flags.flagfiles import Token, configs, expand, summary


def write(path, *lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """An installed package with configurations, and a working directory elsewhere."""
    site = tmp_path / "site"
    package = write(site / "tfgan2" / "__init__.py", "")
    monkeypatch.setattr(tfgan2, "__file__", str(package))
    write(site / "tfgan2" / "configs" / "demo.cfg", "# ", "# From the package.", "--seed=1")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return site


def texts(argv):
    return [token.text for token in expand(argv)]


def message_of(argv):
    with pytest.raises(InputError) as error:
        expand(argv)
    return str(error.value)


def test_a_flagfile_stands_for_its_flags(tmp_path):
    path = write(
        tmp_path / "a.cfg", "# comment", "", "  --seed=3  ", "--dry_run", "--name = a b  ", "--x=1 # is a value"
    )
    where = str(path)
    assert expand(["--a", f"--flagfile={path}", "b"]) == [
        Token("--a", ""),
        Token("--seed=3", f"{where}:3"),
        Token("--dry_run", f"{where}:4"),
        Token("--name=a b", f"{where}:5"),
        Token("--x=1 # is a value", f"{where}:6"),
        Token("b", ""),
    ]


def test_spellings(tmp_path):
    path = write(tmp_path / "a.cfg", "--seed=3")
    assert texts(["--flagfile", str(path)]) == texts([f"-flagfile={path}"]) == ["--seed=3"]
    assert texts(["--", f"--flagfile={path}"]) == ["--", f"--flagfile={path}"]


def test_places_that_are_searched(installed, tmp_path, monkeypatch):
    assert texts(["--flagfile=configs/demo.cfg"]) == ["--seed=1"]
    # A folder called configs beside an installed package is someone else's.
    write(installed / "configs" / "demo.cfg", "--seed=2")
    assert texts(["--flagfile=configs/demo.cfg"]) == ["--seed=1"]
    # A repository has a setup.py, and its configurations win.
    write(installed / "setup.py", "")
    assert texts(["--flagfile=configs/demo.cfg"]) == ["--seed=2"]
    # The working directory wins over both, and an absolute path is what it is.
    write(tmp_path / "work" / "configs" / "demo.cfg", "--seed=4")
    assert texts(["--flagfile=configs/demo.cfg"]) == ["--seed=4"]
    assert texts([f"--flagfile={installed}/configs/demo.cfg"]) == ["--seed=2"]


def test_nested_flagfiles_are_relative_to_the_one_that_names_them(installed, tmp_path):
    write(tmp_path / "work" / "base.cfg", "--seed=9")
    write(tmp_path / "elsewhere" / "base.cfg", "--seed=5")
    write(tmp_path / "elsewhere" / "a.cfg", "--first", "--flagfile=base.cfg", "--flagfile=configs/demo.cfg", "--last")
    assert texts(["--flagfile=../elsewhere/a.cfg"]) == ["--first", "--seed=5", "--seed=1", "--last"]
    write(tmp_path / "elsewhere" / "b.cfg", "--flagfile=base.cfg", "--flagfile=base.cfg")
    assert texts(["--flagfile=../elsewhere/b.cfg"]) == ["--seed=5", "--seed=5"]


def test_configs(installed):
    assert configs() == {"configs/demo.cfg": installed / "tfgan2" / "configs" / "demo.cfg"}
    assert summary(configs()["configs/demo.cfg"]) == "From the package."
    write(installed / "tfgan2" / "configs" / "empty.cfg", "--seed=3")
    assert summary(configs()["configs/empty.cfg"]) == ""


def test_parts_that_configurations_share_are_found_and_not_listed(installed, tmp_path):
    shared = write(installed / "tfgan2" / "configs" / "common" / "base.cfg", "--seed=7")
    write(installed / "tfgan2" / "configs" / "own.cfg", "--flagfile=common/base.cfg", "--last")
    assert texts(["--flagfile=configs/own.cfg"]) == ["--seed=7", "--last"]
    assert texts(["--flagfile=configs/common/base.cfg"]) == ["--seed=7"]
    assert set(configs()) == {"configs/demo.cfg", "configs/own.cfg"}
    # A path that leaves the folder of configurations is no name of theirs.
    assert shared.exists() and message_of(["--flagfile=common/base.cfg"]).startswith("there is no flagfile common/")


def test_those_of_this_repository_have_a_summary():
    assert configs(), "no configurations are found"
    assert [name for name, path in configs().items() if not summary(path)] == []


LIST = "`python -m tfgan2.train --list` shows the configurations"


def test_a_missing_file(installed, tmp_path):
    assert message_of(["--flagfile=configs/dmo.cfg"]) == (
        f"there is no flagfile configs/dmo.cfg; did you mean configs/demo.cfg? {LIST}"
    )
    assert message_of(["--flagfile=/x"]) == f"there is no flagfile /x; {LIST}"
    write(tmp_path / "work" / "base.cfg", "--seed=9")
    path = write(tmp_path / "elsewhere" / "a.cfg", "--flagfile=base.cfg")
    # base.cfg of the working directory is not meant.
    assert message_of([f"--flagfile={path}"]) == f"there is no flagfile base.cfg ({path}:1); {LIST}"
    assert message_of(["--flagfile=" + "x" * 300]).endswith(
        "a name is too long; a file or folder has one of at most 255 bytes"
    )
    needs = "--flagfile needs the path of a file, such as --flagfile=configs/demo.cfg"
    assert message_of(["--flagfile="]) == message_of(["--flagfile"]) == needs


def test_a_file_that_includes_itself(tmp_path):
    write(tmp_path / "a.cfg", "--flagfile=b.cfg")
    write(tmp_path / "b.cfg", "--seed=3", "--flagfile=a.cfg")
    assert message_of([f"--flagfile={tmp_path}/a.cfg"]) == (
        f"{tmp_path}/b.cfg:2: --flagfile=a.cfg includes itself; take that line out"
    )


@pytest.mark.parametrize("line", ["seed=3", "-seed=3", "--", "--seed 3", "--data std=3", "// comment"])
def test_a_line_that_is_no_flag(tmp_path, line):
    path = write(tmp_path / "a.cfg", "# ok", line)
    assert message_of([f"--flagfile={path}"]) == (
        f"{path}:2: {line!r} is not a flag; write --flag=value, and # before a comment"
    )


def test_a_file_that_cannot_be_read(tmp_path):
    assert message_of([f"--flagfile={tmp_path}"]) == f"the flagfile {tmp_path} cannot be read: Is a directory"
    (tmp_path / "a.cfg").write_bytes(b"--seed=3\n\xff\xfe")
    assert message_of([f"--flagfile={tmp_path}/a.cfg"]) == (
        f"{tmp_path}/a.cfg is not a text in UTF-8; a flagfile holds one --flag=value a line"
    )
    (tmp_path / "b.cfg").write_bytes("\ufeff--seed=3\r\n".encode())
    assert texts([f"--flagfile={tmp_path}/b.cfg"]) == ["--seed=3"]
