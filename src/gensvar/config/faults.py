"""Which page says that something broke: for what was sent while the database was away, the one that gives it back."""

from __future__ import annotations

import sys
from typing import Final

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse

from gensvar.core import commits
from gensvar.desk import unsent as staff
from gensvar.square import errors, unsent

STAFF: Final = ("/desk/", "/konto/")


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 for what was posted while the database was away: to the desk by staff, to any other address by anybody."""
    error = sys.exception()
    if request.method != "POST" or not isinstance(error, DatabaseError | InterfaceError):
        return errors.broken(request)
    page = staff.page if request.path_info.startswith(STAFF) else unsent.page
    return page(request, uncertain=commits.is_uncertain(error))
