"""Every place where the municipality is, as the square shows it; neighbours: contactpoints has the rows, context the footer."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.contract.channel import channels
from gensvar.people.models import Person

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """One place in words. `address` and `link` may be empty; `who` names persons only who agreed to be named."""

    kind: str
    name: str
    address: str
    link: str
    function: str
    who: str
    purpose: str
    hours: str
    languages: str
    notice: str
    archiving: str
    answer_within: int | None  # working days; None where nobody answers
    opened_on: dt.date | None
    closed_on: dt.date | None
    icon: str
    pk: int = 0  # of its row


@dataclass(frozen=True, slots=True)
class Places:
    """The three groups of the directory."""

    dialogue: tuple[Place, ...]
    feeds: tuple[Place, ...]
    closed: tuple[Place, ...]


def directory() -> Places:
    """Every place that is open or was; those being prepared are nobody's business yet."""
    rows = list(_rows().exclude(state=ContactPoint.State.DRAFT))
    live = [row for row in rows if row.state == ContactPoint.State.LIVE]
    return Places(
        tuple(_place(row) for row in live if row.place == ContactPoint.Place.DIALOGUE),
        tuple(_place(row) for row in live if row.place == ContactPoint.Place.FEED),
        tuple(_place(row) for row in rows if row.state == ContactPoint.State.CLOSED),
    )


def ways_in() -> tuple[Place, ...] | None:
    """The places where one can talk with us, the form first; None where the database does not answer."""
    try:
        rows = list(_rows().filter(state=ContactPoint.State.LIVE, place=ContactPoint.Place.DIALOGUE))
    except DatabaseError:
        logger.warning("The ways to reach us are left out: the database does not answer.")
        return None
    return tuple(_place(row) for row in sorted(rows, key=lambda row: (row.channel != "web", row.name)))


def _rows() -> QuerySet[ContactPoint]:
    return ContactPoint.objects.select_related("function", "owner", "deputy").order_by("name")


def _place(row: ContactPoint) -> Place:
    dialogue = row.place == ContactPoint.Place.DIALOGUE
    return Place(
        kind=_kind(row.channel),
        name=row.name,
        address="" if row.channel == "web" and not row.address.startswith("http") else row.address,
        link=_link(row),
        function=str(row.function),
        who=_who(row.owner, row.deputy),
        purpose=row.purpose,
        hours=row.hours,
        languages=_languages(row.languages),
        notice=row.notice,
        archiving=row.archiving,
        answer_within=row.answer_within if dialogue else None,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        icon=row.channel if row.channel in {"web", "email", "phone", "letter", "meeting"} else "other",
        pk=row.pk,
    )


def _kind(name: str) -> str:
    """What a form of talking is called here; one from another package brings its own name."""
    own = {
        "web": _("Form on this website"),
        "email": _("E-mail"),
        "phone": _("Telephone"),
        "letter": _("Letter"),
        "meeting": _("Meet us"),
        "feed": _("Feed"),
    }
    if name in own:
        return own[name]
    found = channels().get(name)
    return found.label() if found else name.capitalize()


def _link(row: ContactPoint) -> str:
    address = row.address
    if row.channel == "email":
        return f"mailto:{address}"
    if row.channel == "phone":
        return "tel:" + "".join(character for character in address if character in "+0123456789")
    if address.startswith(("https://", "http://")):
        return address
    return reverse("square:write") if row.channel == "web" else ""


def _who(*persons: Person | None) -> str:
    return ", ".join(
        person.name for person in persons if person is not None and person.shown and person.active
    )


def _languages(codes: str) -> str:
    """The languages of a place in words; their names are common nouns in Swedish, proper ones in English."""
    names = ", ".join(_language(code.strip()) for code in codes.replace(";", ",").split(",") if code.strip())
    return names.capitalize() if get_language() == "sv" else names


def _language(code: str) -> str:
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code
