"""How tests import the modules of tools/."""

import importlib

import pytest


@pytest.fixture(scope="session")
def tool():
    """Name -> the module of tools/, such as "experiments.tables"."""
    return importlib.import_module
