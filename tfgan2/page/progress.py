"""The pictures that a run has drawn while it trained."""

import re

from tfgan2.evaluation.image_grids import shown_frames
from tfgan2.page.elements import element
from tfgan2.page.images import figure, read_pixels

_NAME = re.compile(r"step_(\d+)\.png$")
_FRAMES = 3  # Single pictures beside the evolution: of the first, a middle and the last step.


def progress_of(subject):
    """Returns the elements with pictures over time."""
    folder = subject.workdir / "samples"
    steps = {int(match[1]): path for path in folder.glob("*.png") if (match := _NAME.match(path.name))}
    chosen = shown_frames(sorted(steps), _FRAMES) if steps else ()
    whole = read_pixels(folder / "evolution.png")
    shown = [] if whole is None else [figure(whole, "Samples of the same latents at several steps of the training.")]
    kind = "Real and generated images" if subject.is_of_images else "Real and generated points"
    read = {step: read_pixels(steps[step]) for step in chosen}
    frames = [
        figure(pixels, f"{kind} at step {step:,}.", f"Step {step:,}")
        for step, pixels in read.items()
        if pixels is not None
    ]
    if not shown and not frames:
        return (element("p", "The run has drawn no pictures yet (--sample_every)."),)
    note = element("p", "All pictures have the same latents, so each sample can be followed.")
    return (note, *shown, element("div", frames, class_="pair"))
