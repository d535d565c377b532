"""What is done with positions: written, decided from a day on, changed by a new wording, withdrawn. Nothing is taken away.

Neighbours: models holds what was public fast, telling says that something became so, causes reads what led to a wording.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, topics
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.personal_data import Kind
from gensvar.core.roles import May
from gensvar.people.models import Function, Person
from gensvar.people.queries import held_by, person_of
from gensvar.people.speaking import silent
from gensvar.publishing.positions import telling
from gensvar.publishing.positions.causes import Led
from gensvar.publishing.positions.models import Cause, Position, Wording
from gensvar.publishing.services import NotPublishable, left_in

_NEVER: Final = frozenset({Kind.SECRET_LINK, Kind.IDENTITY_NUMBER})
_TICK: Final = dt.timedelta(microseconds=1)


class SavedElsewhere(NotPublishable):
    """Somebody saved this draft after it was opened here; nothing was changed. `draft` is as it stands now."""

    def __init__(self, draft: Wording) -> None:
        super().__init__(
            [_("%(who)s saved this draft meanwhile. Nothing was changed.") % {"who": draft.written_by}]
        )
        self.draft = draft


@dataclass(frozen=True, slots=True)
class Written:
    """What an editor wrote: Swedish always, English if they wish, and who stands behind it."""

    title: str
    text: str
    person: Person
    function: Function  # that the person speaks for
    title_en: str = ""
    text_en: str = ""
    reason: str = ""
    reason_en: str = ""
    causes: Sequence[Led] = ()


@transaction.atomic
def begin(written: Written, function: Function, about: Sequence[str], *, by: User) -> Wording:
    """A new position with the draft of its first wording; `about` are slugs of topics. Raises NotPublishable."""
    require(by, May.PUBLISH)
    position = Position.objects.create(function=function, begun_at=clock.now(), begun_by=by)
    position.topics.set(topics.in_use().filter(slug__in=list(about)))
    audit.note(by, "positions.begun", position)
    return _write(position, Wording(position=position), written, by)


@transaction.atomic
def propose(slug: str, titles: tuple[str, str], *, function: str, about: Sequence[str], by: User) -> Position:
    """A new position from a playbook: its address, its headlines (Swedish, English), and a draft with no words yet.

    `function` and `about` are slugs. Whoever takes the playbook in has begun it and stands behind the empty draft.
    Raises NotAllowed, ValidationError.
    """
    require(by, May.MANAGE_PLAYBOOKS)
    person, owner = person_of(by), Function.objects.filter(slug=function, active=True).first()
    if person is None or owner is None:
        raise ValidationError(_("A draft needs a person and a function. Nothing was changed."))
    position = Position(slug=slug, function=owner, begun_at=clock.now(), begun_by=by)
    position.full_clean()
    position.save()
    position.topics.set([one for one in map(topics.find, about) if one is not None])
    title, title_en = (" ".join(one.split()) for one in titles)
    draft = Wording(position=position, title=title, title_en=title_en, person=person, function=owner)
    draft.written_at, draft.written_by = clock.now(), by
    draft.save()
    audit.note(by, "positions.proposed", position, slug=slug)
    return position


@transaction.atomic
def write(position: Position, written: Written, *, by: User, seen: dt.datetime | None = None) -> Wording:
    """Save the one draft of a position, or begin it. `seen` is when the draft was saved that the editor had before them.

    Raises NotPublishable where a decided wording waits for its day, SavedElsewhere (one of them) for a newer draft.
    """
    require(by, May.PUBLISH)
    position = _locked(position)
    if (coming := waiting(position)) is not None:
        raise NotPublishable([_said_of_coming(coming)])
    draft = draft_of(position)
    if draft is not None and draft.written_at != seen:
        raise SavedElsewhere(draft)
    return _write(position, draft or Wording(position=position), written, by)


@transaction.atomic
def describe(position: Position, function: Function, about: Sequence[str], *, by: User) -> None:
    """Say which function owns it and what it is about; its words stay as they are."""
    require(by, May.PUBLISH)
    position = _locked(position)
    before = telling.streams_of(position)
    if position.function_id != function.pk:
        position.function = function
        position.save(update_fields=["function"])
    position.topics.set(topics.in_use().filter(slug__in=list(about)))
    audit.note(by, "positions.described", position, function=function.slug, topics=sorted(about))
    telling.tell_described(position, before)


@transaction.atomic
def decide(draft: Wording, *, by: User, on: dt.date | None = None) -> Wording:
    """Let the public see it: now, or from the beginning of a day to come (the municipality's). Raises NotPublishable."""
    require(by, May.PUBLISH)
    position = _locked(draft.position)
    found = draft_of(position)
    if found is None or found.pk != draft.pk:
        raise NotPublishable([_("This draft is no draft any more. Nothing was changed.")])
    now, last = clock.now(), last_decided(position)
    if reasons := _reasons(found, last, on):
        raise NotPublishable(reasons)
    if not position.slug:
        position.slug = _address(found.title)
        position.save(update_fields=["slug"])
    found.position = position
    _settle(found, now if on is None else _beginning(on), last, by)
    audit.note(by, "positions.decided", found, on=str(on or ""))
    return found


@transaction.atomic
def take_back(wording: Wording, *, by: User) -> Wording:
    """Make a draft again of a wording whose day has not come. Raises NotPublishable where it has."""
    require(by, May.PUBLISH)
    position = _locked(wording.position)
    coming = waiting(position)
    if coming is None or coming.pk != wording.pk:
        raise NotPublishable(
            [_("Its day has come: the public has read it, and it stays. Write a new wording.")]
        )
    if draft_of(position) is not None:
        raise NotPublishable([_("There is another draft already. Nothing was changed.")])
    coming.decided_at = coming.decided_by = coming.holds_from = None
    coming.save()
    audit.note(by, "positions.taken_back", coming)
    return coming


@transaction.atomic
def discard(draft: Wording, *, by: User) -> None:
    """Lay a draft aside that nobody wants; it is kept. Raises NotPublishable for what is no draft."""
    require(by, May.PUBLISH)
    found = draft_of(_locked(draft.position))
    if found is None or found.pk != draft.pk:
        raise NotPublishable([_("This draft is no draft any more. Nothing was changed.")])
    found.discarded_at = clock.now()
    found.save(update_fields=["discarded_at"])
    audit.note(by, "positions.discarded", found)


@transaction.atomic
def withdraw(
    position: Position, reason: str, *, person: Person, function: Function, by: User, reason_en: str = ""
) -> Wording:
    """From now on we do not stand for it any more: its page stays, with all its wordings and this reason.

    Raises NotPublishable without a reason, for what does not stand, and while another wording waits for its day.
    """
    require(by, May.PUBLISH)
    position = _locked(position)
    now, last = clock.now(), last_decided(position)
    if last is None or last.ends:
        raise NotPublishable([_("This does not stand in public. Nothing was changed.")])
    reasons = []
    if (coming := waiting(position)) is not None:
        reasons.append(_said_of_coming(coming))
    if not reason.strip():
        reasons.append(_("Say why it is withdrawn. Everybody can read it."))
    if not _speaks_for(person, function):
        reasons.append(_("Choose somebody who holds that function today."))
    reasons += left_in(reason, reason_en, kinds=_NEVER)
    if reasons:
        raise NotPublishable(reasons)
    end = Wording(
        position=position,
        ends=True,
        title=last.title,
        title_en=last.title_en,
        person=person,
        function=function,
        reason=tidied(reason),
        reason_en=tidied(reason_en),
        written_at=now,
        written_by=by,
    )
    _settle(end, now, last, by)
    audit.note(by, "positions.withdrawn", end)
    return end


def draft_of(position: Position) -> Wording | None:
    """The one draft of a position."""
    return _rows(position).filter(decided_at__isnull=True, discarded_at__isnull=True).first()


def waiting(position: Position) -> Wording | None:
    """The decided wording whose day has not come."""
    return _rows(position).filter(decided_at__isnull=False, holds_from__gt=clock.now()).first()


def last_decided(position: Position) -> Wording | None:
    """What was decided last, the wording that waits for its day included."""
    return _rows(position).filter(decided_at__isnull=False).order_by("-holds_from").first()


def tidied(text: str) -> str:
    """A text without the space that nobody sees: lines end alike, at most one empty line follows another."""
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def _rows(position: Position) -> telling.Rows:
    return Wording.objects.filter(position=position).select_related(
        "position", "person", "function", "written_by"
    )


def _locked(position: Position) -> Position:
    """The row, which nobody else writes beside until this is committed."""
    return Position.objects.select_for_update().get(pk=position.pk)


def _write(position: Position, draft: Wording, written: Written, by: User) -> Wording:
    if not written.title.strip() or not written.text.strip():
        raise NotPublishable([_("Write a headline and what we stand for, in Swedish.")])
    draft.title, draft.title_en = " ".join(written.title.split()), " ".join(written.title_en.split())
    draft.text, draft.text_en = tidied(written.text), tidied(written.text_en)
    draft.reason, draft.reason_en = tidied(written.reason), tidied(written.reason_en)
    draft.person, draft.function = written.person, written.function
    draft.written_by = by
    # Two saves in one instant are two: whoever opened the first must not overwrite the second.
    draft.written_at = max(clock.now(), draft.written_at + _TICK) if draft.pk else clock.now()
    draft.save()
    had = {(one.exchange_id, one.post_id) for one in draft.causes.all()}
    wanted = dict.fromkeys((one.exchange_id, one.post_id) for one in written.causes)
    if had != set(wanted):
        draft.causes.all().delete()
        for exchange_id, post_id in wanted:
            Cause.objects.create(wording=draft, exchange_id=exchange_id, post_id=post_id)
    audit.note(by, "positions.written", draft, position=position.pk)
    return draft


def _settle(wording: Wording, at: dt.datetime, last: Wording | None, by: User) -> None:
    """Decide it from that time on, after whatever was decided before; tell it if the time is now."""
    if last is not None and last.holds_from is not None:
        at = max(at, last.holds_from + _TICK)
    now = clock.now()
    wording.decided_at, wording.decided_by, wording.holds_from = min(now, at), by, at
    wording.save()
    if at <= clock.now():
        telling.tell(wording)


def _beginning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone()).astimezone(dt.UTC)


