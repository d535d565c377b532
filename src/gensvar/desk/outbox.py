"""The outbox as staff see it: every outgoing word, where it stands, and how it was put together.

What belongs to a conversation is read by those who see the conversation. What carries a secret (a link that sets a
password) is read by nobody, and a resident's private link is covered; only the demo, where nothing leaves the machine,
shows it all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from gensvar.answers import queries as answers
from gensvar.answers.models import Delivery
from gensvar.answers.sentences import is_protected, recipient_shown
from gensvar.contract.addresses import TOKEN
from gensvar.conversations.queries import visible_to
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.desk.access import needs, user_of
from gensvar.desk.delivered import DeliveryShown, delivery_shown
from gensvar.desk.place import Place

PAGE: Final = 50
SHOWN: Final = 100_000  # characters of a composed mail; the rest is its files in base64
COVERED: Final = "•" * 8


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One line: the delivery, to whom it goes, where it stands, and whether this reader may read it."""

    delivery: Delivery
    to: str
    shown: DeliveryShown
    readable: bool
    secret: bool


def is_secret(delivery: Delivery) -> bool:
    """Whether the word may open something: a notice that belongs to no conversation, an invitation to a survey."""
    secret = delivery.kind in (Delivery.Kind.NOTICE, Delivery.Kind.SURVEY)
    return secret and delivery.conversation_id is None


def rows_for(user: User, deliveries: Sequence[Delivery]) -> list[OutboxRow]:
    """The lines for this reader; one query for which of their conversations the reader sees."""
    ids = {delivery.conversation_id for delivery in deliveries} - {None}
    seen = set(visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    contacts = settings.GENSVAR_DEMO or user.may(May.SEE_CONTACTS)
    return [
        _row(
            delivery,
            readable=settings.GENSVAR_DEMO or (not is_secret(delivery) and delivery.conversation_id in seen),
            contacts=contacts,
        )
        for delivery in deliveries
    ]


def _row(delivery: Delivery, *, readable: bool, contacts: bool) -> OutboxRow:
    return OutboxRow(
        delivery,
        _to(delivery, readable=readable, contacts=contacts),
        delivery_shown(delivery, contacts=contacts, reads=readable),
        readable,
        is_secret(delivery),
    )


def _to(delivery: Delivery, *, readable: bool, contacts: bool) -> str:
    """To whom it goes, by name and address: neither of a protected identity, nor of a resident before who may see neither."""
    name, address = delivery.recipient_name, recipient_shown(delivery, contacts=contacts, reads=readable)
    one_of_us = delivery.kind == Delivery.Kind.NOTICE
    if is_protected(delivery) or not name or not (readable or contacts or one_of_us):
        return address
    return f"{name} ({address})" if address else name


@needs(May.SEE_OUTBOX)
def outbox(request: HttpRequest) -> HttpResponseBase:
    """Deliveries newest first, fifty at a time by key, by state where one is chosen."""
    found: QuerySet[Delivery] = answers.outbox(user_of(request))
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
        "rows": rows_for(user_of(request), rows[:PAGE]),
        "states": Delivery.State.choices,
        "state": state,
        "following": following + (f"&state={state}" if state else "") if following else "",
        "kept": settings.GENSVAR_MAIL_OUT == "kept",
    }
    return render(request, "desk/outbox.html", context)


@needs(May.SEE_OUTBOX)
def delivery(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One outgoing word: where it stands and what was or will be handed over. Looking into secrets is refused."""
    found = get_object_or_404(answers.outbox(user_of(request)), pk=pk)
    (row,) = rows_for(user_of(request), [found])
    if not row.readable:
        raise PermissionDenied(_("This message is shown only to those whom it concerns."))
    raw = found.read_raw() if found.raw_size else b""  # composed at the first try, not before
    composed = raw.decode("utf-8", "replace") if settings.GENSVAR_DEMO else _opened(raw)
    if is_protected(found):
        composed = ""  # its headers say name and address; the text above is all that one needs
    context = {
        "row": found,
        "shown": row.shown,
        "to": row.to,
        "text": found.text if settings.GENSVAR_DEMO else TOKEN.sub(COVERED, found.text),
        "identifier": TOKEN.sub(COVERED, found.message_identifier),
        "raw": composed[:SHOWN],
        "cut": len(composed) > SHOWN,
        "covered": is_protected(found),
    }
    return render(request, "desk/delivery.html", context)


def _opened(raw: bytes) -> str:
    """A composed mail's headers and text, decoded, with every token of a private link or reply address covered."""
    if not raw:
        return ""
    mail = message_from_bytes(raw, policy=default)
    headers = "\n".join(f"{name}: {value}" for name, value in mail.items())
    body = mail.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return TOKEN.sub(COVERED, f"{headers}\n\n{text}")
