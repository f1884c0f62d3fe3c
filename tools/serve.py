"""Serves the samples of an exported generator over HTTP, as an example to start from.

    .venv/bin/pip install '.[serve]'
    .venv/bin/python tools/serve.py --model=runs/demo/export/1 [--port=8000]

    curl 'localhost:8000/samples?count=4&seed=7'
    curl 'localhost:8000/sample.png?seed=7' > sample.png     # a model of images

/model tells what the model is, /health that it answers, and /docs lists all requests. A request that the model refuses
gets the status 422 with the reason. More requests at a time than --at_once get 503.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import Annotated

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf
import uvicorn
from fastapi import FastAPI, HTTPException, Query, Response

LARGEST_COUNT = 64
LARGEST_SEED = 2**63 - 1


def app_of(folder):
    """The application for a SavedModel that `tfgan2 export` wrote.

    Args:
      folder: Path of the SavedModel, such as runs/demo/export/1.
    """
    model = tf.saved_model.load(str(folder))
    origin = Path(folder, "assets.extra", "tfgan2.json")
    about = json.loads(origin.read_text()) if origin.exists() else {}
    inputs = set(model.signatures["generate"].structured_input_signature[1])
    choice_name = next(iter(inputs - {"count", "seed"}), None)
    app = FastAPI(title="tfgan2", description=f"{about.get('method', 'A generator')} of {about.get('dataset', 'data')}")

    Seed = Annotated[int, Query(ge=0, le=LARGEST_SEED)]
    Choice = Annotated[int, Query(ge=-1, le=2**31 - 1, description=f"{choice_name or 'not used'}; -1 is random")]

    def drawn(signature, count, seed, choice):
        given = {"count": count, "seed": seed} | ({choice_name: choice} if choice_name else {})
        if choice >= 0 and not choice_name:
            raise HTTPException(422, "the model has no choice; leave out choice")
        try:
            found = model.signatures[signature](**{name: tf.constant(value, tf.int64) for name, value in given.items()})
        except tf.errors.InvalidArgumentError as error:
            raise HTTPException(422, _reason(error.message)) from None
        return {name: value.numpy() for name, value in found.items()}

    @app.get("/health")
    def health():
        """Answers once the model is loaded."""
        return {"status": "ok"}

    @app.get("/model")
    def model_info():
        """The origin of the model, and its signatures."""
        return {"origin": about, "signatures": sorted(model.signatures), "choice": choice_name}

    @app.get("/samples")
    def samples(count: Annotated[int, Query(ge=1, le=LARGEST_COUNT)] = 1, seed: Seed = 0, choice: Choice = -1):
        """Samples in the units of the data; images are numbers from 0 to 255. Row i depends on the seed and i alone."""
        return {"samples": drawn("generate", count, seed, choice)["samples"].tolist()}

    if "generate_png" in model.signatures:

        @app.get("/sample.png")
        def sample_png(seed: Seed = 0, choice: Choice = -1):
            """One image."""
            return Response(drawn("generate_png", 1, seed, choice)["png_bytes"][0], media_type="image/png")

    return app


def _reason(message):
    """What a failed check of the model says, without the place in the graph."""
    found = re.search(r"assertion failed: \[(.*?)\] \[(.*?)\]", message)
    return f"{found[1]} {found[2]}" if found else "the model refuses these values"


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="folder of a SavedModel, such as runs/demo/export/1")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8000, help="port (default 8000)")
    parser.add_argument("--at_once", type=int, default=64, help="requests at a time (default 64)")
    arguments = parser.parse_args(argv)
    if not Path(arguments.model, "saved_model.pb").exists():
        parser.error(f"--model={arguments.model} has no saved_model.pb; give a folder that tfgan2 export wrote")
    # A sample takes less time than to divide it among threads.
    tf.config.threading.set_inter_op_parallelism_threads(1)
    uvicorn.run(
        app_of(arguments.model),
        host=arguments.host,
        port=arguments.port,
        limit_concurrency=arguments.at_once,
        log_level="warning",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