def _reasons(draft: Wording, last: Wording | None, on: dt.date | None) -> list[str]:
    """Why it may not be decided."""
    reasons = []
    if on is not None and on <= clock.today():
        reasons.append(_("Choose a day after today, or let it hold from now on."))
    if last is not None and not last.is_public:
        reasons.append(_said_of_coming(last))
    if not draft.text:
        reasons.append(_("Write what we stand for first: there is only a headline."))
    if last is not None and not draft.reason:
        reasons.append(_("Say why it changes. Everybody can read it beside the new wording."))
    said = ("title", "text", "title_en", "text_en")
    if last is not None and not last.ends and all(getattr(last, one) == getattr(draft, one) for one in said):
        reasons.append(_("The words are those that hold already."))
    if bool(draft.title_en) != bool(draft.text_en):
        reasons.append(_("Write headline and text in English, or leave both out."))
    if not _speaks_for(draft.person, draft.function):
        reasons.append(_("%(person)s does not hold that function today.") % {"person": draft.person})
    elif on is not None:
        (then,) = silent([({(draft.person_id, draft.function_id)}, on)])
        reasons += [_("On that day %(who)s may not speak in our name.") % {"who": one} for one in then]
    texts = (draft.title, draft.text, draft.title_en, draft.text_en, draft.reason, draft.reason_en)
    return reasons + left_in(*texts, kinds=_NEVER)


def _speaks_for(person: Person, function: Function) -> bool:
    return held_by(person).filter(pk=function.pk).exists()


def _said_of_coming(coming: Wording) -> str:
    day = timezone.localtime(coming.holds_from).date() if coming.holds_from else ""
    return _("A wording waits that holds from %(day)s. Take it back first.") % {"day": day}


def _address(title: str) -> str:
    """A short name that no other position has."""
    plain = slugify(title)[:70].strip("-") or "standpunkt"
    taken = set(Position.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    number = 1
    while (slug := plain if number == 1 else f"{plain}-{number}") in taken:
        number += 1
    return slug
