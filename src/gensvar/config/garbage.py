"""Spares a process the look for garbage where there is hardly any: while modules are imported, and through them ever after.

Neighbours: commands.setting_up and processes.web. Why: docs/why/decisions.md, 132.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """What the block imports stays until the process ends: nobody looks through it for garbage, now or later."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looks:
            gc.enable()
