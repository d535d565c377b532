"""Ends this process when the one that started it is gone, however that one ended: kill -9 leaves no orphans.

Linux tells at once (PR_SET_PDEATHSIG); a watching thread finds out within half a second everywhere.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from typing import Final

STARTER: Final = "GENSVAR_STARTER"  # in a child's environment: the process id of who started it
STEP: Final = 0.5  # seconds between two looks
GRACE: Final = 6.0  # seconds from the asking to the killing
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


def hold_to_starter() -> None:
    """End with the process that GENSVAR_STARTER names; without it this process stands on its own."""
    if starter := os.environ.pop(STARTER, ""):
        hold(int(starter))


def hold(parent: int, *, at_once: bool = False) -> None:
    """Send ourselves SIGTERM when `parent` (a process id) is no longer our parent, and SIGKILL if we then linger.

    With `at_once` it is SIGKILL from the beginning: for a process that may hang while it stops, holding locks.
    Call it in the main thread, in each process anew: neither the request nor the thread outlives a fork.
    """
    first = signal.SIGKILL if at_once else signal.SIGTERM
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, first, 0, 0, 0)
    threading.Thread(target=_watch, args=(parent, first), name="lifeline", daemon=True).start()


def _watch(parent: int, first: signal.Signals) -> None:
    while os.getppid() == parent:
        time.sleep(STEP)
    os.kill(os.getpid(), first)
    time.sleep(GRACE)
    os.kill(os.getpid(), signal.SIGKILL)
