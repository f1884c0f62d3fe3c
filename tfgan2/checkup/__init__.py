"""Checks of the installation, the machine, the data and the cluster, for tfgan2.doctor."""
