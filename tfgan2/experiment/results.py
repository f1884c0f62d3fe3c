"""The results of an experiment: the values of each score over the runs of each row."""

import math
from typing import NamedTuple

from tfgan2.evaluation.record_text import check_alike
from tfgan2.experiment.rows import Trial
from tfgan2.experiment.statistics import Summary, rank_test, summary

_OF_WEIGHTS = ("averaged",)  # The table says which weights are measured where rows differ in it.


class Results(NamedTuple):
    """What an experiment has measured.

    Attributes:
      rows: Name of a row -> its trials, also those without a record.
      records: Trial -> its record of tfgan2.evaluate.
      failed: The trials that ended early. Their loss was infinite or NaN.
    """

    rows: dict[str, list[Trial]]
    records: dict[Trial, dict]
    failed: list[Trial]

    @property
    def protocol(self):
        """Name of the protocol."""
        return next(iter(self.records.values()))["protocol"]["name"]

    @property
    def baseline(self):
        """Name of the row that the others are tested against."""
        return next(iter(self.rows))

    @property
    def scores(self):
        """The names of all scores."""
        return list(dict.fromkeys(name for record in self.records.values() for name in record["values"]))

    def measured(self, row):
        """The trials of a row that have a record."""
        return [trial for trial in self.rows[row] if trial in self.records]

    def summary(self, row, score) -> Summary | None:
        """The `Summary` of a score over the runs of a row, or None if no run has it."""
        values = [self.records[trial]["values"].get(score) for trial in self.measured(row)]
        known = [value for value in values if value is not None]
        return summary(known) if known else None

    def p(self, row, score):
        """p of the rank test of a row against the baseline, or None if it cannot be computed. See `rank_test`."""
        groups = [self.summary(name, score) for name in (row, self.baseline)]
        if row == self.baseline or None in groups:
            return None
        return rank_test(*(group.values for group in groups))

    def real(self, score):
        """The mean of a score of real data, or None if it was not measured."""
        values = [record.get("real_values", {}).get(score) for record in self.records.values()]
        known = [value for value in values if value is not None and math.isfinite(value)]
        return sum(known) / len(known) if known else None

    def sizes(self, row):
        """The number of runs of a row in words, with those that failed."""
        count, failed = len(self.measured(row)), sum(trial in self.failed for trial in self.rows[row])
        return f"{count} run{'s' * (count != 1)}" + f", {failed} not finite" * bool(failed)


def check_measured_alike(records):
    """Raises InputError if runs were measured in different ways, so that their numbers may not stand in one table."""
    check_alike({trial.name: record["protocol"] for trial, record in records.items()}, leave_out=_OF_WEIGHTS)
