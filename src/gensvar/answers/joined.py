"""Two conversations become one: what was being written in the first, and what went out from it, follows to the other.

Nothing that somebody wrote is lost: who was writing in both has both texts and chooses. A yes to sign was to an answer in
the conversation that is no more, and is asked for anew. Neighbour: conversations.joining calls this (JOINED of config/flow.py).
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from gensvar.answers.models import CoSigner, Delivery, Draft
from gensvar.answers.wordings import lay_beside
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation
from gensvar.core import audit
from gensvar.core.models import User
from gensvar.people.models import Person
from gensvar.people.queries import in_service


def follow(source: Conversation, target: Conversation, by: User) -> None:
    """Move deliveries and drafts; a note asks everybody who should know of it, which also lets them see where it stands."""
    Delivery.objects.filter(conversation=source).update(conversation=target)
    told: dict[int, Person] = {}
    said: dict[str, None] = {}
    drafts = Draft.objects.select_for_update(of=("self",)).filter(conversation=source)
    for draft in drafts.select_related("person").order_by("pk"):
        asked = CoSigner.objects.select_related("person").filter(draft=draft).first()
        stands = _move(draft, target)
        if draft.person.user_id != by.pk:
            told[draft.person_id] = draft.person
            said[_written(draft.person, source)] = None
        if asked is not None and (not stands or asked.signed):
            told.update({one.pk: one for one in (asked.person, draft.person) if one.user_id != by.pk})
            said[_signs_no_more(asked, stands=stands)] = None
            audit.note(by, "answers.co_sign_void", target, person=asked.person_id, asked_still=stands)
    if said:
        here = list(in_service().filter(pk__in=told).order_by("name", "pk"))
        conversations.add_note(target, "\n".join(said), by=by, asks=here)


def _move(draft: Draft, target: Conversation) -> bool:
    """Whether the draft stands there as it was, and not beside another that its writer has there."""
    own = Draft.objects.select_for_update(of=("self",)).filter(
        conversation=target, person=draft.person_id, kind=draft.kind
    )
    if found := own.first():
        lay_beside(draft, found, f"joined-{draft.pk}")
        return False
    Draft.objects.filter(pk=draft.pk).update(conversation=target)
    CoSigner.objects.filter(draft=draft).update(signed="", signed_at=None)
    return True


def _written(person: Person, source: Conversation) -> str:
    words = _("What %(person)s was writing in %(number)s stands here now: the two have become one.")
    return words % {"person": person.name, "number": source.number}


def _signs_no_more(asked: CoSigner, *, stands: bool) -> str:
    words = (
        _(
            "%(person)s has signed an answer in the other conversation. Please read it again here, and sign it anew."
        )
        if stands
        else _("%(person)s need not sign any more: that answer lies beside another draft now.")
    )
    return words % {"person": asked.person.name}
