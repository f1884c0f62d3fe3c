"""python -m tfgan2.report --workdir=W: writes one HTML page about a run."""

import sys

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_report, sys.argv[1:] if argv is None else argv)


def _report(argv):
    from tfgan2 import flags
    from tfgan2.page.page import page_of
    from tfgan2.system.files import check_writable, write_whole

    settings = flags.parse("report", argv)
    check_writable(settings.output)
    page = page_of(
        settings.workdir,
        step=settings.step,
        best=settings.checkpoint == "best",
        seed=settings.seed,
        averaged=settings.averaged,
        feature_network=settings.feature_network,
    )
    write_whole(settings.output, page.encode())
    print(settings.output)


if __name__ == "__main__":
    sys.exit(main())
