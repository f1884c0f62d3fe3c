"""Numbers that become infinite or NaN at a step of a tiny run: losses, gradients, batches, weights and measurements."""

import contextlib
import json
import re
from pathlib import Path
from unittest import mock

import numpy as np
import tensorflow as tf

from tfgan2 import sample, train
from tfgan2.callbacks import measurements
from tfgan2.errors import NonFiniteError
from tfgan2.evaluation.sample_health import SampleHealth
from tfgan2.methods.base import updates
from tfgan2.methods.base.trained_model import TrainedModel
from tfgan2.run import loop
from torturing.called import called, last_line
from torturing.judge import Wrong

_STEPS, _EVERY = 10, 3
_TINY = (
    *("--network.hidden_units=8", "--network.latent_dim=2", "--batch_size=12", f"--train_steps={_STEPS}", "--jit=off"),
    *(f"--{what}_every={_EVERY}" for what in ("log", "sample", "evaluate", "checkpoint")),
    *("--data.points_per_mode=20", "--ema_decay=0.9", f"--steps_per_execution={_EVERY}"),
)
_CLASSES = ("--data.positive_classes=2,7", "--data.negative_classes=0,1,3")
_BACKBONE = (
    *("--backbone=invertible_mlp", "--backbone.blocks=1", "--backbone.hidden_units=4", "--backbone.projection_units=4"),
    *("--backbone.embedding_dim=3", "--pgmgan.partitions=4", "--pretext.augmentations="),
    *(f"--{stage}.train_steps={_STEPS}" for stage in ("pretext", "partitioner")),
    *("--pretext.batch_size=12", "--partitioner.batch_size=12", "--partitioner.neighbors=3"),
)
METHODS = {
    **dict.fromkeys(("gngan", "distgan", "logan", "d2gan", "vae", "vae_gan"), ("--dataset=ring8",)),
    "standard_gan": ("--dataset=ring8", "--standard_gan.loss=wasserstein", "--standard_gan.gradient_penalty=two_sided"),
    "mgan": ("--dataset=ring8", "--mgan.num_generators=3"),
    "p2gan": ("--dataset=ring8", "--p2gan.num_generators=2", "--p2gan.grow_every=4"),
    **dict.fromkeys(("rumi", "acgan", "tacgan", "cgan_pd"), ("--dataset=ring10", *_CLASSES)),
    "self_conditioned_gan": (
        *("--dataset=ring8", "--self_conditioned_gan.partitions=3", "--self_conditioned_gan.recluster_every=4"),
    ),
    "pgmgan": ("--dataset=ring8", *_BACKBONE),
}
"""Method -> the flags of its tiny run."""

PLACES = ("loss", "gradient", "batch", "weight", "optimizer", "average", "measurement", "health")
_SAID = re.compile(r"tfgan2: (?P<name>.+) is not finite (?P<when>at|after) step (?P<step>\d+)\.")
_LATEST = 2 * _EVERY  # Steps until a number must be noticed that no step reports.


def run(drawn, folder, name_kind, methods=tuple(METHODS), places=PLACES):
    """Trains a run in which one number is not finite. The program must say so, and what it has saved must be finite."""
    method, place = drawn.choice(methods), drawn.choice(places)
    name_kind(f"{place} of {method}")
    fault = _Fault(drawn, place, stage=drawn.randrange(3) if method == "pgmgan" else 0)
    workdir = folder / "run"
    with fault.injected():
        code, err = called(train, f"--method={method}", *METHODS[method], *_TINY, f"--workdir={workdir}")
    _check_files(workdir)
    if code == 0 and not fault.is_certain:
        return
    said = _SAID.fullmatch(last_line(err))
    if code != NonFiniteError.exit_code or said is None:
        raise Wrong(f"{fault}: exit code {code}: {last_line(err)}")
    fault.check(said)
    if drawn.random() < 0.25 and list(workdir.glob("checkpoints/step_*")):
        output = folder / "samples.npz"
        code, err = called(sample, f"--workdir={workdir}", f"--output={output}", "--count=16")
        if code or not np.isfinite(np.load(output)["samples"]).all():
            raise Wrong(f"{fault}: samples of the checkpoint: exit code {code}: {last_line(err)}")
    raise NonFiniteError(last_line(err) or said[0])


