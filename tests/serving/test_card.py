"""The model card of an export: data, method, flags, scores with their protocol, and limits."""

from tfgan2.serving.card import card_of

ORIGIN = {
    "method": "MGAN",
    "step": 12000,
    "averaged": True,
    "prior": "uniform",
    "truncation": 0.8,
    "latent_dim": 3,
    "choice": "label",
    "offered_choices": [0, 1],
    "sample_shape": [8, 8, 3],
    "version": "1.2.3",
    "class_names": ["cat", "dog"],
    "flags": {"dataset": "folder:pets", "batch_size": 64, "data.flip": False, "betas": [0.5, 0.9]},
    "data": {"--dataset": "abc", "--negative_dataset": ""},
    "recoveries": [{"step": 3000, "reason": "generator/loss is not finite at step 3456."}],
}
RECORD = {
    "values": {"recall": 0.25},
    "spread": {"recall": 0.01},
    "real_values": {"recall": 0.9},
    "protocol": {"name": "pixels-1k", "repeats": 10, "real": 1000},
}


def test_a_whole_card():
    card = card_of(ORIGIN, "samples = model(latents)", [RECORD])
    for text in (
        "# MGAN on folder:pets\n",
        "trained by MGAN for 12,000 steps with tfgan2 1.2.3. This export has its averaged weights.",
        "```python\nsamples = model(latents)\n```",
        "Latents are 3 numbers of the prior `uniform`. Samples are images in [0, 1], 8 x 8 x 3.",
        "Each sample has a class: 0 = cat, 1 = dog.",
        "- `--dataset`: SHA-256 abc\n- `--negative_dataset`: SHA-256 unknown\n- classes: cat, dog",
        "### pixels-1k\n\n| score | generated | real data | best |",
        "| recall | 0.25 ± 0.01 | 0.9 | high |",
        "standard deviation over 10 repeats",
        "Truncated latents give less varied samples",
        "generator/loss is not finite at step 3456. Training went back to step 3,000 and continued with other random",
        "--dataset=folder:pets\n--batch_size=64\n--data.flip=false\n--betas=0.5,0.9",
    ):
        assert text in card, text


def test_without_scores_flags_and_choices():
    plain = {
        name: value
        for name, value in ORIGIN.items()
        if name not in ("version", "class_names", "flags", "data", "recoveries")
    }
    card = card_of(plain | {"choice": None, "averaged": False, "truncation": 1.0, "sample_shape": [2]}, "use", [])
    assert card.startswith(
        "# MGAN\n\nA generator that was trained by MGAN for 12,000 steps with tfgan2. This export has"
    )
    assert "These weights have not been evaluated." in card and "The data are not recorded." in card
    assert "points in data units, 2." in card and "Training" not in card and "class" not in card
    assert "went back" not in card
