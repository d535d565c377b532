"""The phone number of somebody with a protected identity: nowhere to be seen, but by an act of its own that the log keeps.

Neighbours: ways says who is to be phoned; sentences and the desk's pages never say the number.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet

from gensvar.contract.values import AnswerBy
from gensvar.conversations.models import Conversation, Participant
from gensvar.conversations.visibility import visible_to
from gensvar.core import audit
from gensvar.core.access import NotAllowed, require
from gensvar.core.models import User
from gensvar.core.roles import May

NEEDED = (May.ANSWER, May.SEE_CONTACTS)


def may_reveal(user: User, conversation: Conversation) -> bool:
    """Whether there is a number to reveal, and this user may: who answers here and may see contacts."""
    return all(user.may(permission) for permission in NEEDED) and _to_be_phoned(conversation).exists()


@transaction.atomic
def reveal_phone(conversation: Conversation, *, by: User) -> list[str]:
    """The numbers of those with a protected identity who wish to be phoned; the audit log says who saw whose, and when.

    Empty where nobody does; then nothing is written either. Raises NotAllowed.
    """
    for permission in NEEDED:
        require(by, permission)
    if not visible_to(by).filter(pk=conversation.pk).exists():
        raise NotAllowed("This conversation is not open to you.")
    found = {one.contact_id: one.contact.phone for one in _to_be_phoned(conversation)}
    for contact in found:
        audit.note(by, "answers.reveal_phone", conversation, contact=contact)
    return list(found.values())


def _to_be_phoned(conversation: Conversation) -> QuerySet[Participant]:
    here = Q(conversation=conversation) | Q(conversation__merged_into=conversation)
    wish = Participant.objects.filter(here, author=True, answer_by=AnswerBy.PHONE, contact__protected=True)
    return wish.exclude(contact__phone="").select_related("contact").order_by("pk")
