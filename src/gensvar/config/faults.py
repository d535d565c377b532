"""Which page says that something broke: the desk's own where a press was lost with the database, else the public one."""

from __future__ import annotations

import sys

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse

from gensvar.desk import unsent
from gensvar.square import errors


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 for what staff posted while the database was away."""
    lost = isinstance(sys.exception(), DatabaseError | InterfaceError)
    if lost and request.method == "POST" and request.path_info.startswith("/desk/"):
        return unsent.page(request)
    return errors.broken(request)
