"""Tells those who took part what came of it: in each tied conversation once for each step, by the form that each speaks with us.

What is told stands in the conversation as a word of ours, so the private link shows it and a reply comes back there.
Neighbours: services emits the facts, reach says beforehand who will be told, answers has the one outbox.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from gensvar.answers import queueing
from gensvar.answers.links import square_language
from gensvar.answers.models import Delivery
from gensvar.conversations import services as conversations
from gensvar.conversations.changing import living
from gensvar.conversations.models import Conversation
from gensvar.conversations.states import State
from gensvar.conversations.turns import take_turn
from gensvar.core import clock
from gensvar.core.events import emit
from gensvar.learning import gate, reach
from gensvar.learning.events import ConversationLedTo, StepPublished
from gensvar.learning.models import ConversationTie, Step, ToldConversation
from gensvar.learning.values import PublishedOutcome


def tell_of_step(fact: StepPublished) -> None:
    """Handler: one fact for each conversation that led to it, so that one that cannot be told stops no other."""
    step = Step.objects.get(pk=fact.step_id)
    ties = ConversationTie.objects.filter(outcome=step.outcome_id, ended_at=None).order_by("pk")
    for conversation_id in ties.values_list("conversation_id", flat=True):
        emit(ConversationLedTo(step.pk, conversation_id))


def tell_conversation(fact: ConversationLedTo) -> None:
    """Handler: tell those in that conversation, unless they know, it is spam, or the outcome was withdrawn meanwhile."""
    take_turn()  # two workers with the same fact: the second finds what the first wrote
    step = Step.objects.select_related("outcome", "person", "function").get(pk=fact.step_id)
    conversation = living(
        Conversation.objects.select_related("contact_point", "function").get(pk=fact.conversation_id)
    )
    known = ToldConversation.objects.filter(step=step, conversation=conversation)
    tied = ConversationTie.objects.filter(
        outcome=step.outcome_id, conversation__in={fact.conversation_id, conversation.pk}, ended_at=None
    )  # the tie may have followed to the conversation that lives on
    shown = gate.find_short(step.outcome_id) if gate.is_shown(step.pk) else None
    if shown is None or known.exists() or not tied.exists() or conversation.state == State.SPAM:
        return
    told = ToldConversation.objects.create(step=step, conversation=conversation, at=clock.now())
    found = reach.ways_in(conversation, step)
    if not found:
        return
    language = square_language(conversation.language or found[0].participant.contact.language)
    with override(language):
        message = conversations.record_outcome(
            conversation,
            person=step.person,
            function=step.function,
            subject=_("What came of it: %(title)s") % {"title": shown.title},
            text=words(step, shown),
            language=language,
            to=[way.participant for way in found],
        )
    queueing.put_all(message, found, kind=Delivery.Kind.OUTCOME, undo=False)
    told.message = message
    told.save(update_fields=["message"])


def words(step: Step, shown: PublishedOutcome) -> str:
    """What is said to those who took part, in the active language: nothing but what is public."""
    said = {
        "status": Step.Status(step.status).label,
        "day": date_format(step.day, "j F Y"),
        "words": step.words,
    }
    return "\n\n".join(
        [
            _("You have written to us about this. Now you can read what came of it."),
            _("You said: %(said)s") % {"said": shown.said},
            _("What we say to it (%(status)s, %(day)s): %(words)s") % said,
            _("The whole story, and what comes later:") + f"\n{settings.GENSVAR_URL}{shown.path}",
            _("Do you want to say something about it? Your reply comes to the same conversation as before."),
        ]
    )


def instead_of_sending(delivery: Delivery) -> Callable[[], None] | None:
    """Nothing is sent of an outcome that was withdrawn meanwhile; None where the word may go (answers.instead)."""
    told = ToldConversation.objects.filter(message=delivery.message_id).first()
    if told is None or gate.is_shown(told.step_id):
        return None
    return _nothing


def _nothing() -> None:
    """The row is taken back; nothing follows."""
