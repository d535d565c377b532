"""When Python does not look for garbage: while modules are read hardly any of it ever is, and looking takes a fifth of the time.

Asks no Django. Neighbours: the start of every process (config.commands.setting_up, config.processes.web).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_looked_for() -> Iterator[None]:
    """Read modules inside the block; afterwards it is as before."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()
