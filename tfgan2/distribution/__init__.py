"""Devices and worker processes that train one run together."""
