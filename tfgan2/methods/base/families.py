"""The networks of a method, made by a network family and checked."""

import inspect

import keras


class FamilyError(ValueError):
    """A network family lacks a network of the method, or its network does not fit the method."""


def network_of(family, name, *arguments, output_shape=None, **options):
    """Makes a network: `family.name(*arguments, **options)`.

    Args:
      family: A network family.
      name: Name of its method.
      *arguments: Arguments of that method. The first one is the shape of a sample.
      output_shape: Shape of one output; None if any shape is accepted.
      **options: Keyword arguments of that method.

    Raises:
      FamilyError: the family has no such method, or the method takes other arguments or does not return a built
        `keras.Model` with inputs and outputs.
      ValueError: the family has no such network for the shape.
    """
    make = getattr(family, name, None)
    call = f"{name}(sample_shape{''.join(f', {option}=...' for option in options)})"
    if not callable(make):
        raise FamilyError(f"it has no method {call}.")
    try:
        inspect.signature(make).bind(*arguments, **options)
    except TypeError as error:
        raise FamilyError(f"its {name} must be called as {call}: {error}.") from None
    network = make(*arguments, **options)
    if not (isinstance(network, keras.Model) and network.built and getattr(network, "inputs", None)):
        raise FamilyError(
            f"its {name} returns {type(network).__name__}; it must return a keras.Model that is made of a keras.Input."
        )
    made = tuple(network.outputs[0].shape[1:])
    if output_shape is not None and made != tuple(output_shape):
        raise FamilyError(
            f"its {name} has the output shape {list(made)}; it must be {list(output_shape)}, as the method needs it."
        )
    return network


def networks_of(family, shape, roles, *, packing=1):
    """The networks of some roles. The family's method of the same name makes each.

    Args:
      family: Network family.
      shape: Shape of one sample.
      roles: Names of roles, the generator before the encoder. The generator makes samples, the discriminator gives one
        logit for each, the encoder gives latents of the generator.
      packing: Number of samples that the discriminator sees at once, joined along their last axis.

    Raises:
      FamilyError: as `network_of`, or the discriminator augments single samples and sees several.
    """
    networks, outputs = [], {"generator": shape, "discriminator": (1,)}
    if packing > 1 and getattr(family, "augmentation", ()):
        raise FamilyError("its augmentation changes single images, and packing joins them. Leave one of them out.")
    packs = (*shape[:-1], packing * shape[-1])
    for role in roles:
        seen = packs if role == "discriminator" else shape
        network = network_of(family, role, seen, output_shape=outputs.get(role))
        if role == "generator":
            outputs["encoder"] = network.inputs[0].shape[1:]
        networks.append(network)
    return networks
