"""The training of the stages that come before a method's own training."""
