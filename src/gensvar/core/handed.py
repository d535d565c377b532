"""What config hands to the rooms: tables in which a room finds what only later rooms know, without importing them.

A setting names the module, so that a command of few rooms can have a smaller one (config/few_rooms.py).
"""

from __future__ import annotations

import importlib
from typing import Any

from django.conf import settings


def table(setting: str, name: str, *otherwise: Any) -> Any:
    """The table of that name in the module that the setting names; `otherwise` where the module has none.

    Raises AttributeError where nothing is given for that: to do without the table would be wrong.
    """
    return getattr(importlib.import_module(getattr(settings, setting)), name, *otherwise)
