"""The flags of tfgan2.doctor."""

from pathlib import Path

from tfgan2.flags.checkpoint_flags import runtime

DOCTOR_FLAGS = (
    runtime("workdir", Path, Path("runs"), "Check that runs can be written to this folder."),
    runtime(
        "dataset",
        str | None,
        None,
        "Check that these data can be read, a name as for tfgan2.train. With --dataset=NAME, --help also shows its "
        "--data flags.",
    ),
    runtime("cluster", str | None, None, "Check the workers that this names, as for tfgan2.train."),
)
