"""When a guest's yes ends: what they said it to is not shown again without a new one.

Kept apart from what mails, so that the page editor's hooks can reach it. Neighbours: agreeing takes the yes, services voids.
"""

from __future__ import annotations

from django.db import transaction

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.publishing.guests.models import GuestVoice
from gensvar.publishing.posts import services as posts
from gensvar.publishing.posts.models import GuestByline, Post


def void_yes(guest: GuestVoice) -> None:
    """No wording of the guest's may be published as it stands, in the caller's transaction."""
    if guest.post_id is not None:
        GuestByline.objects.filter(post=guest.post_id).update(agreed_to="")
        guest.yeses.filter(taken_back_at=None).update(taken_back_at=clock.now())


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
