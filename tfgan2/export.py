"""python -m tfgan2.export --workdir=W --output=DIR: exports the generator as a SavedModel or in another format."""

import sys

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_export, sys.argv[1:] if argv is None else argv)


def _export(argv):
    from tfgan2 import flags
    from tfgan2.run.exporting import export
    from tfgan2.run.restore import loaded
    from tfgan2.serving.folders import check_folder

    settings = flags.parse("export", argv)
    check_folder(settings.output)
    run = loaded(settings)
    print(export(run, settings.output, averaged=settings.averaged, format=settings.format))


if __name__ == "__main__":
    sys.exit(main())
