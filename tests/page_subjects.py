"""A subject of a page without a trained run."""

from tfgan2 import flags
from tfgan2.page.history import History
from tfgan2.page.subject import Subject


def stub(workdir, **values):
    """A `Subject` with the flags of a mixture by partitions on points, and other values of some fields."""
    argv = ["--method=pgmgan", "--dataset=ring8", "--backbone=invertible_mlp", "--network=pgmgan_mlp"]
    settings = flags.parse("train", [*argv, "--train_steps=9", f"--workdir={workdir}"])
    fields = dict.fromkeys(Subject._fields) | {"workdir": workdir, "settings": settings, "history": History([])}
    return Subject(**fields | {"seed": 0, "averaged": True} | values)
