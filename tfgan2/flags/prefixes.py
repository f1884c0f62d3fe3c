"""The first part of a method's flags."""

OWN_METHOD = "method"
"""Of the flags of a method of the user's own, --method=module:Class: --method.margin is its argument `margin`."""


def method_prefix(name: str) -> str:
    """The first part of the flags of the method that `name` chooses."""
    return OWN_METHOD if ":" in name else name
