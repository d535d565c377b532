"""Opens, changes and closes contact points; an open one has all that the guidelines for authorities ask (law 3).

`by` is the member of staff who acts; None is the command line. Neighbours: the desk's forms, `gensvar init`, the demo.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.contactpoints.models import ContactPoint, FormerAddress
from gensvar.contactpoints.queries import forget_own_addresses
from gensvar.contract.channel import arriving, channel
from gensvar.contract.values import Arrival
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people import queries as people


@transaction.atomic
def save_contact_point(point: ContactPoint, *, by: User | None) -> list[str]:
    """Store a new or changed contact point, its address in the channel's normal form; gives warnings in words.

    Raises NotAllowed, and ValidationError (by field) where something does not fit.
    """
    _require_places(by)
    _normalise(point)
    point.full_clean()
    if point.state == ContactPoint.State.LIVE:
        _check_live(point)
        point.opened_on = point.opened_on or clock.today()
        point.closed_on = None
    else:
        _check_not_live(point)
    if point.state == ContactPoint.State.CLOSED:
        point.closed_on = point.closed_on or clock.today()
    _keep_former_address(point)
    point.save()
    audit.note(by, "contactpoints.save", point, state=point.state, function=point.function.pk)
    transaction.on_commit(lambda: forget_own_addresses(point.channel))
    return warnings_of(point)


@transaction.atomic
def close_contact_point(point: ContactPoint, *, by: User | None) -> None:
    """Take in nothing new there; it stays listed, and so do its conversations.

    Raises NotAllowed, and ValidationError where nobody has said where its words are kept.
    """
    _require_places(by)
    point.state = ContactPoint.State.CLOSED
    _check_not_live(point)
    point.closed_on = clock.today()
    point.save(update_fields=["state", "closed_on"])
    audit.note(by, "contactpoints.close", point)


@transaction.atomic
def end_former_address(former: FormerAddress, *, by: User | None) -> None:
    """From now on nobody is at that address: what is sent there is refused. Raises NotAllowed."""
    _require_places(by)
    ended = FormerAddress.objects.filter(pk=former.pk, ended_on=None).update(ended_on=clock.today())
    if ended:
        audit.note(by, "contactpoints.end_address", former.point, former=former.pk)
    transaction.on_commit(lambda: forget_own_addresses(former.channel))


def _keep_former_address(point: ContactPoint) -> None:
    """What was open at an address goes on taking what is sent there, until somebody opens there or ends it.

    Mail alone is taken by address: our form is one page, and at a page with somebody else nothing comes in.
    """
    if point.channel not in arriving(Arrival.MAIL):
        return
    today, former = clock.today(), FormerAddress.objects.filter(ended_on=None)
    before = ContactPoint.objects.select_for_update().filter(pk=point.pk).first()
    moved = before is not None and (before.channel, before.address) != (point.channel, point.address)
    if before is not None and moved and before.opened_on is not None and before.channel == point.channel:
        former.filter(channel=before.channel, address=before.address).update(ended_on=today)
        FormerAddress.objects.create(
            point=before, channel=before.channel, address=before.address, left_on=today
        )
    if point.state == ContactPoint.State.LIVE:
        former.filter(channel=point.channel, address=point.address).update(ended_on=today)


def warnings_of(point: ContactPoint) -> list[str]:
    """What is not well with a contact point, in words for the person who can mend it."""
    found = []
    if not point.notice.strip():
        found.append(_("There is no notice: people are not told what becomes of what they write here."))
    if not point.archiving.strip():
        found.append(_("There is no archiving decision: nobody has said where this place's words are kept."))
    for person, missing, away in (
        (
            point.owner,
            _("Nobody owns this place: new words wait in the function's queue."),
            _("The owner is away today."),
        ),
        (point.deputy, _("There is no deputy for when the owner is away."), _("The deputy is away today.")),
    ):
        if person is None:
            found.append(missing)
        elif not people.holders_of(point.function).filter(pk=person.pk).exists():
            found.append(
                _("%(person)s does not hold %(function)s today and gets nothing.")
                % {"person": person.name, "function": point.function}
            )
        elif not people.with_word().filter(pk=person.pk).exists():
            found.append(
                _("%(person)s has no log-in that may be used, or no role to answer with, and gets nothing.")
                % {"person": person.name}
            )
        elif not people.is_present(person):
            found.append(away)
    if point.owner is not None and point.owner == point.deputy:
        found.append(_("The owner and the deputy are the same person."))
    if not people.holders_of(point.function).exists():
        found.append(_("Nobody holds the function: new words go to the function that holds it together."))
    return found


def lacking(point: ContactPoint) -> dict[str, str]:
    """What a place must have before it opens and has not: field and sentence.

    Source: the guidelines of E-delegationen and SKR for authorities in social media, held for every form alike.
    """
    needed = {
        "notice": (point.notice.strip(), _("Write the notice before the place opens: what applies here.")),
        "owner": (point.owner_id, _("Name an owner before the place opens.")),
        "deputy": (point.deputy_id, _("Name a deputy before the place opens.")),
        "archiving": (point.archiving.strip(), _("Say where what is said here is kept before it opens.")),
    }
    return {field: sentence for field, (value, sentence) in needed.items() if not value}


@transaction.atomic
def note_link_back(point: ContactPoint, page: str) -> None:
    """Keep that `page` was seen to link back to us, or, where it is empty, that the place's page does so no longer."""
    if point.linked_back_from == page:
        return
    point.linked_back_from, point.linked_back_at = page, clock.now() if page else None
    point.save(update_fields=["linked_back_from", "linked_back_at"])


def _require_places(by: User | None) -> None:
    if by is not None:
        require(by, May.MANAGE_PLACES)


def _normalise(point: ContactPoint) -> None:
    try:
        form = channel(point.channel)
    except LookupError as error:
        raise ValidationError({"channel": str(error)}) from error
    if not point.address.strip():
        point.address = ""
        _check_address(point)
        return
    try:
        point.address = form.normalise(point.address)
    except ValueError as error:
        raise ValidationError({"address": str(error)}) from error


def _check_address(point: ContactPoint) -> None:
    """What is being prepared may wait for its address; nothing else does."""
    if point.state != ContactPoint.State.DRAFT and not point.address:
        raise ValidationError({"address": _("Write its address before the place opens.")})


def _check_not_live(point: ContactPoint) -> None:
    """What was open once stays listed, as closed, and says where its words are."""
    _check_address(point)
    if point.state == ContactPoint.State.DRAFT and point.opened_on is not None:
        raise ValidationError(
            {"state": _("This place was open once: close it instead, so that it stays listed.")}
        )
    if point.state == ContactPoint.State.CLOSED and not point.archiving.strip():
        raise ValidationError({"archiving": _("Say where what was said here is kept before it closes.")})


def _check_live(point: ContactPoint) -> None:
    if not point.purpose.strip():
        raise ValidationError({"purpose": _("Say what this place is for before it opens.")})
    if not point.function.active:
        raise ValidationError(
            {"function": _("This function is not active; choose one that is, before it opens.")}
        )
    lacks = lacking(point)
    before = ContactPoint.objects.filter(pk=point.pk, state=ContactPoint.State.LIVE).first()
    if before is not None:  # one that was open before this was asked stays open, but loses nothing
        lacks = {field: said for field, said in lacks.items() if field not in lacking(before)}
    if lacks:
        raise ValidationError(lacks)
