"""The headers of configurations: their fields, their commands, and the list that is made from them."""

import ast
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tfgan2 import flags

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = sorted(path.stem for path in (ROOT / "configs").glob("*.cfg"))
COMMON = sorted(path.stem for path in (ROOT / "configs" / "common").glob("*.cfg"))
SECTIONS = ["data", "networks", "method", "optimizers", "run"]


@pytest.fixture
def configurations(tool):
    return tool("configurations")


def text_of(name):
    return (ROOT / "configs" / f"{name}.cfg").read_text(encoding="utf-8")


def flags_of(text):
    return [line for line in text.splitlines() if line.startswith("--") and not line.startswith("--flagfile=")]


def included(text):
    return re.findall(r"^--flagfile=common/(\w+)\.cfg$", text, re.MULTILINE)


@pytest.mark.parametrize("name", CONFIGS)
def test_fields(configurations, name):
    fields = configurations.fields(name)
    assert set(configurations.REQUIRED) <= set(fields) <= {*configurations.REQUIRED, *configurations.OPTIONAL}
    assert all(fields.values()) and configurations.title(name).endswith(".")
    assert re.search(r"\b(AAAI|CVPR|ECCV|ICLR|ICML|IJCAI|NeurIPS) \d{4}\b", fields["Paper"])
    assert re.search(r"\b(seconds?|minutes?|hours?)\b", fields["Time"], re.IGNORECASE)
    assert re.search(r"\b(core|cores|GPU)\b", fields["Time"])
    assert fields["Measured"].startswith("Not measured") or re.search(r"\b(results/\w+)\.md", fields["Measured"])
    texts = [text for field, text in fields.items() if field not in ("Command", "Variants")]
    assert all(text.endswith(".") and (text[0].isupper() or text[0].isdigit()) for text in texts)


@pytest.mark.parametrize("name", CONFIGS)
def test_commands_run_as_written(configurations, name, monkeypatch):
    monkeypatch.chdir(ROOT)
    commands = configurations.fields(name)["Command"]
    assert any(f"--flagfile=configs/{name}.cfg" in command for command in commands)
    for command in commands:
        if command.startswith("make "):
            assert re.search(rf"^{command.split()[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
            continue
        python, option, module, *argv = shlex.split(command)
        assert (python, option, module) == ("python", "-m", "tfgan2.train")
        settings = flags.parse("train", argv)
        assert settings.workdir.parent == Path("runs")


@pytest.mark.parametrize("name", CONFIGS)
def test_the_files_that_it_names_exist(name):
    named = re.findall(r"\b(?:configs|results)/[\w/]+\.(?:cfg|md|json|png)\b", text_of(name))
    assert [path for path in named if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("name", [*CONFIGS, *(f"common/{name}" for name in COMMON)])
def test_flags_stand_in_their_sections(name):
    """In the order of the sections, and no flag is given with a value that it has already.

    A line `#: ...` is the reason of the flags below it.
    """
    text = text_of(name)
    body = text.partition("\n\n")[2]
    found = re.findall(r"^# (\w+)$", body, re.MULTILINE)
    assert found == [section for section in SECTIONS if section in found]
    for part in re.split(r"^# ", body, flags=re.MULTILINE)[1:]:
        section, *lines = part.split("\n")
        for flag in (line for line in lines if line and not line.startswith("#: ")):
            assert section_of(flag) == section, flag
    shared = [flag for common in included(text) for flag in flags_of(text_of(f"common/{common}"))]
    given = [*shared, *flags_of(text)]
    assert len(set(given)) == len(given)


def section_of(flag):
    name = flag[2:].partition("=")[0]
    group = name.partition(".")[0]
    if group in ("dataset", "data", "negative_dataset", "auxiliary_dataset"):
        return "data"
    if group in ("network", "backbone"):
        return "networks"
    if group in ("optimizer", "optimizers_per"):
        return "optimizers"
    return "method" if group == "method" or "." in name else "run"


def test_common_parts_are_shared(configurations):
    """Each is included by two configurations or more, or turns two or more into a variant."""
    uses = dict.fromkeys(COMMON, 0)
    for name in CONFIGS:
        variants = configurations.variants(name).values()
        used = {Path(flag).stem for given in variants for flag in given if flag.startswith("--flagfile=")}
        for common in {*included(text_of(name)), *used}:
            uses[common] += 1
    assert [common for common, count in uses.items() if count < 2] == []
    assert all(text_of(f"common/{common}").startswith("# ") for common in COMMON)


def test_the_package_has_all_of_them():
    patterns = re.search(r'"tfgan2\.configs": (\[.*?\])\}', (ROOT / "setup.py").read_text())[1]
    files = [str(path.relative_to(ROOT / "configs")) for path in (ROOT / "configs").rglob("*.cfg")]
    assert [file for file in files if not any(fnmatch(file, pattern) for pattern in ast.literal_eval(patterns))] == []


def test_the_list_is_up_to_date(configurations):
    found = configurations.LIST.read_text(encoding="utf-8")
    assert found == configurations.text_of_list(), "run tools/configurations.py"
    assert all(f"| [{name}]({name}.cfg): " in found for name in CONFIGS)


def test_a_line_without_a_field_is_refused(configurations, tmp_path, monkeypatch):
    monkeypatch.setattr(configurations, "CONFIGS", tmp_path)
    path = tmp_path / "a.cfg"
    path.write_text("# Title.\n# Paper: One,\n#   two.\n# Command:\n#   first\n#   second\n\n--seed=1\n")
    assert configurations.fields("a") == {"Paper": "One, two.", "Command": ["first", "second"]}
    path.write_text("# Title.\n# loose words\n--seed=1\n")
    with pytest.raises(ValueError, match="a: 'loose words' belongs to no field"):
        configurations.fields("a")
    path.write_text("# Title.\n# Paper: One.\n# Paper: Two.\n--seed=1\n")
    with pytest.raises(ValueError, match="a has the field Paper twice"):
        configurations.fields("a")
