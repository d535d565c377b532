"""Named places where a test may end the process with kill -9; without GENSVAR_STOP_FILE each is one dictionary look-up."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from setproctitle import getproctitle

NAMES: frozenset[str] = frozenset(
    {
        "intake.before_store",
        "intake.after_file",
        "intake.before_commit",
        "intake.after_commit",
        "worker.after_claim",
        "worker.after_prepare",
        "worker.before_commit",
        "worker.after_commit",
        "answers.before_commit",
        "answers.after_commit",
        "delivery.before_send",
        "delivery.after_send",
        "delivery.after_settle",
        "pages.before_raise",
    }
)
_file = os.environ.get("GENSVAR_STOP_FILE")


def stop(name: str) -> None:
    """End this process at once if the stop file names this place; the file is removed first, so that it happens once.

    The title of the process that was ended is left beside it, in a file with the ending `.by`.
    """
    if _file is None:
        return
    path = Path(_file)
    try:
        wanted = path.read_text().strip()
        if wanted != name:
            return
        path.unlink()
    except FileNotFoundError:
        return
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(getproctitle())
    unfinished.replace(path.with_suffix(".by"))
    os.kill(os.getpid(), signal.SIGKILL)
