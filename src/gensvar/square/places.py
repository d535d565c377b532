"""Every place where the municipality is, as the square shows it; neighbours: contactpoints has the rows, context the footer."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DatabaseError
from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, get_language_info

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.queries import LISTED
from gensvar.contract.channel import capabilities_of, channel, names_of
from gensvar.contract.values import Address, Arrival
from gensvar.core import absence
from gensvar.core.remembering import while_unchanged
from gensvar.learning import gate as outcomes
from gensvar.learning.surveys import gate as surveys
from gensvar.learning.workshop import gate as workshop
from gensvar.people.models import Person
from gensvar.publishing.appearances import gate as appearances
from gensvar.publishing.positions import gate as positions

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
    page: str = ""  # its page with somebody else, where it has one: linked with rel="me"
    verified: bool = False  # that page links back to us


@dataclass(frozen=True, slots=True)
class Places:
    """The three groups of the directory."""

    dialogue: tuple[Place, ...]
    feeds: tuple[Place, ...]
    closed: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands round every page: the open places, and whether there is something of other kinds to lead to."""

    places: tuple[Place, ...] = ()
    outcomes: bool = False
    positions: bool = False
    experiments: bool = False
    surveys: bool = False
    appearances: bool = False


def directory() -> Places:
    """Every place that is open or was; those being prepared are nobody's business yet."""
    rows = list(_rows().filter(LISTED))
    live = [row for row in rows if row.state == ContactPoint.State.LIVE]
    return Places(
        tuple(_place(row) for row in live if row.place == ContactPoint.Place.DIALOGUE),
        tuple(_place(row) for row in live if row.place == ContactPoint.Place.FEED),
        tuple(_place(row) for row in rows if row.state == ContactPoint.State.CLOSED),
    )


def talking(places: Iterable[Place]) -> tuple[Place, ...]:
    """Those of them where somebody answers."""
    return tuple(one for one in places if one.answer_within is not None)


@while_unchanged
def around() -> Around | None:
    """The open places, the form first, and what else every page leads to; None where the database does not answer.

    Whether there are outcomes, positions, experiments, surveys and appearances is asked in the same statement: every page
    would need others.
    """
    try:
        rows = list(
            _rows()
            .filter(state=ContactPoint.State.LIVE)
            .annotate(
                has_outcomes=Exists(outcomes.public()),
                has_positions=Exists(positions.public()),
                has_experiments=Exists(workshop.public()),
                has_surveys=Exists(surveys.public()),
                has_appearances=Exists(appearances.public()),
            )
        )
    except DatabaseError as error:
        if not absence.tell(error):
            logger.warning("The ways to reach us are left out: the database does not answer.")
        return None
    rows.sort(key=lambda row: (not _is_form(row), row.name))
    return Around(
        tuple(_place(row) for row in rows),
        outcomes=any(row.has_outcomes for row in rows),
        positions=any(row.has_positions for row in rows),
        experiments=any(row.has_experiments for row in rows),
        surveys=any(row.has_surveys for row in rows),
        appearances=any(row.has_appearances for row in rows),
    )


def _rows() -> QuerySet[ContactPoint]:
    return ContactPoint.objects.select_related("function", "owner", "deputy").order_by("name")


def _place(row: ContactPoint) -> Place:
    dialogue = row.place == ContactPoint.Place.DIALOGUE
    return Place(
        kind=str(names_of(row.channel).place),
        name=row.name,
        address="" if _is_form(row) and not row.address.startswith("http") else row.address,
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
        icon=_icon(row.channel),
        pk=row.pk,
        page=row.page if row.state == ContactPoint.State.LIVE else "",
        verified=row.verified and row.state == ContactPoint.State.LIVE,
    )


def _is_form(row: ContactPoint) -> bool:
    return capabilities_of(row.channel).arrives == Arrival.FORM


def _icon(name: str) -> str:
    """The channel's own icon, by its name; _icon.html draws those that it knows and a bubble for all others."""
    try:
        return channel(name).icon
    except LookupError:
        return ""


def _link(row: ContactPoint) -> str:
    """Where that place is a click away: its own page, our form, a mail program, a telephone; or nothing."""
    address = row.web_address or row.address
    if address.startswith(("https://", "http://")):
        return address
    if _is_form(row):
        return reverse("square:write")
    return {
        Address.MAILBOX: f"mailto:{address}",
        Address.TELEPHONE: "tel:" + "".join(sign for sign in address if sign in "+0123456789"),
        Address.OWN: "",
    }[capabilities_of(row.channel).addresses]


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
