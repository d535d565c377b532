"""Which page says that something broke: while the database or a disk is away, one that asks to come again or gives back what was sent."""

from __future__ import annotations

import errno
import sys
from collections.abc import Collection
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from gensvar.core import commits
from gensvar.desk import unsent as staff
from gensvar.square import errors, unsent

STAFF: Final = ("/desk/", "/konto/")
NOT_WRITTEN: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})  # what a disk says
NOT_READ: Final = NOT_WRITTEN | {
    errno.ENOENT,
    errno.ESTALE,
}  # a folder that is not mounted looks like a lost file


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database or a disk is away: for every page, and for what was posted, by staff or by anybody."""
    error = sys.exception()
    looked = request.method in {"GET", "HEAD"}
    if looked and (isinstance(error, OperationalError | InterfaceError) or _disk_says(error, NOT_READ)):
        return errors.asleep(request)
    if request.method != "POST" or not _left_nothing(error):
        return errors.broken(request)
    page = staff.page if request.path_info.startswith(STAFF) else unsent.page
    return page(request, uncertain=commits.is_uncertain(error))


def _left_nothing(error: BaseException | None) -> bool:
    """Whether what was posted was not kept (but for what commits knows); of anything else nobody can say so."""
    return isinstance(error, DatabaseError | InterfaceError) or _disk_says(error, NOT_WRITTEN)


def _disk_says(error: BaseException | None, numbers: Collection[int]) -> bool:
    return isinstance(error, OSError) and error.errno in numbers
