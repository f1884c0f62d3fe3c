"""The tables of layers in the docstrings of network families are those of the networks that the families make."""

import inspect
import re

import keras
import pytest

from tfgan2.networks import BACKBONES, NETWORKS

FAMILIES = NETWORKS | BACKBONES
MAKERS = {
    "generator": lambda family, shape: family.generator(shape),
    "discriminator": lambda family, shape: family.discriminator(shape),
    "encoder": lambda family, shape: family.encoder(shape),
    "joint discriminator": lambda family, shape: family.joint_discriminator(shape),
    "conditional generator": lambda family, shape: family.conditional_generator(shape, 10),
    "conditional discriminator": lambda family, shape: family.conditional_discriminator(shape, 10, ("classes",)),
    "backbone": lambda family, shape: family.backbone(shape),
}
TITLE = re.compile(r"Layers for samples of ([\dx ]+):\n\n")


@pytest.mark.parametrize("name", FAMILIES)
def test_the_table_of_a_family(name):
    text = inspect.getdoc(FAMILIES[name])
    title = TITLE.search(text)
    shape = tuple(map(int, title[1].split(" x ")))
    documented = parsed(text[title.end() :])
    assert documented
    keras.backend.clear_session()
    family = FAMILIES[name]()
    for role, rows in documented.items():
        assert rows == rows_of(MAKERS[role](family, shape)), role


@pytest.mark.parametrize("name", FAMILIES)
def test_the_table_has_every_network_of_the_family(name):
    text = inspect.getdoc(FAMILIES[name])
    documented = parsed(text[TITLE.search(text).end() :])
    wanted = ("generator", "discriminator", "encoder") if name in NETWORKS else ("backbone",)
    if name == "logan_cnn":
        wanted += ("joint discriminator",)
    if name == "acgan_cnn":
        wanted = ("conditional generator", "conditional discriminator", "encoder")
    if not hasattr(FAMILIES[name], "encoder"):
        wanted = tuple(role for role in wanted if role != "encoder")
    assert set(documented) == set(wanted)


def parsed(text):
    """Role -> rows (layers, output) of the table at the start of a text."""
    rows, role = {}, None
    for line in text.partition("\n\n")[0].splitlines()[2:]:
        first, layers, output = (cell.strip() for cell in line.strip().strip("|").split("|"))
        role = first or role
        rows.setdefault(role, []).append((layers, output))
    return rows


def table_of(networks):
    """The table of some networks: role -> network, as it stands in a docstring."""
    rows = [("network", "layers", "output")]
    for role, network in networks.items():
        rows += [("" if index else role, *row) for index, row in enumerate(rows_of(network))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    )


def rows_of(network):
    """The rows (layers, output) of a network; equal rows that follow each other are one."""
    found = _Rows(network)
    rows = [(", ".join(row["layers"]), " x ".join(map(str, row["shape"]))) for row in found.rows]
    merged = []
    for row in rows:
        if merged and merged[-1][1] == row:
            merged[-1][0] += 1
        else:
            merged.append([1, row])
    return [(layers if count == 1 else f"{count} x {layers}", output) for count, (layers, output) in merged]


class _Rows:
    """The rows of a network in the order of a walk from its outputs back to its inputs."""

    def __init__(self, network):
        self.rows, self._row_of = [], {}
        self._outputs = [tensor._keras_history.operation for tensor in network.outputs]
        for output in self._outputs:
            self._visit(output)

    def _visit(self, operation):
        """The row to which an operation belongs, None for an input."""
        if id(operation) not in self._row_of:
            nodes = operation._inbound_nodes
            tensors = nodes[0].input_tensors if nodes else []
            self._row_of[id(operation)] = self._add(operation, tensors)
        return self._row_of[id(operation)]

    def _add(self, operation, tensors):
        block = re.fullmatch(r"(stage_\d+_)?block_\d+_sum", operation.name)
        if block:
            return self._add_block(operation)
        before = [self._visit(tensor._keras_history.operation) for tensor in tensors]
        before = before[0] if before else None
        kind, shape = type(operation).__name__, operation.output.shape[1:]
        if kind in ("InputLayer", "GetItem", "Flatten", "Augmentation"):
            return before
        modifier = modifier_of(operation, kind)
        if modifier and before is not None:
            before["layers"] += [modifier] if modifier != "linear" else []
            return before
        if kind == "Reshape" and before is not None:
            before["shape"] = shape
            return before
        names = [name_of(operation, kind), *activation_of(operation)]
        if len(self._outputs) > 1 and operation in self._outputs:
            names[0] = f"{operation.name}: {names[0]}"
        if operation.name in ("embedding", "label_dense"):
            names[0] = f"labels: {names[0]}"
        self.rows.append({"layers": names, "shape": shape})
        return self.rows[-1]

    def _add_block(self, operation):
        """A residual block is one row."""
        name = operation.name.removesuffix("_sum")
        pending, source = [operation], None
        while pending:
            for tensor in pending.pop()._inbound_nodes[0].input_tensors:
                parent = tensor._keras_history.operation
                if parent.name.startswith(f"{name}_") or type(parent).__name__ == "GetItem":
                    pending.append(parent)
                else:
                    source = tensor
        self._visit(source._keras_history.operation)
        sizes = source.shape[1], operation.output.shape[1]
        change = ["doubles"] if sizes[1] > sizes[0] else ["halves"] if sizes[1] < sizes[0] else []
        self.rows.append({"layers": ["residual block", *change], "shape": operation.output.shape[1:]})
        return self.rows[-1]


def modifier_of(layer, kind):
    if kind == "LeakyReLU":
        return f"LReLU {layer.negative_slope:g}"
    if kind == "Activation":
        return layer.activation.__name__
    return {
        "BatchNormalization": "batch norm",
        "ReLU": "ReLU",
        "UnitNormalization": "length 1",
    }.get(kind)


def name_of(layer, kind):
    normed = " (SN)" if kind.startswith("Spectral") else ""
    kind = kind.removeprefix("Spectral")
    if kind in ("Conv2D", "Conv2DTranspose"):
        name = {"Conv2D": "conv", "Conv2DTranspose": "deconv"}[kind]
        return f"{name} {layer.kernel_size[0]}/{layer.strides[0]}{normed}"
    if kind == "Rescaling":
        return f"times {layer.scale:g}"
    return {
        "AveragePooling2D": "mean of 2 x 2",
        "BilinearDouble": "bilinear doubling",
        "Dense": "dense",
        "FromBasis": "from basis",
        "OntoBasis": "onto basis",
        "Reshape": "reshape",
        "Concatenate": "join",
        "Add": "sum",
        "InvertibleDense": "invertible block",
        "InvertibleConv2D": "invertible block",
        "SpaceToDepth": "space to depth",
        "GlobalAveragePooling2D": "mean pooling",
        "GlobalSumPooling2D": "sum pooling",
        "GlobalMaxPooling1D": "maximum",
    }[kind] + normed


def activation_of(layer):
    name = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return [] if name == "linear" else [{"relu": "ReLU"}.get(name, name)]
