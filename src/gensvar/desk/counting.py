"""What limits a log-in is one for all web processes on all machines; everything else that is cached is the process's own.

django-allauth counts attempts, and remembers which codes of a second factor were used (RFC 6238 § 5.2), in Django's default cache.
In each process's memory five attempts would be five for each of them, a code would open once in each, and a start forgets both.
Neighbours: accounts, second_factor; why not Django's own cache in the database: docs/why/decisions.md, 129.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

from gensvar.core import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from gensvar.desk.models import LogInCount

SHARED: Final = "allauth"  # how the keys of django-allauth begin
LONGEST: Final = 24 * 3600.0  # seconds, for what asks to be kept for ever


class LogInsShared(LocMemCache):
    """This process's memory, but for allauth's keys: their values are rows, of JSON, under a keyed digest that names nobody.

    `clear` empties the memory alone. Raises DatabaseError where the rows cannot be asked: then nobody logs in either.
    """

    def add(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep it if nothing is kept there; of any number who do so at once one is told True."""
        if not _is_shared(key):
            return super().add(key, value, timeout, version)
        fresh = {"value": value, "until": self._until(timeout)}
        if _rows(key).filter(until__lte=clock.now()).update(**fresh):
            return True
        _row, made = _model().objects.get_or_create(digest=_digest(key), defaults=fresh)
        return made

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is kept there and has not run out."""
        if not _is_shared(key):
            return super().get(key, default, version)
        found = _rows(key).filter(until__gt=clock.now()).values_list("value", flat=True)
        return next(iter(found), default)

    def set(
        self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep it instead of what is there, and take away what has run out."""
        if not _is_shared(key):
            super().set(key, value, timeout, version)
            return
        model = _model()
        model.objects.bulk_create(
            [model(digest=_digest(key), value=value, until=self._until(timeout))],
            update_conflicts=True,
            unique_fields=["digest"],
            update_fields=["value", "until"],
        )
        model.objects.filter(until__lte=clock.now()).delete()

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget it; whether there was something."""
        if not _is_shared(key):
            return super().delete(key, version)
        return bool(_rows(key).delete()[0])

    def _until(self, timeout: float | None) -> dt.datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return clock.now() + dt.timedelta(seconds=LONGEST if seconds is None else seconds)


def _is_shared(key: Any) -> bool:
    return str(key).startswith(SHARED)


def _digest(key: Any) -> str:
    """The key holds an address of the network or of a person."""
    return hmac.new(
        settings.SECRET_KEY.encode(), f"desk.counting\0{key}".encode(), hashlib.sha256
    ).hexdigest()


def _rows(key: Any) -> QuerySet[LogInCount]:
    return _model().objects.filter(digest=_digest(key))


def _model() -> type[LogInCount]:
    """Only now: the cache is there before the models are."""
    from gensvar.desk.models import LogInCount

    return LogInCount
