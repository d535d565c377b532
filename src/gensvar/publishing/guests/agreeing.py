"""The guest's yes: asked for, given to one wording and no other, taken back; and what follows when they want to leave.

Neighbours: services writes together what is agreed to here, publishing.posts.guest_bylines compares wordings.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gensvar.core import audit, clock, freshness
from gensvar.core.access import require
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.publishing.events import GuestPublished
from gensvar.publishing.guests import letters
from gensvar.publishing.guests.models import GuestVoice, GuestYes
from gensvar.publishing.guests.services import close, locked
from gensvar.publishing.guests.yeses import void_what_is_not_public
from gensvar.publishing.posts import guest_bylines, words
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import Post
from gensvar.publishing.services import NotPublishable

State = GuestVoice.State


@dataclass(frozen=True, slots=True)
class Wording:
    """The post as it would be shown if it were published now, by its digest, and whether the guest said yes to it.

    `said` are its words, the lead first, with their lines and without other marks.
    """

    draft: Post
    digest: str
    agreed: bool
    said: tuple[str, ...]


def wording(guest: GuestVoice) -> Wording | None:
    """What there is to say yes to; None before the guest has handed in."""
    if guest.post_id is None:
        return None
    draft = Post.objects.get(pk=guest.post_id).get_latest_revision_as_object()
    byline = guest_bylines.of(draft.pk)
    assert byline is not None, "a guest's post is made with their name"
    digest = guest_bylines.digest_of(draft, byline)
    said = (draft.lead, *words.lines_of(draft))
    return Wording(draft, digest, digest == byline.agreed_to, said)


@transaction.atomic
def ask(guest: GuestVoice, *, by: User) -> None:
    """Lay the wording before the guest, by mail. Raises NotPublishable where there is none, or a yes to it already."""
    require(by, May.PUBLISH)
    guest = locked(guest)
    found = wording(guest)
    if found is None or guest.state == State.TAKEN_BACK:
        raise NotPublishable([_("There is no text yet to ask about.")])
    if found.agreed:
        raise NotPublishable([_("The guest has said yes to this wording already.")])
    guest.state = State.ASKED
    guest.save(update_fields=["state"])
    letters.ask_for_yes(guest)
    audit.note(by, "guests.asked", guest)


@transaction.atomic
@freshness.adding()
def say_yes(guest: GuestVoice, digest: str) -> GuestYes:
    """The guest agrees to the wording of that digest. Raises NotPublishable where the text has changed meanwhile."""
    guest = locked(guest)
    found = wording(guest)
    if found is None or guest.state == State.TAKEN_BACK:
        raise NotPublishable([_("This invitation is taken back. Nothing was sent.")])
    if found.digest != digest:
        raise NotPublishable([_("The text has been changed since you opened it. Read it once more.")])
    assert guest.post_id is not None
    guest_bylines.GuestByline.objects.filter(post=guest.post_id).update(agreed_to=digest)
    yes = GuestYes.objects.create(
        guest=guest,
        digest=digest,
        title=found.draft.title,
        words="\n\n".join(found.said),
        at=clock.now(),
    )
    guest.state = State.AGREED
    guest.save(update_fields=["state"])
    audit.note(None, "guests.agreed", guest, yes=yes.pk)
    letters.tell_host(guest, letters.SAID_YES)
    return yes


@transaction.atomic
def ask_to_leave(guest: GuestVoice, why: str) -> None:
    """The guest wants the text withdrawn. A yes to what is not public is void at once; what is public, an editor decides."""
    guest = locked(guest)
    if guest.post is None or guest.state == State.TAKEN_BACK or guest.leaves_at is not None:
        return
    guest.leaves_at, guest.leaves_because = clock.now(), why.strip()
    if void_what_is_not_public(guest) or not guest.post.live:
        guest.state = State.HANDED_IN
    guest.save(update_fields=["leaves_at", "leaves_because", "state"])
    audit.note(None, "guests.asked_to_leave", guest)
    letters.tell_host(guest, letters.LEAVES)


@transaction.atomic
def decide(guest: GuestVoice, words_to_guest: str, *, withdraw: bool, by: User) -> None:
    """Answer that wish: withdraw the text or let it stand, with words to the guest. Raises NotPublishable without words."""
    require(by, May.PUBLISH)
    guest = locked(guest)
    if guest.leaves_at is None or guest.post is None:
        raise NotPublishable([_("The guest does not ask for that. Nothing was changed.")])
    if not words_to_guest.strip():
        raise NotPublishable([_("Say why, in words to the guest.")])
    if withdraw:
        posts.withdraw(guest.post, _("The guest asked for it."), by=by)
        guest.post.refresh_from_db()
        close(guest)
    else:
        guest.leaves_at = None
        guest.save(update_fields=["leaves_at"])
    letters.tell_decision(guest, words_to_guest.strip(), withdrawn=withdraw)
    audit.note(by, "guests.left" if withdraw else "guests.kept", guest)


def tell_published(fact: GuestPublished) -> None:
    """Handler: tell the guest once that their text is public, whatever way it became so."""
    guest = (
        GuestVoice.objects.select_for_update(of=("self",))
        .select_related("function", "host__user", "post")
        .filter(post=fact.post_id, told_at=None)
        .first()
    )
    if guest is None or guest.post is None or not guest.post.live:
        return
    guest.told_at = clock.now()
    guest.save(update_fields=["told_at"])
    _site, _root, path = guest.post.get_url_parts() or ("", "", "")
    letters.tell_published(guest, settings.GENSVAR_URL + path)
