"""The lines of Python in a model card that draw samples with a file."""

_DRAWN = {
    "normal": "random.standard_normal((16, {dimension}))",
    "uniform": "random.uniform(-1, 1, (16, {dimension}))",
    "bimodal": "random.choice([-1, 1], (16, {dimension})) * random.uniform(0.8, 1, (16, {dimension}))",
}
# Name of a format -> lines before the call, and the call, with the place of its arguments.
_MODEL = {
    "keras": ("import keras", 'model = keras.saving.load_model("model.keras")'),
    "onnx": ("import onnxruntime", 'session = onnxruntime.InferenceSession("model.onnx")'),
    "litert": (
        "from ai_edge_litert.interpreter import Interpreter",
        'runner = Interpreter("model.tflite").get_signature_runner("serving_default")',
    ),
    "safetensors": (
        "import keras",
        "from safetensors import safe_open",
        'with safe_open("model.safetensors", "numpy") as file:',
        '    model = keras.models.model_from_json(file.metadata()["keras"])',
        "    for name, weight in zip(sorted(file.keys()), model.weights):",
        "        weight.assign(file.get_tensor(name))",
    ),
}


def lines_of(name, origin, decoder):
    """Returns the lines that draw 16 samples.

    Args:
      name: Name of the format.
      origin: The content of tfgan2.json.
      decoder: The model of `decoder_of`.
    """
    factor = f"{origin['truncation']:g} * " * (origin["truncation"] != 1)
    lines = ["import numpy as np", "random = np.random.default_rng()"]
    lines.append(
        f'latents = ({factor}{_DRAWN[origin["prior"]].format(dimension=origin["latent_dim"])}).astype("float32")'
    )
    inputs = ["latents"]
    if origin["choice"]:
        lines.append(f'choice = random.choice({origin["offered_choices"]}, 16).astype("int32")  # {origin["choice"]}')
        inputs.append("choice")
    if name in ("keras", "safetensors"):
        lines += [f"import {module}  # its layers" for module in _modules(decoder)]
    return "\n".join([*lines, *_MODEL[name], _CALLS[name](inputs)])


def _modules(decoder):
    """The modules of this package that the layers of a model are from."""
    modules = {type(layer).__module__ for layer in decoder._flatten_layers()}
    return sorted(module for module in modules if module.startswith("tfgan2."))


def _call_of_keras(inputs):
    return f"samples = model({inputs[0] if len(inputs) == 1 else '[' + ', '.join(inputs) + ']'})"


def _call_of_onnx(inputs):
    named = ", ".join(f'"{each}": {each}' for each in inputs)
    return f"(samples,) = session.run(None, {{{named}}})"


def _call_of_litert(inputs):
    named = ", ".join(f"{each}={each}[:1]" for each in inputs)
    return f"(sample,) = runner({named}).values()  # It takes one sample at a time."


_CALLS = {"keras": _call_of_keras, "onnx": _call_of_onnx, "litert": _call_of_litert, "safetensors": _call_of_keras}
