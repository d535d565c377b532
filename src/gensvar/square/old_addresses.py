"""Leads the addresses of an old blog that came home to where its words stand now; asked only where nothing of ours stands.

Neighbours: errors asks before it says that there is nothing, pages for the numbers of old at the root.
"""

from __future__ import annotations

import logging

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from gensvar.core import absence
from gensvar.publishing.wordpress import addresses

logger = logging.getLogger(__name__)


def moved(request: HttpRequest) -> HttpResponse | None:
    """A permanent redirect (RFC 9110, 15.4.2) to an address of ours, or None; without the database always None."""
    if request.method not in {"GET", "HEAD"} or request.path_info.startswith(
        ("/desk/", "/media/", "/static/")
    ):
        return None
    try:
        host = request.get_host().rpartition("@")[2].partition(":")[0].lower()
        there = addresses.find(host, request.path_info, request.GET.dict())
    except DatabaseError as error:
        if not absence.tell(error):
            logger.warning("An old address could not be looked up: %s", error)
        return None
    except DisallowedHost:  # Django tells the log
        return None
    return HttpResponsePermanentRedirect(there) if there else None
