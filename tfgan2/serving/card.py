"""The model card of an export, in Markdown (Mitchell et al., Model Cards for Model Reporting, FAT* 2019)."""

from tfgan2.evaluation.markdown import markdown_table
from tfgan2.evaluation.meanings import meaning_of
from tfgan2.evaluation.record_text import column, notes

_CHOICES = {"label": "class", "generator": "generator", "partition": "partition"}


def card_of(origin, use, records):
    """Returns the text of MODEL_CARD.md.

    Args:
      origin: The content of tfgan2.json.
      use: Lines of Python that draw samples.
      records: Records of tfgan2.evaluate of the exported weights.
    """
    flags = origin.get("flags", {})
    data = f" on {flags['dataset']}" if "dataset" in flags else ""
    weights = "averaged" if origin["averaged"] else "raw"
    parts = [
        f"# {origin['method']}{data}",
        f"A generator that was trained by {origin['method']} for {origin['step']:,} steps with tfgan2 "
        f"{origin.get('version', '')}. This export has its {weights} weights.".replace(" .", "."),
        "## Use",
        f"```python\n{use}\n```",
        _inputs(origin),
        "## Data",
        _data(origin),
        "## Scores",
        *(map(_scores, records) if records else ["These weights have not been evaluated."]),
        "## Limits",
        *_limits(origin, records),
    ]
    if flags:
        lines = [f"--{flag}={_text(value)}" for flag, value in flags.items()]
        parts += ["## Training", "These flags of tfgan2.train decide the numbers of the run:", _block(lines)]
    return "\n\n".join(parts) + "\n"


def _inputs(origin):
    shape = " x ".join(map(str, origin["sample_shape"]))
    kind = "images in [0, 1]" if len(origin["sample_shape"]) == 3 else "points in data units"
    text = f"Latents are {origin['latent_dim']} numbers of the prior `{origin['prior']}`. Samples are {kind}, {shape}."
    if origin["truncation"] != 1.0:
        text += f" The latents were multiplied by {origin['truncation']:g} for the scores."
    if origin["choice"]:
        offered = ", ".join(map(_named(origin), origin["offered_choices"]))
        text += f" Each sample has a {_CHOICES[origin['choice']]}: {offered}."
    return text


def _named(origin):
    names = origin.get("class_names", []) if origin["choice"] == "label" else []
    return lambda number: f"{number} = {names[number]}" if number < len(names) else str(number)


def _data(origin):
    lines = [f"- `{flag}`: SHA-256 {digest or 'unknown'}" for flag, digest in origin.get("data", {}).items()]
    if origin.get("class_names"):
        lines.append(f"- classes: {', '.join(origin['class_names'])}")
    return "\n".join(lines) or "The data are not recorded."


def _scores(record):
    _, generated = column("", record)
    _, real = column("", record, "real_") if "real_values" in record else ("", {})
    rows = [(name, text, real.get(name, "–"), meaning_of(name).best or "–") for name, text in generated.items()]
    table = markdown_table(("score", "generated", "real data", "best"), rows)
    remarks = "\n".join(f"- {note}" for note in notes(record))
    return f"### {record['protocol']['name']}\n\n{table}\n\n{remarks}"


def _limits(origin, records):
    yield (
        "Samples follow the training data with their gaps and biases. A sample can be close to a training sample; the "
        "scores duplicates and nearer_than_real measure this where they are listed. Scores compare only with those of "
        "the same protocol."
    )
    for recovery in origin.get("recoveries", ()):
        yield (
            f"{recovery['reason']} Training went back to step {recovery['step']:,} and continued with other random "
            "numbers. So these weights do not follow from the flags alone."
        )
    if origin["truncation"] < 1:
        yield "Truncated latents give less varied samples than the data have."
    if not records:
        yield "Without scores nothing is known about modes that are missing."


def _block(lines):
    return "```\n" + "\n".join(lines) + "\n```"


def _text(value):
    if isinstance(value, list | tuple):
        return ",".join(map(_text, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
