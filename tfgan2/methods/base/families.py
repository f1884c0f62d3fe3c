"""The networks of a method, asked of a family and checked."""

import inspect

import keras


class FamilyError(ValueError):
    """A family of networks lacks a network of the method, or makes it in another way than the method needs it."""


def network_of(family, name, *arguments, output_shape=None, **options):
    """The network that `family.name(*arguments, **options)` makes.

    Args:
      family: of networks.
      name: of its method.
      *arguments: of the method, the first of them the shape of a sample.
      output_shape: of one output, where it is known before.
      **options: of the method.

    Raises:
      FamilyError: the family has no such method, or the method takes other arguments or returns something else than a
        built `keras.Model` with inputs and outputs.
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
            f"its {name} has the output shape {list(made)}; it must be {list(output_shape)}, the shape of a sample."
        )
    return network
