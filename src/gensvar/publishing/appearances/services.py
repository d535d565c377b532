"""What is done with appearances: entered by those who may publish, corrected and withdrawn with a reason.

Entering shows it to everybody at once. What was public is kept: before a correction as a row of its own. Neighbour: gate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, topics
from gensvar.core.access import require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Function, Person
from gensvar.people.queries import could_speak_on
from gensvar.publishing.appearances import kind
from gensvar.publishing.appearances.events import AppearanceChanged
from gensvar.publishing.appearances.models import Appearance, EarlierTelling
from gensvar.publishing.events import EntryChanged
from gensvar.publishing.posts.blocks import can_be_followed
from gensvar.publishing.services import NotPublishable, left_in

LONGEST: Final = {"place": 200, "link": 1000, "reason": 500}  # characters
EARLIEST: Final = dt.date(2000, 1, 1)  # as far back as the pages of voices count
NEWS: Final = dt.timedelta(
    days=30
)  # what is entered later than that after its day is history, and nobody's news


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of an appearance; the day is the municipality's, `link` may be empty."""

    kind: str
    person: Person
    function: Function
    day: dt.date
    place: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams that an appearance stands in."""

    function: str  # a slug
    topics: frozenset[str]  # slugs
    person: int

    @classmethod
    def of(cls, row: Appearance) -> Streams:
        """Where it stands now."""
        return cls(row.function.slug, frozenset(row.topics.values_list("slug", flat=True)), row.person_id)


def place_of(day: dt.date, entered_at: dt.datetime) -> dt.datetime:
    """Where it belongs among all that is told: when it was entered or, entered long after, at noon of its own day.

    So that years of interviews, entered in one afternoon, fill no letter. The day is the municipality's, times are aware.
    """
    own = clock.begins(day) + dt.timedelta(hours=12)
    return entered_at if entered_at - own <= NEWS else own


@transaction.atomic
def enter(facts: Facts, about: Sequence[str], *, by: User) -> Appearance:
    """Show it to everybody. Raises NotAllowed, NotPublishable with every reason why not."""
    require(by, May.PUBLISH)
    facts = _checked(facts)
    if Appearance.objects.filter(withdrawn_at__isnull=True, **_columns(facts)).exists():
        raise NotPublishable([_("Exactly this stands there already. Nothing was entered.")])
    now = clock.now()
    row = Appearance.objects.create(
        entered_at=now, told_at=place_of(facts.day, now), entered_by=by, **_columns(facts)
    )
    row.topics.set(topics.in_use().filter(slug__in=list(about)))
    _tell(row)
    audit.note(by, "appearances.entered", row, person=facts.person.pk)
    return row


@transaction.atomic
def correct(row: Appearance, facts: Facts, reason: str, *, by: User) -> None:
    """Tell it otherwise from now on; what stood there and why it changed stay readable. Raises NotAllowed, NotPublishable."""
    row = _standing(row, by)
    reason = _reason(reason, _("Say what was wrong; everybody reads the reason."))
    facts = _checked(facts)
    before = {name: getattr(row, name) for name in _columns(facts)}
    streams = Streams.of(row)
    if before == _columns(facts):
        raise NotPublishable([_("That is what stands there already. Nothing was changed.")])
    EarlierTelling.objects.create(appearance=row, until=clock.now(), reason=reason, by=by, **before)
    for name, value in _columns(facts).items():
        setattr(row, name, value)
    row.save(update_fields=list(before))
    _tell(row, before=streams)
    audit.note(by, "appearances.corrected", row, reason=reason[:200])


@transaction.atomic
def save_topics(row: Appearance, about: Sequence[str], *, by: User) -> None:
    """Say what it was about. Unknown words are left aside. Raises NotAllowed, NotPublishable."""
    row = _standing(row, by)
    chosen = list(topics.in_use().filter(slug__in=list(about)))
    before = Streams.of(row)
    row.topics.set(chosen)
    _tell(row, before=before)
    audit.note(by, "appearances.topics", row, topics=[one.slug for one in chosen])


@transaction.atomic
def withdraw(row: Appearance, reason: str, *, by: User) -> None:
    """Tell it no longer; that it was withdrawn stays to be read. Raises NotAllowed, NotPublishable without a reason."""
    row = _standing(row, by)
    reason = _reason(reason, _("Say why it is withdrawn; the reason is kept."), public=False)
    row.withdrawn_at, row.withdrawn_reason = clock.now(), reason
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _tell(row)
    audit.note(by, "appearances.withdrawn", row, reason=reason[:200])


def _tell(row: Appearance, before: Streams | None = None) -> None:
    """Who counts voices, and the readers of the streams that it stands in or stood in, learn of it."""
    kind.refresh(row.pk)
    emit(AppearanceChanged(row.pk))
    after = Streams.of(row)
    streams = {after, before or after}
    emit(
        EntryChanged(
            functions=sorted({one.function for one in streams}),
            topics=sorted({slug for one in streams for slug in one.topics}),
            persons=sorted({one.person for one in streams}),
        )
    )


def _standing(row: Appearance, by: User) -> Appearance:
    """The row as it is now, kept so until the transaction ends."""
    require(by, May.PUBLISH)
    rows = Appearance.objects.select_for_update(of=("self",)).select_related("person", "function")
    found = rows.get(pk=row.pk)
    if found.withdrawn_at is not None:
        raise NotPublishable([_("It has been withdrawn. Nothing was changed.")])
    return found


def _columns(facts: Facts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in Facts.__slots__}


def _checked(facts: Facts) -> Facts:
    place = " ".join(facts.place.split())[: LONGEST["place"]]
    link = facts.link.strip()
    reasons = [] if place else [_("Say where it was, or with whom.")]
    if not EARLIEST <= facts.day <= clock.today():
        reasons.append(_("Choose a day from 2000 until today: what is still to come has not been said."))
    elif not could_speak_on(facts.day).filter(person=facts.person, function=facts.function).exists():
        reasons.append(
            _("%(person)s did not speak for %(function)s on that day.")
            % {"person": facts.person, "function": facts.function}
        )
    if link and (len(link) > LONGEST["link"] or not can_be_followed(link)):
        reasons.append(_("This is no address of a page. It begins with https:// and the name of a site."))
    reasons += left_in(place)
    if reasons:
        raise NotPublishable(reasons)
    return Facts(facts.kind, facts.person, facts.function, facts.day, place, link)


def _reason(reason: str, missing: str, *, public: bool = True) -> str:
    reason = " ".join(reason.split())[: LONGEST["reason"]]
    reasons = [] if reason else [missing]
    if public:
        reasons += left_in(reason)
    if reasons:
        raise NotPublishable(reasons)
    return reason
