"""The example server over HTTP, with real exports."""

import contextlib
import io
import json
import threading
import time
import urllib.error
import urllib.request

import keras
import numpy as np
import pytest
import uvicorn
from exported_games import choosing_game, game_without_encoder
from PIL import Image

from tfgan2.data.kinds import IMAGES, POINTS
from tfgan2.data.scaling import Scaling
from tfgan2.serving.saved_model import export_game


@contextlib.contextmanager
def served(tool, folder):
    """Path -> (status, body) of a running server."""
    config = uvicorn.Config(tool("serve").app_of(folder), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    (port,) = (socket.getsockname()[1] for each in server.servers for socket in each.sockets)

    def get(path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    try:
        yield get
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def points(tool, tmp_path_factory):
    path = export_game(choosing_game(), Scaling(0.0, 1.0), POINTS, tmp_path_factory.mktemp("points"))
    with served(tool, path) as get:
        yield get


@pytest.fixture(scope="module")
def images(tool, tmp_path_factory):
    latents = keras.Input((192,))
    pictures = keras.layers.Reshape((8, 8, 3))(keras.layers.Activation("tanh")(latents))
    model = game_without_encoder(keras.Model(latents, pictures))
    path = export_game(model, Scaling(0.5, 0.5), IMAGES, tmp_path_factory.mktemp("images"), averaged=False)
    with served(tool, path) as get:
        yield get


def samples(answer):
    status, body = answer
    assert status == 200, body
    return np.array(json.loads(body)["samples"])


def test_samples_of_a_choice(points):
    four = samples(points("/samples?count=4&seed=7&choice=2"))
    assert four.shape == (4, 2) and (four > 10).all()
    np.testing.assert_array_equal(samples(points("/samples?count=2&seed=7&choice=2")), four[:2])
    np.testing.assert_allclose(samples(points("/samples?count=4&seed=7&choice=0")), four - 20, atol=1e-5)
    assert json.loads(points("/model")[1])["choice"] == "label"
    assert points("/health") == (200, b'{"status":"ok"}')


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("count=0", "greater than or equal to 1"),
        ("count=65", "less than or equal to 64"),
        ("count=many", "valid integer"),
        ("seed=-1", "greater than or equal to 0"),
        (f"seed={2**63}", "less than or equal to"),
        ("choice=3", "label must be one of 0, 1, 2"),
        ("choice=-2", "greater than or equal to -1"),
    ],
)
def test_wrong_requests(points, query, reason):
    status, body = points(f"/samples?{query}")
    assert status == 422 and reason in body.decode()


def test_images_come_as_png(images):
    status, body = images("/sample.png?seed=3")
    assert status == 200
    (image,) = samples(images("/samples?seed=3"))
    np.testing.assert_array_equal(Image.open(io.BytesIO(body)), image)
    assert images("/sample.png?choice=1")[0] == 422


def test_points_have_no_png(points):
    assert points("/sample.png")[0] == 404


def test_a_folder_without_a_model(tool, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        tool("serve").main([f"--model={tmp_path}"])
    assert ended.value.code == 2
    assert "has no saved_model.pb; give a folder that tfgan2 export wrote" in capsys.readouterr().err
