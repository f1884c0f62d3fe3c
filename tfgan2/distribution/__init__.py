"""The devices and the processes that train one run together."""
