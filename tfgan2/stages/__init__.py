"""The run of stages that come before a method's own training."""
