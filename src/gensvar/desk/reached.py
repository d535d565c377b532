"""How those who wrote want the answer, and which of their addresses nobody has shown to be theirs. Neighbour: pane, composer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from gensvar.answers.sentences import posted_to, protected_word
from gensvar.contract.values import AnswerBy
from gensvar.conversations.models import Conversation, Participant
from gensvar.conversations.typed_keys import is_only_typed, with_writing
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.publishing.comments.models import Comment


def reached(user: User, conversation: Conversation) -> dict[str, Any]:
    """For the writer's card the wishes and the addresses that are mere claims; for the composer the latter as it says them.

    One query, and one more where an address was typed: whoever confirmed a comment has read the mail that went there.
    """
    rows = conversation.participants.filter(author=True).select_related("contact").order_by("pk")
    people = list(with_writing(rows))
    typed = [one for one in people if is_only_typed(one)]
    confirmed = _confirmed(conversation) if typed else set()
    typed = [one for one in typed if one.contact_id not in confirmed]
    mailed = [one for one in typed if one.answer_by in {AnswerBy.SAME, AnswerBy.EMAIL}]
    return {
        "wishes": _wishes(user, people),
        "confirmed": bool(confirmed),
        "only_typed": {one.address for one in typed},
        "claimed": ", ".join(dict.fromkeys(map(_said, mailed))),
    }


def _confirmed(conversation: Conversation) -> set[int]:
    """The contacts who opened, for a comment there, the link that was mailed to the address."""
    comments = Comment.objects.filter(message__conversation=conversation, confirmed_at__isnull=False)
    return set(comments.values_list("message__contact_id", flat=True)) - {None}


def _said(participant: Participant) -> str:
    return protected_word() if participant.contact.protected else participant.address


def _wishes(user: User, people: Sequence[Participant]) -> list[str]:
    """How each of them wants the answer, with where to, for who may see contacts; of a protected identity that is not said."""
    words = {
        AnswerBy.SAME: _("wants the answer the same way"),
        AnswerBy.EMAIL: _("wants the answer by e-mail"),
        AnswerBy.PHONE: _("wants the answer by phone"),
        AnswerBy.LETTER: _("wants the answer by letter"),
        AnswerBy.HERE: _("reads the answer at the private link"),
    }
    found, several = [], len(people) > 1
    for participant in people:
        wish = words.get(AnswerBy(participant.answer_by), "")
        told = user.may(May.SEE_CONTACTS) and not participant.contact.protected
        where = _where(participant) if told else ""
        name = str(participant.contact) or participant.address if several and told else ""
        said = [f"{wish}: {where}" if where else wish]
        if participant.show_name:
            said.append(_("may be named in public"))
        found += [f"{name}: {word}" if name else word for word in said if word]
    return list(dict.fromkeys(found))


def _where(participant: Participant) -> str:
    """The number or the postal address that they gave for this conversation, in one line."""
    if participant.answer_by == AnswerBy.PHONE:
        return participant.phone
    if participant.answer_by == AnswerBy.LETTER:
        return posted_to(participant)
    return ""
