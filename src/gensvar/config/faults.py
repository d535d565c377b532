"""Which page says that something broke: while the database is away, one that asks to come again or gives back what was sent."""

from __future__ import annotations

import sys
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from gensvar.core import commits
from gensvar.desk import unsent as staff
from gensvar.square import errors, unsent

STAFF: Final = ("/desk/", "/konto/")


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away: for every page, and for what was posted, by staff or by anybody."""
    error = sys.exception()
    if request.method in {"GET", "HEAD"} and isinstance(error, OperationalError | InterfaceError):
        return errors.asleep(request)
    if request.method != "POST" or not isinstance(error, DatabaseError | InterfaceError):
        return errors.broken(request)
    page = staff.page if request.path_info.startswith(STAFF) else unsent.page
    return page(request, uncertain=commits.is_uncertain(error))
