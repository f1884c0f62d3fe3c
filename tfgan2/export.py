"""python -m tfgan2.export --workdir=W --output=DIR: writes a SavedModel that serves the generator."""

import sys

from tfgan2 import command


def main(argv=None):
    """Runs the command and returns its exit code."""
    return command.run(_export, sys.argv[1:] if argv is None else argv)


def _export(argv):
    from tfgan2 import flags
    from tfgan2.exporting import check_folder
    from tfgan2.restored import export, load

    settings = flags.parse("export", argv)
    check_folder(settings.output)
    experiment = load(settings.workdir, step=settings.step, best=settings.checkpoint == "best")
    print(export(experiment, settings.output, averaged=settings.averaged))


if __name__ == "__main__":
    sys.exit(main())
