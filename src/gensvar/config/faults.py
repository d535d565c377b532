"""Which page says that something broke: the desk's own where a press was lost with the database, else the public one."""

from __future__ import annotations

import sys
from typing import Final

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse

from gensvar.core import commits
from gensvar.desk import unsent
from gensvar.square import errors

STAFF: Final = ("/desk/", "/konto/")


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 for what staff posted while the database was away."""
    error = sys.exception()
    lost = isinstance(error, DatabaseError | InterfaceError)
    if lost and request.method == "POST" and request.path_info.startswith(STAFF):
        return unsent.page(request, uncertain=commits.is_uncertain(error))
    return errors.broken(request)
