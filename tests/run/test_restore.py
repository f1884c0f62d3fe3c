"""Runs that are loaded."""

from types import SimpleNamespace

import pytest

from tfgan2.errors import ArgumentError
from tfgan2.run import restore


@pytest.mark.parametrize("workdir", ["", None, 3])
def test_a_workdir_that_is_no_path(workdir):
    message = f"^workdir is {workdir!r}; it must be the folder of a run. For example tfgan2.load\\('runs/demo'\\).$"
    with pytest.raises(ArgumentError, match=message):
        restore.load(workdir)


def test_a_run_is_printed_with_its_folder_and_step():
    run = object.__new__(restore.TrainedRun)
    run.settings = SimpleNamespace(workdir="runs/demo", method="gngan", dataset="grid25")
    run.model = SimpleNamespace(global_step=45)
    assert repr(run) == "<TrainedRun runs/demo: gngan on grid25, step 45>"
