"""Sends what staff wrote: one message, one delivery for each recipient and the fact that sends it, in one transaction.

Neighbours: conversations records the message, outbox delivers; forwarding sends to outsiders and writes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import Case, F, Value, When

from gensvar.answers import cosigning, outbox, queueing, subjects
from gensvar.answers.checks import Screen, locked_conversation, may_speak_for, own_draft, speaking_function
from gensvar.answers.drafts import discard
from gensvar.answers.errors import NobodyToSendTo, NothingToDo, TooLate
from gensvar.answers.events import WordTakenBack
from gensvar.answers.forwarding import forward, write_first
from gensvar.answers.models import Delivery, Draft, DraftFile
from gensvar.answers.sentences import sending_sentence
from gensvar.answers.ways import recipients, ways
from gensvar.conversations import queries as conversation_queries
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.conversations.turns import take_turn
from gensvar.core import audit, clock
from gensvar.core.access import NotAllowed, require
from gensvar.core.events import emit
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.core.stops import stop

__all__: Final = [
    "done_by_hand",
    "forward",
    "may_speak_for",
    "retry_delivery",
    "send_answer",
    "sending_sentence",
    "take_back",
    "write_first",
]


def send_answer(
    draft: Draft, *, by: User, screen: Screen | None = None, to: Sequence[Participant] | None = None
) -> Message:
    """Make the draft an answer: it waits for the time to undo it, then goes to each recipient by their own way.

    `to` narrows the recipients (default: those who wrote). What the `screen` of the writer did not show raises SomethingNew.
    Raises NotAllowed and the kinds of CannotSend; whatever is raised, the draft is as it was.
    """
    with transaction.atomic():
        take_turn()  # before the draft, as whoever asks for a second name does
        draft = own_draft(draft, by, May.ANSWER)
        conversation = locked_conversation(draft, by)
        function = speaking_function(draft, conversation)
        chosen = _chosen(conversation, to)
        if screen is not None:
            screen.require_shown(conversation, draft.person, chosen)
        found = ways(conversation, function, chosen)
        if not found:
            raise NobodyToSendTo
        co_signer = cosigning.co_signer_of(draft)
        called = {} if draft.subject else subjects.called(conversation, chosen)
        # Where a first word was taken back nothing has been said yet, and this answers nothing.
        headed = queueing.reply_subject if conversation.message_count else str
        message = conversations.record_outgoing(
            conversation,
            person=draft.person,
            co_signer=co_signer,
            function=function,
            text=draft.text.strip(),
            subject=headed(draft.subject or subjects.shared(called, conversation)),
            files=list(draft.files.all()),
            by=by,
            kind=Delivery.Kind.ANSWER,
            to=chosen,
        )
        theirs = {pk: headed(subject) for pk, subject in called.items()}
        queueing.put_all(message, found, kind=Delivery.Kind.ANSWER, subjects=theirs)
        audit.note(
            by,
            "answers.send",
            message,
            conversation=conversation.pk,
            function=function.pk,
            recipients=len(found),
            co_signer=co_signer.pk if co_signer is not None else None,
        )
        discard(draft)
        stop("answers.before_commit")
    stop("answers.after_commit")
    return message


def _chosen(conversation: Conversation, to: Sequence[Participant] | None) -> list[Participant]:
    """Those of `to` who do take part, as the rows are now; copied ones only where they were chosen by name."""
    if to is None:
        return recipients(conversation)
    wanted = [participant.pk for participant in to]
    return list(Participant.of(conversation).filter(pk__in=wanted).select_related("contact").order_by("pk"))


@transaction.atomic
def take_back(message: Message, *, by: User) -> Draft:
    """Undo the sending while every delivery still waits; the words are a draft again.

    Only its writer may. Raises NotAllowed, and TooLate once the worker has begun with any of them.
    """
    require(by, May.ANSWER)
    if message.person is None or message.person.user_id != by.pk:
        raise NotAllowed("An answer is taken back by the person who sent it.")
    if message.kind != "message":
        raise TooLate  # what a conversation led to is public already
    take_turn()  # first: whoever holds a delivery must never wait for the conversations
    state = Delivery.State
    deliveries = Delivery.objects.filter(message=message).exclude(kind=Delivery.Kind.NOTICE)
    everything = deliveries.count()
    # One statement decides between this and the worker, which counts its first try in one statement as well.
    cancelled = deliveries.filter(state=state.WAITING, attempts=0).update(state=state.CANCELLED)
    if not everything or cancelled != everything:
        raise TooLate
    rows = list(deliveries.select_related("participant").order_by("pk"))
    draft = _draft_again(message, rows)
    conversation = message.conversation
    deliveries.update(message=None)
    conversations.take_back_outgoing(message)
    if any(row.sent_at is not None for row in rows):
        emit(WordTakenBack(message.pk))
    audit.note(by, "answers.take_back", conversation, draft=draft.pk)
    return draft


def _draft_again(message: Message, rows: Sequence[Delivery]) -> Draft:
    """The words as a draft of their writer, before what was begun in the meantime."""
    assert message.person is not None
    delivery = rows[0]
    forwarded = delivery.kind == Delivery.Kind.FORWARD
    kind = Draft.Kind.FORWARD if forwarded else Draft.Kind.ANSWER
    begun = Draft.objects.filter(conversation=message.conversation, person=message.person, kind=kind).first()
    draft = begun or Draft(conversation=message.conversation, person=message.person, kind=kind)
    words = message.text
    draft.text = f"{words}\n\n{begun.text}".rstrip() if begun is not None else words
    draft.function = message.function
    draft.recipient = delivery.recipient if forwarded else ""
    draft.subject = draft.subject or _own_subject(message, rows)
    draft.updated_at, draft.window = clock.now(), ""
    draft.version += 1
    draft.save()
    for file in message.attachments.all():
        DraftFile.objects.create(
            draft=draft,
            filename=file.filename,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
        )
    cosigning.sign_again(draft, message.co_signer if begun is None else None)
    return draft


def _own_subject(message: Message, rows: Sequence[Delivery]) -> str:
    """The subject that its writer gave it; empty where it followed from those who were answered, and does so again."""
    chosen = [row.participant for row in rows if row.participant is not None]
    if not chosen:
        return message.subject[:250]
    derived = subjects.shared(subjects.called(message.conversation, chosen), message.conversation)
    if queueing.reply_subject(derived) == message.subject:
        return ""
    return message.subject[:250]  # as long as a draft's is


@transaction.atomic
def retry_delivery(delivery: Delivery, *, by: User) -> Delivery:
    """Send what failed or was delayed now: the same bytes under the same Message-ID; what failed gets seven more days.

    Raises NotAllowed, and NothingToDo where it has arrived or is being sent.
    """
    _require_hold_of(delivery, by)
    state = Delivery.State
    if delivery.state == state.DELAYED and queueing.hurry(delivery):
        audit.note(by, "answers.hurry_delivery", delivery)
        return delivery
    # What has left us once keeps its time (told.since).
    now = Value(clock.now())
    send_after = Case(When(sent_at=None, then=now), default=F("send_after"))
    retried_at = Case(When(sent_at=None, then=now), default=F("retried_at"))
    changed = Delivery.objects.filter(pk=delivery.pk, state=state.FAILED).update(
        state=state.WAITING,
        attempts=0,
        send_after=send_after,
        retried_at=retried_at,
        next_try_at=None,
        reply="",
    )
    if not changed:
        raise NothingToDo
    delivery.refresh_from_db()
    queueing.put_again(delivery)
    audit.note(by, "answers.retry_delivery", delivery)
    return delivery


@transaction.atomic
def done_by_hand(delivery: Delivery, *, by: User) -> Delivery:
    """Say that an answer has been phoned or posted. Raises NotAllowed, and NothingToDo where nothing was left to do."""
    _require_hold_of(delivery, by)
    state = Delivery.State
    changed = Delivery.objects.filter(pk=delivery.pk, state=state.BY_HAND).update(
        state=state.SENT, sent_at=clock.now()
    )
    if not changed:
        raise NothingToDo
    delivery.refresh_from_db()
    outbox.tell_sent(delivery)
    audit.note(by, "answers.done_by_hand", delivery, channel=delivery.channel)
    return delivery


def _require_hold_of(delivery: Delivery, by: User) -> None:
    """Raise NotAllowed unless `by` may answer in the delivery's conversation."""
    require(by, May.ANSWER)
    visible = conversation_queries.visible_to(by)
    if delivery.conversation_id is None or not visible.filter(pk=delivery.conversation_id).exists():
        raise NotAllowed("This delivery belongs to a conversation that is not open to you.")
