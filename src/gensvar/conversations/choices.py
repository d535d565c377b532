"""The resident's own choices, made on the form or at the private link: what may be shown, and under which name."""

from __future__ import annotations

from gensvar.contract.values import AnswerBy
from gensvar.conversations import counts
from gensvar.conversations.models import Message, Participant
from gensvar.conversations.turns import turn
from gensvar.core import audit

__all__ = ["set_answer_by", "set_may_publish", "set_show_name"]


def set_may_publish(message: Message, yes: bool) -> None:
    """Their yes or no to this very message being shown in public. Only words of theirs can have one."""
    with turn():
        own = Message.objects.filter(
            pk=message.pk, direction=Message.Direction.IN, author=Message.Author.RESIDENT
        )
        if own.exclude(may_publish=yes).update(may_publish=yes):
            audit.note(None, "message.may_publish", message, yes=yes)
            counts.changed()
            message.may_publish = yes


def set_show_name(participant: Participant, yes: bool) -> None:
    """Their yes or no to their name beside what is shown."""
    with turn():
        if Participant.objects.filter(pk=participant.pk).exclude(show_name=yes).update(show_name=yes):
            audit.note(None, "participant.show_name", participant, yes=yes)
            counts.changed()
    participant.show_name = yes


def set_answer_by(participant: Participant, wish: AnswerBy) -> None:
    """How they want their answers from now on."""
    with turn():
        changed = Participant.objects.filter(pk=participant.pk).exclude(answer_by=wish)
        if changed.update(answer_by=str(wish)):
            audit.note(None, "participant.answer_by", participant, wish=str(wish))
    participant.answer_by = str(wish)
