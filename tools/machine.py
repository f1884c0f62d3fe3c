"""The machine that a number was measured on, in words."""

import os
import platform


def machine(software=""):
    """Such as "x86_64, 2 cores, Python 3.11.7"; the last part is the given software, or Python."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {software or f'Python {platform.python_version()}'}"
