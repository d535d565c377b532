"""Where somebody with a protected identity is to be phoned or written to: nowhere to be seen, but by an act that the log keeps.

Neighbours: ways says who is to be phoned or gets a letter; sentences and the desk's pages never say where.
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
TOLD = Q(answer_by=AnswerBy.PHONE) & ~Q(phone="") | Q(answer_by=AnswerBy.LETTER) & ~Q(postal_address="")


def may_reveal(user: User, conversation: Conversation) -> str:
    """What there is to reveal to this user, who answers here and may see contacts: AnswerBy's phone or letter; empty for neither."""
    if not all(user.may(permission) for permission in NEEDED):
        return ""
    return _to_be_reached(conversation).values_list("answer_by", flat=True).first() or ""


@transaction.atomic
def reveal(conversation: Conversation, *, by: User) -> list[Participant]:
    """Those with a protected identity who wish to be phoned or to get a letter; the audit log says who saw where, and when.

    Empty where nobody does; then nothing is written either. Raises NotAllowed.
    """
    for permission in NEEDED:
        require(by, permission)
    if not visible_to(by).filter(pk=conversation.pk).exists():
        raise NotAllowed("This conversation is not open to you.")
    found = list(_to_be_reached(conversation))
    for one in found:
        audit.note(by, f"answers.reveal_{one.answer_by}", conversation, contact=one.contact_id)
    return found


def _to_be_reached(conversation: Conversation) -> QuerySet[Participant]:
    return Participant.of(conversation).filter(TOLD, author=True, contact__protected=True).order_by("pk")
