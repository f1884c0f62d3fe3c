"""python -m tfgan2.train --flagfile=configs/NAME.cfg --workdir=W: trains, or goes on where the run stopped."""

import sys

from tfgan2 import command


def main(argv=None):
    """Runs the command and returns its exit code."""
    return command.run(_train, sys.argv[1:] if argv is None else argv)


def _train(argv):
    from tfgan2 import flags, staging
    from tfgan2.experiment import build, description
    from tfgan2.exporting import check_folder
    from tfgan2.training import run

    settings = flags.parse("train", argv)
    if settings.export_at_end:
        check_folder(settings.workdir / "export")
    if settings.dry_run:
        experiment = build(settings)
        staging.check(experiment)
        print(description(experiment))
    else:
        run(settings)


if __name__ == "__main__":
    sys.exit(main())
