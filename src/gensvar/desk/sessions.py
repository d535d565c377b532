"""Takes away sessions that have run out: words that a refused form gave back may still lie in one (desk.refused)."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

from django.conf import settings

from gensvar.core.recurring import TimeCame, recurring


@recurring
def forget_expired(fact: TimeCame) -> dt.datetime:
    """Recurring: Django leaves them where they are."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return fact.next_time()
