"""tfgan2 train folder:DIR, or python -m tfgan2.train --flagfile=configs/NAME.cfg --workdir=W: trains a model."""

import sys

from tfgan2 import cli


def main(argv=None):
    """Runs the command and returns its exit code."""
    return cli.run(_train, sys.argv[1:] if argv is None else argv)


def _train(argv):
    from tfgan2.recipe.command import settings_of
    from tfgan2.run.build import build
    from tfgan2.run.describe import description
    from tfgan2.run.session import run
    from tfgan2.run.stages.stage_runs import check_stages
    from tfgan2.serving.folders import check_folder

    settings, files = settings_of(argv)
    if settings.export_at_end:
        check_folder(settings.workdir / "export")
    if settings.dry_run:
        built = build(settings)
        check_stages(built)
        print(description(built))
    else:
        run(settings, files)


if __name__ == "__main__":
    sys.exit(main())
