"""What an experiment is: its rows, the runs they start from, and how all of them are measured."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "results"


class Start(NamedTuple):
    """A run that comes before a row. The row starts from its weights.

    Attributes:
      folder: of the run, beside those of the rows.
      config: its flagfile in configs/.
      flags: added to the flagfile.
    """

    folder: str
    config: str
    flags: tuple[str, ...]


class Row(NamedTuple):
    """One method of an experiment.

    Attributes:
      name: in the table.
      config: its flagfile in configs/.
      flags: added to the flagfile.
      folder: of its runs; the configuration's name if None.
      published: measure -> the paper's number.
      group: name of the table's line, where the line is the mean of several rows.
      starts: the runs that come first, each from the weights of the one before. Rows may share them.
      table: heading of its table on the page. All rows of a table are measured alike.
    """

    name: str
    config: str
    flags: tuple[str, ...] = ()
    folder: str | None = None
    published: dict[str, str] | None = None
    group: str | None = None
    starts: tuple[Start, ...] = ()
    table: str = ""

    @property
    def key(self):
        """The row's name in folders, in the record of results, and for --rows."""
        return self.folder or self.config


class Experiment(NamedTuple):
    """Methods that one protocol compares.

    Attributes:
      about: one sentence for --help.
      rows: the methods.
      protocol: how all are measured.
      measures: name of a value -> head of its column.
      title: above the picture.
      decimals: of the numbers in the table.
      kept_samples: samples of seed 0 that are kept for the picture.
      curves: names in metrics.jsonl that are drawn over the steps.
      grown: key of a row. Its generators are drawn one after the other.
      measure: maps (run, the protocol's record, seed, averaged) to further values.
      source: name of the point set that the picture shows; that of the protocol if None.
      data: arguments of that point set.
      beside: a choice of the run. Samples of this choice are drawn, too.
      feature_network: file of MobileNetV2, for a protocol with its features.
      truncation: factor of the latents of further samples of averaged weights; 1 measures no others.
      shows_averages: whether the picture has samples of averaged weights.
      figures: draws further pictures of the trained runs of seed 0, from the experiment's name and itself.
    """

    about: str
    rows: tuple[Row, ...]
    protocol: str
    measures: dict[str, str]
    title: str
    decimals: int = 2
    kept_samples: int = 2000
    curves: tuple[str, ...] = ()
    grown: str | None = None
    measure: Callable | None = None
    source: str | None = None
    data: dict[str, float] = {}  # noqa: RUF012
    beside: int | None = None
    feature_network: Path | None = None
    truncation: float = 1.0
    shows_averages: bool = False
    figures: Callable | None = None


def of_images(about, rows, protocol, measures, noun="images", **options):
    """An experiment on images, with 64 samples in the picture and three decimals in the table."""
    title = f"64 generated {noun}, {'averaged' if options.get('shows_averages') else 'raw'} weights, seed 0"
    return Experiment(about, tuple(rows), protocol, measures, title, decimals=3, kept_samples=64, **options)
