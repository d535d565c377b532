"""Looks once a second for changes that nobody told this machine of; a thread of each web process. Neighbour: core.freshness."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import DatabaseError, connection

from gensvar.core import freshness

STEP: Final = 1.0  # seconds

logger = logging.getLogger(__name__)


def begin() -> None:
    """Look from now on, until this process ends."""
    threading.Thread(target=_look_forever, name="pages", daemon=True).start()


def _look_forever() -> None:
    pause, away = threading.Event(), False
    while True:
        try:
            freshness.look(late=STEP)
            away = False
        except (DatabaseError, OSError) as error:
            if not away:
                logger.warning("The database does not answer; kept pages are shown meanwhile: %s", error)
            away = True
            connection.close()
        except Exception:
            logger.exception("Looking for changes of public pages failed; it is tried again.")
            connection.close()
        pause.wait(STEP)
