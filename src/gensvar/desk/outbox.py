"""The outbox as staff see it: every outgoing word, where it stands, and how it was put together.

Mail that carries a secret (a link that sets a password) is listed, but what it says is shown to nobody; only the demo,
where nothing leaves the machine, shows it.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from gensvar.answers import queries as answers
from gensvar.answers.models import Delivery
from gensvar.core.roles import May
from gensvar.desk import pane
from gensvar.desk.access import needs, user_of
from gensvar.desk.place import Place

PAGE = 50
SHOWN = 100_000  # bytes of a composed mail; the rest is its files in base64


def secret(delivery: Delivery) -> bool:
    """Whether the word may open something: a notice that belongs to no conversation."""
    return delivery.kind == Delivery.Kind.NOTICE and delivery.conversation_id is None


def readable(delivery: Delivery) -> bool:
    """Whether staff may read what it says."""
    return settings.GENSVAR_DEMO or not secret(delivery)


@needs(May.SEE_OUTBOX)
def outbox(request: HttpRequest) -> HttpResponseBase:
    """Deliveries newest first, fifty at a time by key, by state where one is chosen."""
    found: QuerySet[Delivery] = answers.outbox(user_of(request)).select_related(
        "conversation", "function", "person"
    )
    state = request.GET.get("state", "")
    if state in Delivery.State.values:
        found = found.filter(state=state)
    place = Place.read(request.GET)
    if place.before:
        at, pk = place.before
        found = found.filter(created_at__lte=at).exclude(created_at=at, pk__gte=pk)
    rows = list(found.defer("raw", "text")[: PAGE + 1])
    following = (
        place.but(before=(rows[PAGE - 1].created_at, rows[PAGE - 1].pk)).query if len(rows) > PAGE else ""
    )
    context = {
        "rows": [(row, pane.delivery_shown(row), readable(row)) for row in rows[:PAGE]],
        "states": Delivery.State.choices,
        "state": state,
        "following": following + (f"&state={state}" if state else "") if following else "",
        "kept": settings.GENSVAR_MAIL_OUT == "kept",
    }
    return render(request, "desk/outbox.html", context)


@needs(May.SEE_OUTBOX)
def delivery(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One outgoing word: where it stands and the very bytes that were or will be handed over."""
    row = get_object_or_404(answers.outbox(user_of(request)), pk=pk)
    if not readable(row):
        raise PermissionDenied(
            _("This message carries a secret link and is shown only to the one it was sent to.")
        )
    raw = row.read_raw() if row.raw_size else b""  # composed at the first try, not before
    context = {
        "row": row,
        "shown": pane.delivery_shown(row),
        "raw": raw[:SHOWN].decode("utf-8", "replace"),
        "cut": len(raw) > SHOWN,
    }
    return render(request, "desk/delivery.html", context)
