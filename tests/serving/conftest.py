"""Exports that several tests look at."""

import pytest
from exported_games import SCALING, autoencoding_game, spectral_game

from tfgan2.data.kinds import POINTS
from tfgan2.serving.saved_model import export_game


@pytest.fixture(scope="session")
def exports(tmp_path_factory):
    """Name -> (model, path), both exported to the same folder."""
    directory = tmp_path_factory.mktemp("exports")
    models = {"autoencoding": autoencoding_game(), "spectral": spectral_game()}
    return {name: (model, export_game(model, SCALING, POINTS, directory)) for name, model in models.items()}
