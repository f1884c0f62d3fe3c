"""The flags of tfgan2.compare."""

from pathlib import Path
from typing import Annotated

from tfgan2.flags.checkpoint_flags import runtime
from tfgan2.ranges import In

COMPARE_FLAGS = (
    runtime(
        "row",
        tuple[str, ...],
        (),
        "Train a row of runs with these flags of tfgan2.train: a configuration, configs/NAME.cfg, or a name and flags, "
        "'NAME: --flagfile=configs/NAME.cfg --batch_size=64'. Repeat the flag for each row. The first row is what the "
        "others are tested against.",
        repeated=True,
        commas=False,
    ),
    runtime(
        "set",
        tuple[str, ...],
        (),
        "Give every --row these flags of tfgan2.train, written without dashes: train_steps=5000,batch_size=64.",
        repeated=True,
    ),
    runtime("seeds", Annotated[int, In("[1, 1000]")], 3, "Train each --row with the seeds 0 to this number minus 1."),
    runtime(
        "workdirs",
        tuple[Path, ...],
        (),
        "Compare also these runs, which exist: A,B,... Runs that differ only in their seed are one row. Repeat the "
        "flag for each run if a name has a comma.",
        repeated=True,
    ),
    runtime("jobs", Annotated[int, In("[1, 1000]")], 1, "Train and measure this many runs at the same time."),
    runtime("threads", Annotated[int, In("[0, 4096]")], 1, "CPU threads of each run. With 0 TensorFlow chooses."),
    runtime(
        "protocol",
        str | None,
        None,
        "Measure all runs by this protocol. None takes the first that fits the data.",
    ),
    runtime("averaged", bool, True, "Use the averaged weights of the runs that keep them."),
    runtime("inception_path", Path | None, None, "As for tfgan2.evaluate."),
    runtime("feature_network", Path | None, None, "As for tfgan2.evaluate."),
    runtime(
        "output",
        Path | None,
        None,
        "Keep the runs, the tables and the pages in this folder. The same command continues what is not finished. "
        "Required.",
    ),
)
