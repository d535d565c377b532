"""What a person says of a link that needed somebody: it is right, look again, close the place. Kept, and in the audit log."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.contactpoints.models import ContactPoint
from gensvar.contactpoints.services import close_contact_point
from gensvar.core import audit, clock
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.publishing.links.judging import TRUST
from gensvar.publishing.links.models import Finding, LinkDecision, LinkUse, OutsideLink
from gensvar.publishing.links.sites import host_of, site_of
from gensvar.publishing.services import NotPublishable

LONGEST: Final = 500
Kind = LinkDecision.Kind


@transaction.atomic
def it_is_ours(link: OutsideLink, words: str = "", *, by: User) -> None:
    """Somebody has looked: it is right as it is. What was seen last is from now on what it should be.

    A finding that stays is trusted for 90 days; another one comes back at once. Raises NotAllowed.
    """
    require(by, May.MANAGE_PLACES)
    link = OutsideLink.objects.select_for_update().get(pk=link.pk)
    last = link.looks.order_by("-at", "-pk").first()
    now = clock.now()
    if last is not None:
        link.site = site_of(host_of(last.landed)) or link.site
        link.title, link.owner, link.linked_back = last.title, last.owner, last.linked_back
    if link.finding != Finding.WELL:
        link.trusted, link.trusted_until = link.finding, now + TRUST
    link.state, link.since, link.tries, link.doubted_at = OutsideLink.State.WELL, now, 0, None
    link.save()
    _keep(link, Kind.OURS, words, by)


@transaction.atomic
def look_again(link: OutsideLink, *, by: User) -> None:
    """Let it be looked at within some minutes. Raises NotAllowed."""
    require(by, May.MANAGE_PLACES)
    OutsideLink.objects.filter(pk=link.pk).update(next_at=clock.now())
    _keep(link, Kind.AGAIN, "", by)


@transaction.atomic
def close_place(link: OutsideLink, place: ContactPoint, words: str = "", *, by: User) -> None:
    """Close a place whose page this is; it stays listed with where its archive is.

    Raises NotAllowed, NotPublishable where it is not the page of that place, ValidationError without an archiving decision.
    """
    if not LinkUse.objects.filter(link=link, kind=LinkUse.Kind.PLACE, key=str(place.pk)).exists():
        raise NotPublishable([_("This is not the page of that place.")])
    close_contact_point(place, by=by)
    LinkUse.objects.filter(link=link, kind=LinkUse.Kind.PLACE, key=str(place.pk)).delete()
    if not link.uses.exists():
        OutsideLink.objects.filter(pk=link.pk).update(state=OutsideLink.State.UNUSED, since=clock.now())
    _keep(link, Kind.PLACE_CLOSED, words, by)


def _keep(link: OutsideLink, kind: LinkDecision.Kind, words: str, by: User) -> None:
    LinkDecision.objects.create(
        link=link,
        kind=kind,
        finding=link.finding,
        at=clock.now(),
        by=by,
        words=" ".join(words.split())[:LONGEST],
    )
    audit.note(by, f"links.{kind}", link, finding=link.finding)
