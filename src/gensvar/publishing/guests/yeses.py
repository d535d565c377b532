"""When a guest's yes ends: what they said it to is not shown again without a new one.

Kept apart from what mails, so that the page editor's hooks can reach it. Neighbours: agreeing takes the yes, services voids.
"""

from __future__ import annotations

from django.db import transaction

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.posts import guest_bylines
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import GuestByline, Post


def void_yes(guest: GuestVoice) -> None:
    """No wording of the guest's may be published as it stands, in the caller's transaction."""
    if guest.post_id is not None:
        GuestByline.objects.filter(post=guest.post_id).update(agreed_to="")
        guest.yeses.filter(taken_back_at=None).update(taken_back_at=clock.now())


def void_what_is_not_public(guest: GuestVoice) -> bool:
    """Void the yes to every wording but the one that everybody can read, in the caller's transaction; says whether there was one.

    What is scheduled finds no yes at its time then, and stays a draft.
    """
    byline = guest_bylines.of(guest.post_id)
    if byline is None or guest.post_id is None:
        return False
    post = Post.objects.get(pk=guest.post_id)
    shown = guest_bylines.digest_of(post, byline) if post.live else ""
    given = guest.yeses.filter(taken_back_at=None)
    stands = shown if given.filter(digest=shown).exists() else ""
    GuestByline.objects.filter(pk=byline.pk).update(agreed_to=stands)
    given.exclude(digest=stands).update(taken_back_at=clock.now())
    return byline.agreed_to not in {"", stands}


@transaction.atomic
def withdraw(post: Post, reason: str, *, by: User) -> None:
    """Withdraw a post, whoever wrote it; a guest's is handed in again, with no yes. Raises NotPublishable without a reason."""
    guest = GuestVoice.objects.select_for_update(of=("self",)).filter(post=post.pk).first()
    posts.withdraw(post, reason, by=by)
    if guest is None:
        return
    void_yes(guest)
    if guest.state in {GuestVoice.State.ASKED, GuestVoice.State.AGREED}:
        guest.state = GuestVoice.State.HANDED_IN
        guest.save(update_fields=["state"])
