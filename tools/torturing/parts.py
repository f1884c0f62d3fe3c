"""The kinds of faults by name."""

from torturing import cluster_texts, command_lines, input_files, kills, numbers, pickles, run_files, storage
from torturing.judge import Part

PARTS = {
    "command_lines": Part(
        "flags of every command with right, wrong and strange values, in flagfiles and on the command line",
        command_lines.run,
        5000,
        10.0,
        200,
    ),
    "cluster_texts": Part("TF_CONFIG with parts that are wrong, missing or strange", cluster_texts.run, 1000, 5.0, 50),
    "input_files": Part(
        "datasets, samples, statistics and weights, whole, cut, flipped and lying about their size",
        input_files.run,
        3000,
        30.0,
        500,
    ),
    "numbers": Part(
        "a loss, gradient, batch, weight or measurement that is not finite, in a tiny run of a method",
        numbers.run,
        300,
        120.0,
        500,
    ),
    "pickles": Part(
        "pickles for the reader of PyTorch's files: any instructions, deep nesting, sharing, huge sizes, and programs",
        pickles.run,
        5000,
        60.0,
        200,
    ),
    "run_files": Part(
        "one damaged file of a run, its export or a cache, then what needs it",
        run_files.run,
        500,
        120.0,
        500,
        run_files.reference,
    ),
    "kills": Part(
        "`kill -9` of a command at a random moment, at an event of its files, or within a write; then it resumes",
        kills.run,
        300,
        900.0,
        500,
    ),
    "storage": Part(
        "a disk that is full, read-only, failing or slow, two commands at once, and folders with other names",
        storage.run,
        600,
        900.0,
        500,
    ),
}
