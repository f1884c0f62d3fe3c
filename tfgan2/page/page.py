"""The page about a run: its sections in their order."""

from datetime import UTC, datetime, timedelta

from tfgan2 import __version__
from tfgan2.flags.arguments import first_line
from tfgan2.page.curves import curves_block
from tfgan2.page.document import Section, document
from tfgan2.page.elements import element
from tfgan2.page.flags import commands_of, evaluation_of, flags_of
from tfgan2.page.neighbors import neighbors_of
from tfgan2.page.progress import progress_of
from tfgan2.page.samples import reconstructions_of, samples_of
from tfgan2.page.scores import newest_records, scores_of
from tfgan2.page.stages import stages_of
from tfgan2.page.subject import subject_of
from tfgan2.page.warnings import warnings_of


def page_of(workdir, *, step=None, best=False, seed=0, averaged=True, feature_network=None):
    """Returns the page about a run as the text of an HTML file, which needs no other file.

    Args:
      workdir: Folder of the run.
      step: Step of the checkpoint. None takes the newest.
      best: Whether to take the best checkpoint. `step` is then ignored.
      seed: Seed of the samples.
      averaged: Whether to use the averaged weights, if the run has them.
      feature_network: Path of a network that finds the nearest training images, or None. See `neighbors_of`.

    Raises:
      InputError: The folder is not a run, or has no such checkpoint. The network cannot be read.
    """
    subject = subject_of(workdir, step=step, best=best, seed=seed, averaged=averaged)
    records = newest_records(subject.workdir)
    nothing = "The run has no records yet (--log_every)."
    sections = [
        Section("warnings", "Warnings", warnings_of(subject.history)),
        Section("samples", "Samples", samples_of(subject)),
        Section("progress", "Pictures over time", progress_of(subject)),
        Section("neighbors", "Nearest training samples", neighbors_of(subject, records, feature_network)),
        Section("reconstructions", "Reconstructions", reconstructions_of(subject)),
        Section("scores", "Scores", scores_of(records, evaluation_of(subject.workdir))),
        Section("curves", "Curves", (curves_block(subject.history, nothing),)),
        Section("stages", "Stages and parts", stages_of(subject)),
        Section("commands", "Commands", commands_of(subject.workdir, subject.settings)),
        Section("flags", "Flags", flags_of(subject.workdir, subject.settings)),
    ]
    name = subject.workdir.resolve().name
    head = [
        element("h1", name),
        element("p", f"{subject.settings.method} on {subject.settings.dataset}", class_="lead"),
        element("dl", ((element("dt", title), element("dd", text)) for title, text in _facts(subject).items())),
    ]
    return document(f"{name} – tfgan2", head, [section for section in sections if section.content])


def _facts(subject):
    """The facts at the head of the page, title -> text."""
    settings, facts, history = subject.settings, subject.facts, subject.history
    data = facts.sets["--dataset"]
    step, total = max(subject.step, history.step), settings.train_steps
    found = {
        "Folder": str(subject.workdir),
        "Method": f"{settings.method}: {first_line(settings.factories['method'])}",
        "Data": f"{settings.dataset}: {facts.kind.size_text(data.count, data.shape)}",
        "Classes": ", ".join(facts.class_names[:20]) + ", ..." * (len(facts.class_names) > 20),
        "Network": f"{settings.network}: {first_line(settings.factories['network'])}",
        "Steps": f"{step:,} of {total:,}" + ", unfinished" * (step < total),
        "Checkpoint": f"step {subject.step:,}" if subject.run else "none yet",
        "Training time": _time(history),
        "Batch size and seed": f"{settings.batch_size:,} and {settings.seed}",
        "Written by": f"tfgan2 {__version__}",
    }
    return {title: text for title, text in found.items() if text}


def _time(history):
    """The time of training in words. Empty without records."""
    if history.span is None:
        return ""
    first, last = (f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M} UTC" for time in history.span)
    spent = "" if history.seconds is None else f"{timedelta(seconds=round(history.seconds))} (h:min:s), "
    return f"{spent}from {first} to {last}"
