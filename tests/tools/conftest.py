"""How tests import the modules of tools/. These import each other from that folder."""

import importlib
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def tool():
    """Name -> the module of tools/, such as "experiments.tables"."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))
    return importlib.import_module
