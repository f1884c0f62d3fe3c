"""The flags of the commands themselves."""

from tfgan2.flags.arguments import Argument
from tfgan2.flags.checkpoint_flags import EXPORT_FLAGS, REPORT_FLAGS
from tfgan2.flags.compare_flags import COMPARE_FLAGS
from tfgan2.flags.doctor_flags import DOCTOR_FLAGS
from tfgan2.flags.evaluate_flags import EVALUATE_FLAGS
from tfgan2.flags.sample_flags import SAMPLE_FLAGS
from tfgan2.flags.train_flags import TRAIN_FLAGS

RUN_FLAGS: dict[str, tuple[Argument, ...]] = {
    "train": TRAIN_FLAGS,
    "sample": SAMPLE_FLAGS,
    "evaluate": EVALUATE_FLAGS,
    "compare": COMPARE_FLAGS,
    "export": EXPORT_FLAGS,
    "report": REPORT_FLAGS,
    "doctor": DOCTOR_FLAGS,
}
"""Command -> its own flags."""

EXAMPLES = {
    "train": "--method=gngan --dataset=grid25 --train_steps=20000 --workdir=runs/first",
    "sample": "--workdir=runs/first --output=samples.png",
    "evaluate": "--workdir=runs/first",
    "compare": "--row=configs/gan_grid25.cfg --row=configs/gngan_grid25.cfg --seeds=5 --output=runs/first",
    "export": "--workdir=runs/first",
    "report": "--workdir=runs/first",
    "doctor": "--dataset=grid25 --workdir=runs/first",
}
"""Command -> flags that it runs with."""
