"""Promise: reported values are finite. Their names are "<player>/<term>", at every step and for all methods."""

import re

import numpy as np


def test_reports(configuration, trained):
    run = trained(configuration, "eager")
    reports = run.reports[3]
    for report in reports:
        assert list(report) == list(reports[0])
        assert all(value.shape == () and np.isfinite(value) for value in report.values())
    assert all(re.fullmatch(r"[a-z_]+/[a-z_0-9]+", name) for name in reports[0])
    assert {name.split("/")[0] for name in reports[0]} == set(run.game.players)
    for player in run.game.players:
        assert {f"{player}/loss", f"{player}/gradient_norm"} <= set(reports[0])
        assert all(report[f"{player}/gradient_norm"] > 0 for report in reports)
    if "generator" in run.game.networks and "discriminator" in run.game.players:
        # Charts and warnings read what the discriminator thinks of real and generated samples under these names.
        verdicts = [
            f"discriminator/{side}_{term}" for side in ("real", "fake") for term in ("probability", "called_real")
        ]
        assert all(0 <= report[name] <= 1 for report in reports for name in verdicts)
