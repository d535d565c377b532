"""What staff and routing do to a conversation: whose it is, whose turn it is, when it comes back."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gensvar.conversations import counts
from gensvar.conversations.answered import answered_since
from gensvar.conversations.changing import acting, changing, require_read, require_visible
from gensvar.conversations.events import OurTurnAgain, tell_sight
from gensvar.conversations.models import Conversation, Message
from gensvar.conversations.placing import place_ids
from gensvar.conversations.states import ImpossibleMove, Move, State, after, impossible
from gensvar.conversations.turns import turn
from gensvar.core import clock, freshness
from gensvar.core.backwards import APART
from gensvar.core.events import emit
from gensvar.core.models import AuditEntry, User
from gensvar.core.roles import May
from gensvar.people.models import Function, Person

__all__ = [
    "assign",
    "close",
    "forget_failure",
    "mark_opened",
    "mark_spam",
    "not_spam",
    "pass_to",
    "place",
    "place_ids",
    "record_arrival",
    "record_failure",
    "record_said",
    "reopen",
    "snooze",
    "take",
    "wake_snoozed",
]


def assign(conversation: Conversation, person: Person | None, *, by: User) -> None:
    """Give it to a person, or lay it back for everybody in its function."""
    with acting(conversation, by, May.ASSIGN, "assign", person=person.pk if person else None) as found:
        found.assignee = person


def take(conversation: Conversation, person: Person, *, had: int | None, by: User) -> None:
    """Take it oneself from whoever had it when one saw it (a person's key); never from a colleague who took it since.

    Raises ImpossibleMove for that: both would write an answer to it.
    """
    with acting(conversation, by, May.ASSIGN, "assign", person=person.pk) as found:
        if found.assignee is not None and found.assignee_id not in {had, person.pk}:
            raise ImpossibleMove(_("%(person)s has taken it meanwhile.") % {"person": found.assignee.name})
        found.assignee = person


def pass_to(conversation: Conversation, function: Function, *, by: User) -> None:
    """Pass it to another function, where it is nobody's in person yet."""
    with acting(conversation, by, May.PASS_ON, "pass", function=function.pk) as found:
        if found.function_id != function.pk:
            found.function, found.assignee = function, None


def place(
    conversation: Conversation,
    *,
    function: Function | None,
    assignee: Person | None,
    due_at: dt.datetime | None,
) -> bool:
    """Routing's own write, without a permission; says whether anything changed."""
    changed = place_ids(
        conversation.pk,
        function_id=function.pk if function else None,
        assignee_id=assignee.pk if assignee else None,
        due_at=due_at,
    )
    conversation.function, conversation.assignee, conversation.due_at = function, assignee, due_at
    return changed


def close(conversation: Conversation, *, by: User, seen: int | None = None) -> None:
    """Nothing more is expected of anybody, not even where an answer did not arrive: it leaves that queue too.

    Raises ImpossibleMove, also where persons wrote more than `seen` words (require_read).
    """
    with acting(conversation, by, May.CLOSE, "close") as found:
        require_read(found, seen)
        found.state = after(found.state, Move.CLOSE)
        found.closed_at, found.snoozed_until, found.due_at = clock.now(), None, None
        found.delivery_failed = False


def reopen(conversation: Conversation, *, by: User) -> None:
    """It is our turn again, and what is promised is counted from now. Raises ImpossibleMove."""
    with acting(conversation, by, May.CLOSE, "reopen") as found:
        found.state = after(found.state, Move.REOPEN)
        found.closed_at = None
        emit(OurTurnAgain(found.pk, clock.now().isoformat()))


def mark_spam(conversation: Conversation, *, by: User, seen: int | None = None) -> None:
    """Out of the queues, kept, never acknowledged; its promised day stays for a mistake. Raises ImpossibleMove as `close` does."""
    with acting(conversation, by, May.MARK_SPAM, "mark_spam") as found:
        require_read(found, seen)
        found.state = after(found.state, Move.MARK_SPAM)
        found.snoozed_until = None
        freshness.changed()
        tell_sight([found.pk])


def not_spam(conversation: Conversation, *, by: User) -> None:
    """Back into the queues, with the day that was promised, else one counted from its last word. Raises ImpossibleMove."""
    with acting(conversation, by, May.MARK_SPAM, "not_spam") as found:
        found.state = after(found.state, Move.NOT_SPAM)
        found.closed_at = None
        if found.due_at is None:
            emit(OurTurnAgain(found.pk, found.last_at.isoformat()))
        freshness.changed(takes_away=False)
        tell_sight([found.pk])


def snooze(
    conversation: Conversation, until: dt.datetime | None, *, by: User, seen: int | None = None
) -> None:
    """Let an open one rest until that time (aware), or wake it now (None). A new word wakes it earlier.

    Raises ImpossibleMove for one that is not open, as where a colleague has answered meanwhile, and where persons
    wrote more than `seen` words (require_read).
    """
    with acting(conversation, by, May.CLOSE, "snooze", until=until.isoformat() if until else None) as found:
        require_read(found, seen)
        if found.state != State.OPEN:
            raise impossible(found.state)
        found.snoozed_until = until if until is not None and until > clock.now() else None


def wake_snoozed(now: dt.datetime) -> int:
    """Everything whose rest is over by then is in the queues again; gives how many."""
    put_away_ahead = [int(key) for key in _put_away_ahead(now)]
    over = Q(snoozed_until__lte=now) | Q(pk__in=put_away_ahead, snoozed_until__isnull=False)
    woken = list(Conversation.objects.filter(over).order_by("pk")[:500])
    for conversation in woken:
        with changing(conversation) as found:
            if found.snoozed_until is not None and (found.snoozed_until <= now or found.pk in put_away_ahead):
                found.snoozed_until = None
    return len(woken)


def _put_away_ahead(now: dt.datetime) -> QuerySet[AuditEntry, str]:
    """The keys of what was last put away by a clock that was ahead: its rest was chosen from a wrong day.

    Asked by time alone: by its table, SQLite would go through all that was ever done to a conversation, each minute.
    """
    acts = AuditEntry.objects.filter(action="conversation.snooze")
    of_same = acts.filter(target_type=Conversation._meta.label_lower, target_id=OuterRef("target_id"))
    since = of_same.filter(pk__gt=OuterRef("pk"), at__lte=now + APART)
    return acts.filter(~Exists(since), at__gt=now + APART).values_list("target_id", flat=True)


def mark_opened(conversation: Conversation, *, by: User) -> None:
    """Somebody of us has seen their newest word."""
    with turn():
        require_visible(conversation, by)
        if Conversation.objects.filter(pk=conversation.pk, unread=True).update(unread=False):
            counts.changed()
    conversation.unread = False


def record_failure(conversation: Conversation) -> None:
    """A word did not arrive: it is our turn again, promised from now, and the queue "failed" shows it."""
    with changing(conversation) as found:
        found.delivery_failed, found.unread = True, True
        found.answered_at = answered_since(found)
        if found.state != State.SPAM:
            found.state = after(found.state, Move.FAIL)
            found.closed_at = None
            if found.due_at is None:
                emit(OurTurnAgain(found.pk, clock.now().isoformat()))


def record_said(conversation: Conversation) -> None:
    """An answer that had failed has left us after all, or what stands in public is another: who was answered, and when."""
    with changing(conversation) as found:
        found.answered_at = answered_since(found)


def record_arrival(conversation: Conversation, message: Message) -> None:
    """Our newest answer, which had failed, has arrived after all: it is their turn, unless they wrote again after it."""
    with changing(conversation) as found:
        if not found.delivery_failed:
            return
        found.delivery_failed = False
        theirs = Message.objects.filter(conversation=found, direction=Message.Direction.IN, pk__gt=message.pk)
        if found.state == State.OPEN and not theirs.exclude(kind__in=["bounce", "complaint"]).exists():
            found.state, found.due_at, found.snoozed_until = after(found.state, Move.ANSWER), None, None


def forget_failure(conversation: Conversation) -> None:
    """What had failed has arrived and is no answer to their newest word: whose turn it is and what is promised stay."""
    with changing(conversation) as found:
        found.delivery_failed = False
