"""The first part of a method's flags."""

OWN_METHOD = "method"
"""Prefix for a method of the user, --method=module:Class. For example, --method.margin is its argument `margin`."""


def method_prefix(name: str) -> str:
    """Returns the first part of the flags of a method. `name` is the value of --method."""
    return OWN_METHOD if ":" in name else name
