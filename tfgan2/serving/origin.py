"""Where an export is from: tfgan2.json for programs, and MODEL_CARD.md for readers."""

import json

from tfgan2.serving.card import card_of
from tfgan2.serving.folders import last_number
from tfgan2.system.file_versions import versioned
from tfgan2.system.files import read_json

_NAME = "tfgan2.json"
_CARD = "MODEL_CARD.md"


def origin_of(model, scaling, averaged):
    """Returns facts about an exported `GenerativeGame`, name -> JSON value."""
    return {
        "method": type(model).__name__,
        "step": model.global_step,
        "averaged": averaged and model.keeps_averages,
        "prior": model.prior,
        "truncation": model.truncation,
        "latent_dim": model.latent_dim,
        "choice": model.choice,
        "density_ratios": model.density_ratios,
        "offered_choices": list(model.offered_choices),
        "sample_shape": list(model.generator.output_shape[1:]),
        "scaling": scaling._asdict(),
    }


def write_origin(folder, origin, use, records=()):
    """Writes tfgan2.json to `assets.extra` in the folder of an export, and MODEL_CARD.md to the folder.

    Args:
      folder: The new folder, which exists.
      origin: Name -> JSON value.
      use: Lines of Python that draw samples.
      records: Records of tfgan2.evaluate of the exported weights.
    """
    extra = folder / "assets.extra"
    extra.mkdir(exist_ok=True)
    (extra / _NAME).write_text(json.dumps(versioned("export", origin), indent=2) + "\n", encoding="utf-8")
    (folder / _CARD).write_text(card_of(origin, use, records), encoding="utf-8")


def newest_export(directory):
    """Returns the path and the content of tfgan2.json for the export with the highest number, or None.

    Raises:
      InputError: The file has a newer version.
    """
    path = directory / str(last_number(directory) if directory.is_dir() else 0)
    content = read_json("export", path / "assets.extra" / _NAME)
    return None if content is None else (path, content)
