"""Sends what waits in the outbox: composed once, the same bytes at every try, for seven days; at least once, never silently.

Neighbours: queueing writes the rows, channels send, bounces tells later what did not arrive.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from gensvar.answers import instead
from gensvar.answers.composing import outgoing, place_settings
from gensvar.answers.events import DeliveryQueued, WordSent
from gensvar.answers.models import Delivery
from gensvar.answers.ways import BY_HAND, LINK
from gensvar.contract.channel import channel
from gensvar.contract.errors import ChannelError, TryLater
from gensvar.contract.values import Sent
from gensvar.conversations import services as conversations
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.turns import take_turn
from gensvar.core import audit, clock, files
from gensvar.core.events import Again, Settle, emit, network
from gensvar.core.fairness import writing
from gensvar.core.stops import stop

FIRST_WAIT: Final = dt.timedelta(minutes=5)  # greylisting is over by then
NEXT_WAIT: Final = dt.timedelta(hours=1)
MOST_TRIES: Final = 168  # with the waits above: seven days (RFC 5321 § 4.5.4.1 asks for four to five)
LONGEST_WAIT: Final = dt.timedelta(hours=12)  # what the other side may ask for
UNSETTLED: Final = (Delivery.State.WAITING, Delivery.State.DELAYED)
SPOKEN: Final = frozenset({Delivery.Kind.ANSWER, Delivery.Kind.FIRST, Delivery.Kind.FORWARD})
SAID: Final = frozenset({Delivery.Kind.ANSWER, Delivery.Kind.FIRST})  # our own words, to residents


def give_up(fact: DeliveryQueued, error: str) -> None:
    """What the runner does when sending itself is broken: the delivery has failed, and the conversation says so."""
    delivery = Delivery.objects.select_related("conversation").get(pk=fact.delivery_id)
    fail(delivery, error)


@network(gave_up=give_up)
def deliver(fact: DeliveryQueued) -> Settle:
    """Handler: one try to send one row. Gives what writes the outcome, and when to try again."""
    delivery = Delivery.objects.select_related(
        "conversation", "message", "cause", "participant", "contact_point", "person", "function"
    ).get(pk=fact.delivery_id)
    if delivery.state not in UNSETTLED:
        return _nothing
    if (early := delivery.send_after) > clock.now():
        return lambda: early
    if delivery.channel == LINK or delivery.channel in BY_HAND:
        return lambda: _settle_at_home(delivery)
    if (write := instead.of(delivery)) is not None:
        return _taken_back(delivery, write)
    try:
        form = channel(delivery.channel)
        word = outgoing(delivery, with_files=not delivery.raw_sha256)
        settings = place_settings(delivery)
        composed = delivery.read_raw() if delivery.raw_sha256 else form.compose(word, settings)
    except (ChannelError, LookupError, ValueError) as error:
        return _refused(delivery, str(error))
    if not _begin(delivery, composed):
        # It was taken back, or a worker whose lease is over began it and may never tell: it is looked at once more.
        return clock.now
    stop("delivery.before_send")
    try:
        sent = form.send(composed, word, settings)
    except TryLater as error:
        return _later(delivery, str(error), error.after)
    except ChannelError as error:
        return _refused(delivery, str(error))
    stop("delivery.after_send")
    return lambda: _settle_sent(delivery, sent)


def _nothing() -> Again:
    """There is nothing to do: sent, given up, or taken back in the meantime."""
    return None


def _begin(delivery: Delivery, composed: bytes) -> bool:
    """Count the try and keep the bytes, committed before anything leaves the house; False where it was taken back."""
    kept = {} if delivery.raw_sha256 else files.keep_raw(composed)
    tries = delivery.attempts + 1
    ours = Delivery.objects.filter(pk=delivery.pk, state__in=UNSETTLED, attempts=delivery.attempts)
    with writing():
        begun = ours.update(attempts=tries, **kept)
    delivery.attempts = tries
    return begun == 1


def _write(delivery: Delivery, **values: object) -> bool:
    """Write an outcome, unless another one was written first."""
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=UNSETTLED).update(**values)
    transaction.on_commit(lambda: stop("delivery.after_settle"))
    return changed == 1


def _settle_sent(delivery: Delivery, sent: Sent) -> Again:
    state = Delivery.State.KEPT if sent.kept else Delivery.State.SENT
    failed_before = _has_failed_before(delivery)
    if failed_before:
        take_turn()  # first: whoever holds a delivery must never wait for the conversations
    written = _write(
        delivery, state=state, sent_at=clock.now(), next_try_at=None, reply=sent.reference[:2000]
    )
    if written:
        tell_sent(delivery)
    if failed_before and written and delivery.conversation and delivery.message:
        _arrived_after_all(delivery, delivery.conversation, delivery.message)
    return None


def _has_failed_before(delivery: Delivery) -> bool:
    """Whether something failed there, also where it was closed since: then no answer may count as having left us."""
    if delivery.kind not in SPOKEN or delivery.conversation is None:
        return False
    unsaid = delivery.kind in SAID and delivery.conversation.answered_at is None
    return delivery.conversation.delivery_failed or unsaid


def _arrived_after_all(delivery: Delivery, conversation: Conversation, message: Message) -> None:
    """Something failed there, and this may be it. Only our newest answer gives them the turn; a forward answers nobody.

    It stays failed while anything that we said since that answer, or the answer itself, has not arrived.
    """
    ours = _spoken_beside(message)
    newest = ours.filter(kind__in=SAID).aggregate(newest=Max("message"))["newest"]
    answers = delivery.kind in SAID and message.pk == newest
    if delivery.kind in SAID:
        conversations.record_said(conversation)
    # A retry of the answer may be on its way: what is no answer leaves it to that one.
    missing = [Delivery.State.FAILED] if answers else [Delivery.State.FAILED, *UNSETTLED]
    if ours.filter(message__gte=newest or 0, state__in=missing).exists():
        return
    if answers:
        conversations.record_arrival(conversation, message)
    else:
        conversations.forget_failure(conversation)


def _spoken_beside(message: Message) -> QuerySet[Delivery]:
    """Every delivery of what we said in the conversation in which that message is now."""
    return Delivery.objects.filter(message__conversation__messages=message.pk, kind__in=SPOKEN)


def tell_sent(delivery: Delivery) -> None:
    """Emit the fact that a word of ours to a resident has left us, in the transaction that writes it."""
    if delivery.kind in SAID and delivery.message_id is not None:
        emit(WordSent(delivery.message_id))


def _settle_at_home(delivery: Delivery) -> Again:
    """What no machine sends: it stands at the private link, or somebody is to phone or to post it."""
    if delivery.channel == LINK:
        if _write(delivery, state=Delivery.State.SENT, sent_at=clock.now()):
            tell_sent(delivery)
    else:
        _write(delivery, state=Delivery.State.BY_HAND)
    return None


def _taken_back(delivery: Delivery, write: Callable[[], None]) -> Settle:
    """It is not to be said any more: the room that it comes from writes what follows."""

    def settle() -> Again:
        if _write(delivery, state=Delivery.State.CANCELLED, next_try_at=None):
            write()
        return None

    return settle


def _later(delivery: Delivery, why: str, asked: dt.timedelta | None) -> Settle:
    if delivery.attempts >= MOST_TRIES:
        return _refused(delivery, why)

    def settle() -> Again:
        wait = FIRST_WAIT if delivery.attempts == 1 else NEXT_WAIT
        again = clock.now() + max(wait, min(asked or wait, LONGEST_WAIT))
        held = _write(delivery, state=Delivery.State.DELAYED, next_try_at=again, reply=why[:2000])
        return again if held else None

    return settle


def _refused(delivery: Delivery, why: str) -> Settle:
    def settle() -> Again:
        fail(delivery, why)
        return None

    return settle


def fail(delivery: Delivery, why: str) -> None:
    """The word did not arrive and is not tried again; a conversation that it belongs to is our turn again.

    In the caller's transaction. What had failed already, or was taken back, stays as it is.
    """
    take_turn()  # first: whoever holds a delivery must never wait for the conversations
    final = (Delivery.State.FAILED, Delivery.State.CANCELLED)
    changed = (
        Delivery.objects.filter(pk=delivery.pk)
        .exclude(state__in=final)
        .update(state=Delivery.State.FAILED, next_try_at=None, reply=why[:2000])
    )
    if not changed:
        return
    transaction.on_commit(lambda: stop("delivery.after_settle"))
    audit.note(None, "answers.failed", delivery, kind=delivery.kind)
    if delivery.kind in SPOKEN and delivery.conversation is not None:
        conversations.record_failure(delivery.conversation, unsaid=_unsaid(delivery))


def _unsaid(delivery: Delivery) -> bool:
    """Whether that answer failed before it left us, and no other has left or still may."""
    if delivery.kind not in SAID or delivery.message is None:
        return False
    answers = _spoken_beside(delivery.message).filter(kind__in=SAID)
    waits = [*UNSETTLED, Delivery.State.BY_HAND]
    return not answers.filter(Q(sent_at__isnull=False) | Q(state__in=waits)).exists()
