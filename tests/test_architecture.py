"""The shape of the package, read from its syntax trees: who may import whom, and what is never used."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "tfgan2"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
COMMANDS = ("train", "evaluate", "sample", "compare", "export", "report", "doctor", "completion")

# Part of the package -> the parts that it may import, beside itself. `errors` is open to all but the losses.
OURS = {
    "errors": set(),
    "ranges": set(),
    "system": set(),
    "random_numbers": set(),
    "losses": set(),
    "metrics": set(),
    "optimizers": {"ranges"},
    "distribution": set(),
    "layers": {"random_numbers"},
    "networks": {"layers", "ranges"},
    "methods": {"data", "layers", "losses", "random_numbers", "ranges"},
    "data": {"ranges", "system"},
    "evaluation": {"data", "layers", "losses", "metrics", "system"},
    "diagnosis": set(),
    "callbacks": {"diagnosis", "evaluation", "metrics", "system"},
    "cli": {"system"},
    "flags": {"cli", "data", "methods", "networks", "optimizers", "ranges", "system"},
    "serving": {"data", "evaluation", "system"},
    "run": {
        *("callbacks", "data", "distribution", "evaluation", "flags", "methods", "optimizers"),
        *("networks", "serving", "system"),
    },
    "recipe": {"data", "distribution", "flags", "methods", "run"},
    "page": {"callbacks", "data", "evaluation", "flags", "run", "system"},
    "checkup": {"data", "distribution", "recipe", "system"},
    "experiment": {"callbacks", "evaluation", "flags", "page", "run", "system"},
    "__main__": {"cli"},
    **{
        part: {
            *("checkup", "cli", "data", "evaluation", "experiment", "flags", "page", "recipe", "run", "serving"),
            "system",
        }
        for part in COMMANDS
    },
}

# Part -> the packages of others that it may import.
THEIRS = {
    "errors": set(),
    "losses": {"tensorflow"},
    "metrics": {"numpy", "scipy", "sklearn"},
    "layers": {"keras", "tensorflow"},
    "networks": {"keras", "tensorflow"},
    "methods": {"keras", "numpy", "tensorflow"},
    "optimizers": {"keras"},
    "data": {"PIL", "numpy", "scipy", "sklearn", "tensorflow", "tensorflow_datasets", "tqdm"},
    "flags": {"absl"},
}


def tree_of(module):
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


def imports_of(nodes):
    """The dotted names that import statements among the nodes bring in."""
    names = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def part_of(module):
    return module.partition("/")[0].removesuffix(".py")


def runs_on_import(tree):
    """The nodes of a module that run when it is imported: those outside of functions."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += [
            child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.FunctionDef | ast.Lambda)
        ]


@pytest.mark.parametrize("module", [module for module in MODULES if module != "__init__.py"])
def test_imports_follow_the_layers(module):
    part = part_of(module)
    names = imports_of(ast.walk(tree_of(module)))
    ours = {name.split(".")[1] for name in names if name.startswith("tfgan2.")} - {part}
    assert ours - {"__init__", "__version__"} <= OURS[part] | (set() if part == "losses" else {"errors"})
    theirs = {name.partition(".")[0] for name in names} - {"tfgan2"} - sys.stdlib_module_names
    if part in THEIRS:
        assert theirs <= THEIRS[part]


def circles_of(graph):
    """The sets of nodes that lead to each other, of a dict node -> nodes that it leads to."""
    reached = {node: set(graph[node]) for node in graph}
    for between in graph:
        for node in graph:
            if between in reached[node]:
                reached[node] |= reached[between]
    circles = [
        frozenset(other for other in graph if node in reached[other] and other in reached[node]) for node in graph
    ]
    return set(filter(None, circles))


