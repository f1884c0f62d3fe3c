"""Protocols of runs that want a part of their data: real values and references are of that part, classifiers of all."""

import numpy as np

from tfgan2.data.selection import select
from tfgan2.data.sources import load
from tfgan2.data.synthetic import ring10
from tfgan2.evaluation.extractors import Resources
from tfgan2.evaluation.protocols import PROTOCOLS, leaving_out, protocol_for


def test_modes():
    ring = ring10()
    wanted = select(ring, 0, positive_classes=(1, 2), negative_classes=(2, 3)).target.taken()
    protocol = protocol_for(None, ring)
    assert protocol.name == "ring10-2k"
    measure = protocol.ready(ring._replace(samples=wanted.samples), seed=0)
    record = measure(np.repeat(ring.centers[[1, 5]], 1000, axis=0))
    # All ten modes are counted, and real points come from two.
    assert record["registered_counts"] == [0, 1000, 0, 0, 0, 1000, 0, 0, 0, 0]
    assert record["real_values"]["registered_modes"] == 2
    assert protocol.ready(ring, seed=0)(ring.samples[:2000])["real_values"]["registered_modes"] == 10


def test_images(cache_with_digits):
    digits = load("digits")
    resources = Resources(cache_with_digits)
    measure = leaving_out(PROTOCOLS["rumi-classifier-1k"], range(2, 10)).ready(digits, seed=0, resources=resources)
    images = digits.samples[np.resize(np.flatnonzero(digits.labels == 7), 1000)]
    record = measure(images)
    # The reference is the whole of the wanted classes; the classifier knows the others, too.
    assert record["protocol"]["real"] == np.isin(digits.labels, (0, 1)).sum() > 300
    assert record["protocol"]["trained_on"] + record["protocol"]["tested_on"] == 1797
    assert record["class_counts"][7] > 950 and record["values"]["negative_share"] > 0.95
    distance = "fd-classifier-digits"
    assert record["values"][distance] > 5 * record["real_values"][distance]
