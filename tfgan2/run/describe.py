"""The description of a run that --dry_run prints."""

import numpy as np

from tfgan2.data.class_names import listed_classes
from tfgan2.distribution.devices import uses_xla
from tfgan2.networks.costs import forward_flops


def description(run):
    """Returns the text of --dry_run: flags, data, networks with their parameters and operations, players, devices."""
    data, model, scaling = run.data, run.model, run.scaling
    lines = [run.settings.text(), f"data: {data.name}, {data.kind.size_text(data.size, data.shape)}"]
    if data.transparency:
        lines.append(f"  {data.transparency}")
    if data.labels is not None:
        counts = np.bincount(data.labels, minlength=len(data.class_names))
        lines.append(f"  classes: {listed_classes(data, counts)}")
    lines += [f"  {key}: {part.size:,} of {part.data.name}" for key, part in run.parts.items() if part.rows is not None]
    sign = "-" if scaling.offset >= 0 else "+"
    lines.append(f"  x -> (x {sign} {abs(scaling.offset):g}) / {scaling.scale:g} for the networks")
    if scaling.background is not None:
        lines.append("  the networks see the colours over the background, and the opacity")
    for role, network in model.networks.items():
        inputs, outputs = (
            ", ".join(str(tuple(tensor.shape[1:])) for tensor in tensors)
            for tensors in (network.inputs, network.outputs)
        )
        lines.append(f"{role}: {inputs} -> {outputs}, {network.count_params():,} parameters")
        rows = [(layer.name, type(layer).__name__, f"{layer.output.shape[1:]}") for layer in network.layers]
        widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
        lines += [
            "  " + "".join(map(str.ljust, row, widths)) + f"{layer.count_params():>12,}"
            for row, layer in zip(rows, network.layers, strict=True)
        ]
        per = f"pack of {model.packing} samples" if role == "discriminator" and model.packing > 1 else "sample"
        lines.append(f"  {forward_flops(network):,} floating-point operations per {per}")
    lines.append(
        "players: " + "; ".join(f"{player} moves {', '.join(roles)}" for player, roles in model.players.items())
    )
    xla = "XLA" if uses_xla(run.training.jit) else "no XLA"
    lines.append(f"devices: {model.distribute_strategy.num_replicas_in_sync}, {xla}")
    return "\n".join(lines)