def test_circles_are_found():
    assert circles_of({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == {frozenset("bc")}


@pytest.mark.parametrize("of", ["modules", "packages"])
def test_no_circle_of_imports(of):
    paths = {module: f"tfgan2/{module}".removesuffix(".py").removesuffix("/__init__") for module in MODULES}
    names = {path.replace("/", "."): module for module, path in paths.items()}
    graph = {}
    for name, module in names.items():
        node = name if of == "modules" else part_of(module)
        for imported in imports_of(ast.walk(tree_of(module))):
            # `from package import name` brings in the module of that name, or else the package.
            found = imported if imported in names else imported.rpartition(".")[0]
            if found in names and found != name:
                graph.setdefault(node, set()).add(found if of == "modules" else part_of(names[found]))
        graph.setdefault(node, set())
    if of == "packages":
        graph = {node: others - {node, "__init__"} for node, others in graph.items() if node != "__init__"}
    assert len(graph) > 10
    assert circles_of(graph) == set()


@pytest.mark.parametrize("part", ["run", "flags", "callbacks", "evaluation", "serving"])
def test_only_the_registry_knows_single_methods(part):
    for module in MODULES:
        if part_of(module) == part:
            methods = {name for name in imports_of(ast.walk(tree_of(module))) if name.startswith("tfgan2.methods.")}
            general = {name for name in methods if name.startswith("tfgan2.methods.base.")} | {"tfgan2.methods.METHODS"}
            assert methods <= general, module


def test_every_part_has_its_place():
    assert {part_of(module) for module in MODULES} - {"__init__"} == set(OURS)


@pytest.mark.parametrize("module", MODULES)
def test_nothing_that_runs_code_of_others_or_needs_a_display(module):
    tree = tree_of(module)
    for name in imports_of(ast.walk(tree)):
        assert not re.match(r"(pickle|cPickle|dill|joblib|marshal|shelve)\b", name)
        assert not re.match(r"(matplotlib\.pyplot|pylab)\b", name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "allow_pickle":
                    assert isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"))
        assert not isinstance(node, ast.Assert), "a check of ours raises an error that says what to do"


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_import_tensorflow_only_when_they_run(command):
    names = imports_of(runs_on_import(tree_of(f"{command}.py")))
    theirs = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    assert theirs == {"tfgan2"}
    assert {name for name in names if name.startswith("tfgan2")} == {"tfgan2.cli"}


def test_importing_the_package_has_no_side_effect():
    program = (
        "import sys, warnings\n"
        "before = set(sys.modules)\n"
        "import tfgan2, tfgan2.cli, tfgan2.system.environment, tfgan2.system.streams\n"
        "import tfgan2.train, tfgan2.evaluate, tfgan2.sample, tfgan2.compare, tfgan2.export\n"
        "import tfgan2.report, tfgan2.doctor\n"
        "heavy = {'tensorflow', 'keras', 'numpy', 'matplotlib', 'absl'} & (set(sys.modules) - before)\n"
        "assert not heavy, heavy\n"
        "print(tfgan2.__version__)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*\n", ended.stdout)


def test_public_names():
    import tfgan2
    from tfgan2.methods import METHODS

    found = {name: getattr(tfgan2, name) for name in tfgan2.__all__}
    assert set(METHODS.values()) <= set(found.values())
    assert all(found[name].__name__ == name for name in set(found) - {"__version__"})
    with pytest.raises(AttributeError, match="module 'tfgan2' has no attribute 'GAN'; it has __version__, Game, "):
        tfgan2.GAN  # noqa: B018


@pytest.mark.parametrize("tool", sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tools").rglob("*.py")))
def test_tools_import_what_there_is(tool):
    names = imports_of(ast.walk(ast.parse((ROOT / tool).read_text(encoding="utf-8"))))
    for name in names:
        module, _, attribute = name.rpartition(".")
        if name.startswith("tfgan2."):
            assert hasattr(importlib.import_module(module), attribute) or importlib.util.find_spec(name), name


def test_requirements_are_those_of_the_package():
    (call,) = [
        node
        for node in ast.walk(ast.parse((ROOT / "setup.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setup"
    ]
    arguments = {keyword.arg: keyword.value for keyword in call.keywords}
    install = ast.literal_eval(arguments["install_requires"])
    extras = ast.literal_eval(arguments["extras_require"])
    tools = extras["test"] + extras["docs"]
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    required = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    build = [line for line in required if re.match(r"(setuptools|wheel)\b", line)]
    assert sorted(required) == sorted([*install, *tools, *build])
    assert len(build) == 2
    locked = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for requirement in required:
        name = re.match(r"[\w.-]+", requirement)[0]
        assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE | re.IGNORECASE), f"{name} is not locked"


def test_what_is_required_is_used():
    text = (ROOT / "setup.py").read_text(encoding="utf-8")
    names = {
        "absl-py": "absl",
        "importlib-resources": "tensorflow_datasets",  # which imports it and does not require it
        "pillow": "PIL",
        "scikit-learn": "sklearn",
        "tensorflow-datasets": "tensorflow_datasets",
        "tensorflow-serving-api": "tensorflow_serving",
    }
    install = re.search(r"install_requires=\[(.*?)\]", text, re.DOTALL)[1]
    used = {name.partition(".")[0] for module in MODULES for name in imports_of(ast.walk(tree_of(module)))}
    for requirement in re.findall(r'"([\w-]+)[=<>!~]', install):
        assert names.get(requirement, requirement) in used, requirement


def test_files_hold_one_idea():
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {path.name: size for path, size in sizes.items() if size > 250} == {}
    top = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__", *COMMANDS}
    assert top == {"cli", "errors", "optimizers", "random_numbers", "ranges"}