class _Fault:
    """One number that becomes infinite or NaN.

    Attributes:
      is_certain: Whether the run had the number. Not every player plays at each step.
    """

    def __init__(self, drawn, place, stage):
        self.place, self._stage = place, stage
        self._step, self._value = drawn.randrange(_STEPS), drawn.choice([np.nan, np.inf, -np.inf])
        self._share = drawn.random()
        self._models = []
        self._phases = set()
        self.name = None

    def __str__(self):
        return f"{self._value} in {self.place} {self.name} at step {self._step}"

    @property
    def is_certain(self):
        if self.place in ("measurement", "health"):
            return True
        model = self._models[self._stage]
        phase = next(phase for phase, last in model.schedule(_STEPS) if self._step < last)
        return (phase in self._phases) or self.place == "batch"

    @contextlib.contextmanager
    def injected(self):
        """Context in which training has this fault."""
        update, make, iterator = TrainedModel.update, updates.make_gradient_function, loop.phase_iterator
        batches = loop.batches_of_parts

        def noting_iterator(run, *arguments):
            if run.model not in self._models:
                self._models.append(run.model)
            return iterator(run, *arguments)

        def faulty_update(model, batch):
            step = tf.identity(model.step)
            report = update(model, batch)
            if self._is_of(model, "weight", "optimizer", "average"):
                for variable in self._variables_of(model):
                    variable.assign(variable + tf.cast(self._at(step), variable.dtype))
            return report

        def faulty_gradients(player, loss_function, variables):
            function, model = make(player, loss_function, variables), self._models[-1]
            if not self._is_of(model, "loss", "gradient") or player != self._chosen(sorted(model.players)):
                return function
            self._phases.add(model.phase)
            self.name = player

            def faulty(*tensors):
                loss, terms, gradients = function(*tensors)
                added = self._at(model.step)
                if self.place == "loss":
                    return loss + added, terms, gradients
                role = next(iter(gradients))
                return loss, terms, gradients | {role: [gradients[role][0] + added, *gradients[role][1:]]}

            return faulty

        def faulty_batches(*arguments, **options):
            dataset = batches(*arguments, **options)
            if not self._is_of(self._models[-1], "batch"):
                return dataset
            self.name = self._chosen([key for key, spec in dataset.element_spec.items() if spec.dtype.is_floating])
            first = tf.constant(options["first_step"], tf.int64)
            key = self.name
            return dataset.enumerate().map(lambda index, batch: batch | {key: batch[key] + self._at(index + first)})

        def faulty_measurement(model, *arguments):
            found = acceptance(model, *arguments)
            self.name = self._chosen(["registered_modes", "registered_points", "total_variation"])
            return found | {self.name: self._value} if model.global_step > self._step else found

        def faulty_health(health, samples):
            found = of(health, samples)
            if self._models and self._models[-1].global_step > self._step:
                self.name = self._chosen(sorted(found))
                found |= {self.name: self._value}
            return found

        acceptance, of = measurements.acceptance_of, SampleHealth.of
        with contextlib.ExitStack() as patches:
            replaced = [(TrainedModel, "update", faulty_update), (updates, "make_gradient_function", faulty_gradients)]
            replaced += [(loop, "batches_of_parts", faulty_batches), (loop, "phase_iterator", noting_iterator)]
            replaced += [(measurements, "acceptance_of", faulty_measurement)] * (self.place == "measurement")
            replaced += [(SampleHealth, "of", faulty_health)] * (self.place == "health")
            for where, name, function in replaced:
                patches.enter_context(mock.patch.object(where, name, function))
            yield

    def check(self, said):
        """Checks that a message names the number and the step."""
        step, name = int(said["step"]), said["name"]
        if self.place in ("loss", "gradient", "batch"):
            started = f"the batch '{self.name}'" if self.place == "batch" else f"{self.name}/"
            right = step == self._step and name.startswith(started)
        else:
            right = self._step <= step <= self._step + _LATEST
            right = right and (self.place in ("weight", "optimizer") or self._words() in name)
        if not right:
            raise Wrong(f"{self}: {said[0]}")

    def _words(self):
        return "the average of " if self.place == "average" else self.name

    def _is_of(self, model, *places):
        return self.place in places and self._models.index(model) == self._stage

    def _variables_of(self, model):
        """A list with the variable that becomes infinite or NaN. Empty for averages of a stage, which has none."""
        state = model.state()
        groups = {"weight": tuple(f"{role}/" for role in model.networks)}
        start = groups.get(self.place, f"{self.place}/")
        names = [name for name, each in state.items() if name.startswith(start) and each.dtype.is_floating]
        if not names:
            return []
        self.name = self._chosen(names)
        self._phases.add(model.phase)
        return [state[self.name]]

    def _chosen(self, names):
        return names[int(self._share * len(names))]

    def _at(self, step):
        return tf.where(tf.equal(step, self._step), self._value, 0.0)


def _check_files(workdir):
    """Checks that all checkpoints can be read and are finite, and that the log has only numbers."""
    for path in workdir.rglob("step_*/state.index"):
        reader = tf.train.load_checkpoint(str(path.with_suffix("")))
        for name, dtype in reader.get_variable_to_dtype_map().items():
            if dtype.is_floating and not np.isfinite(reader.get_tensor(name)).all():
                raise Wrong(f"{name} of {path.parent.name} is saved and not finite")
    for path in workdir.rglob("metrics.jsonl"):
        for line in map(json.loads, Path(path).read_text().splitlines()):
            numbers = [value for value in line["values"].values() if not isinstance(value, str)]
            if not all(value is not None and np.isfinite(value) for value in numbers):
                raise Wrong(f"{path.name} has {line['values']}")
