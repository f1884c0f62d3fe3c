"""The stages that a run was trained in, and its partition of the data."""

from pathlib import Path

from tfgan2.evaluation.partition_report import PARTITION
from tfgan2.flags.texts import to_text
from tfgan2.page.curves import curves_block
from tfgan2.page.elements import element
from tfgan2.page.history import read_history
from tfgan2.page.images import figure, read_pixels
from tfgan2.run.stages.recipe import NAME
from tfgan2.run.workdir import STAGES_FOLDER
from tfgan2.system.files import read_json


def stages_of(subject):
    """Returns the elements about the stages of a run and its partition. Empty for a run without both."""
    return tuple(part for folder in _folders(subject) for part in _stage(folder)) + tuple(_partition(subject.workdir))


def _folders(subject):
    """The folders of the stages of a run in the order of their training. Other runs may have stages beside them."""
    settings = subject.settings
    parent = Path(settings.stages_dir or subject.workdir / STAGES_FOLDER)
    flags = {flag: to_text(value) for flag, value in settings.values.items()}
    found = []
    for stage in settings.factories["method"].stages:
        for folder in sorted(parent.glob(f"{stage.name}-*/")):
            recipe = read_json(NAME, folder / NAME)
            if recipe and (recipe["flags"] | recipe["arguments"]).items() <= flags.items():
                found.append(folder)
    return [Path(settings.stage_from)] if settings.stage_from else found


def _stage(folder):
    history = read_history(folder)
    yield element("h3", f"Stage {folder.name.rpartition('-')[0]}, step {history.step:,}")
    yield element("p", "Folder: ", element("code", str(folder)))
    yield curves_block(history, "The stage has no records yet.")
    yield from _partition(folder)


def _partition(folder):
    """The sizes and the picture of the partition in a folder, if there is one."""
    report, pixels = read_json(PARTITION, folder / PARTITION), read_pixels(folder / "partition.png")
    if report:
        sizes = [size for size in report["sizes"] if size]
        text = f"{len(sizes)} of {report['partitions']} parts have samples, {min(sizes):,} to {max(sizes):,} each."
        if "nmi" in report:
            text += f" With the labels of the data: NMI {report['nmi']:.3f}, purity {report['purity']:.3f}."
        yield element("p", text)
    if pixels is not None:
        text = "The parts of the training data. Of images, each row is a part."
        yield figure(pixels, text, text)
