"""Finding the contact point behind an address, and every place where we are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from gensvar.contactpoints.models import ContactPoint, FormerAddress
from gensvar.contactpoints.own_settings import opened
from gensvar.contract.channel import channel
from gensvar.people.models import Function
from gensvar.people.queries import coordinating_function

REMEMBERED: Final = 60  # seconds that a process may go by an older list of our own addresses
LISTED: Final = Q(state=ContactPoint.State.LIVE) | Q(
    state=ContactPoint.State.CLOSED, opened_on__isnull=False
)  # what everybody may see in the list of places: it is or was open
KEY: Final = "contactpoints.own_addresses."


@dataclass(frozen=True, slots=True)
class Directory:
    """Every place in three groups: where one talks with us, where one follows us, and what is closed."""

    dialogue: list[ContactPoint]
    feeds: list[ContactPoint]
    closed: list[ContactPoint]


def receiving(channel: str, address: str, *, closed: bool = False) -> ContactPoint | None:
    """The live contact point of that channel at that address (in normal form, without plus-token), or None.

    Also one that had that address before, unless that was ended. `closed`: one that is closed too, for what belongs to
    words that were said there while it was open.
    """
    for found in (_at(channel, address, closed), _formerly_at(channel, address, closed)):
        if (point := found.select_related("function", "owner", "deputy").first()) is not None:
            return point
    return None


def taking(channel: str, address: str, *, closed: bool = False) -> ContactPoint | None:
    """The one at that address now, with nothing but its key and its channel read: who keeps the words of a form asks each time."""
    return next(iter(_at(channel, address, closed).only("channel")[:1]), None)


def _at(channel: str, address: str, closed: bool) -> QuerySet[ContactPoint]:
    return _taking(ContactPoint.objects.filter(channel=channel, address=address), closed)


def _formerly_at(channel: str, address: str, closed: bool) -> QuerySet[ContactPoint]:
    former = FormerAddress.objects.filter(channel=channel, address=address, ended_on=None)
    return _taking(ContactPoint.objects.filter(channel=channel, pk__in=former.values("point")), closed)


def _taking(found: QuerySet[ContactPoint], closed: bool) -> QuerySet[ContactPoint]:
    if closed:
        return found.exclude(state=ContactPoint.State.DRAFT)
    return found.filter(state=ContactPoint.State.LIVE)


def directory() -> Directory:
    """Every place that is or was open, in one query; what never opened is nobody's business."""
    places = list(
        ContactPoint.objects.filter(LISTED)
        .select_related("function", "owner", "deputy")
        .order_by("function__name", "name")
    )
    live = [place for place in places if place.state == ContactPoint.State.LIVE]
    return Directory(
        dialogue=[place for place in live if place.place == ContactPoint.Place.DIALOGUE],
        feeds=[place for place in live if place.place == ContactPoint.Place.FEED],
        closed=[place for place in places if place.state == ContactPoint.State.CLOSED],
    )


def own_addresses(channel: str) -> frozenset[str]:
    """Every address of ours in that channel, also closed, former and coming ones; remembered for a minute."""
    found = cache.get(KEY + channel)
    if isinstance(found, frozenset):
        return found
    rows = ContactPoint.objects.filter(channel=channel).exclude(address="")  # being prepared without one
    former = FormerAddress.objects.filter(channel=channel, ended_on=None)
    both = rows.order_by().values_list("address").union(former.order_by().values_list("address"))
    addresses = frozenset(address for (address,) in both)
    cache.set(KEY + channel, addresses, REMEMBERED)
    return addresses


def former_addresses(point: ContactPoint) -> set[str]:
    """The addresses that the place had before and that no other has now: what was sent there was sent to this place."""
    of_others = ContactPoint.objects.filter(channel=point.channel).values("address")
    return set(point.former_addresses.exclude(address__in=of_others).values_list("address", flat=True))


def forget_own_addresses(channel: str) -> None:
    """Read our own addresses anew at the next question, in this process."""
    cache.delete(KEY + channel)


def speaking(channel: str, function: Function | None) -> ContactPoint | None:
    """The live contact point of that channel from which a function speaks: its own, else the coordinating one's, else any."""
    coordinating = coordinating_function()
    return (
        ContactPoint.objects.filter(channel=channel, state=ContactPoint.State.LIVE)
        .annotate(
            nearness=Case(
                When(function_id=function.pk if function else None, then=Value(0)),
                When(function_id=coordinating.pk if coordinating else None, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .select_related("function")
        .order_by("nearness", "pk")
        .first()
    )


def unattended() -> QuerySet[ContactPoint]:
    """Live places where nobody is named to see what comes in, or nobody stands in."""
    live = ContactPoint.objects.filter(state=ContactPoint.State.LIVE)
    return (live.filter(owner__isnull=True) | live.filter(deputy__isnull=True)).select_related("function")


def channel_settings(point: ContactPoint) -> Any:
    """The contact point's settings as its channel's own dataclass; what it does not know is left aside.

    Raises LookupError where the channel is not installed.
    """
    made = channel(point.channel).Settings
    known = {field.name for field in fields(made)}
    return made(**{name: value for name, value in opened(point.settings).items() if name in known})
