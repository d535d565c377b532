"""The queues of the inbox and the numbers beside them: shared ones are kept, one's own are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import QuerySet

from gensvar.conversations.asked import waiting
from gensvar.conversations.counts import VERSION
from gensvar.conversations.models import Conversation, QueueCount
from gensvar.conversations.queue_names import QueueName
from gensvar.conversations.states import State
from gensvar.conversations.visibility import in_functions_of, visible_to
from gensvar.core import clock
from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.people.models import Function
from gensvar.people.queries import functions_of, tenures_of

_FUNCTION = re.compile(r"function:([-\w]{1,60})")
# The same for everybody in a function: in the others also stands what was given to somebody, or what a note asks them.
SHARED = frozenset(
    {QueueName.FUNCTIONS, QueueName.UNASSIGNED, QueueName.WAITING, QueueName.SPAM, QueueName.FAILED}
)


def queue(user: User, name: str) -> QuerySet[Conversation]:
    """The conversations of a queue that this user may see, unordered. Raises LookupError for a name that is none."""
    if named := _FUNCTION.fullmatch(name):
        return _awake(in_functions_of(user).filter(function__slug=named[1]))
    seen = in_functions_of(user) if name in SHARED else visible_to(user)
    found = seen.filter(merged_into=None)
    match name:
        case QueueName.MINE:
            return _awake(found.filter(assignee__user=user))
        case QueueName.ASKED:
            asked = waiting().filter(person__user=user)
            return found.filter(pk__in=asked.values("message__conversation"))
        case QueueName.FUNCTIONS:
            own = tenures_of(user).values("function")
            return _awake(found.filter(function__in=own) if _holds(user) else found)
        case QueueName.UNASSIGNED:
            return _awake(found.filter(assignee=None))
        case QueueName.WAITING | QueueName.SPAM:
            return found.filter(state=name)
        case QueueName.LATE:
            return found.filter(state=State.OPEN, due_at__lt=clock.now())
        case QueueName.SNOOZED:
            return found.filter(state=State.OPEN, snoozed_until__isnull=False)
        case QueueName.FAILED:
            return found.filter(delivery_failed=True).exclude(state=State.SPAM)
        case QueueName.CLOSED:
            return found.filter(state=State.CLOSED)
        case QueueName.ALL:
            return found.exclude(state=State.SPAM)
    raise LookupError(f"There is no queue “{name}”.")


def _awake(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return found.filter(state=State.OPEN, snoozed_until=None, merged_into=None)


def _holds(user: User) -> bool:
    return tenures_of(user).exists() or not user.may(May.READ_ALL)


def queue_counts(user: User, held: Iterable[Function] | None = None) -> dict[str, int]:
    """The number beside each queue (not beside all and closed ones); eight queries at most, however much there is.

    `held`: the functions that the user holds, where the caller has read them already.
    """
    everything = user.may(May.READ_ALL)
    if not everything and not user.may(May.READ_OWN):
        return {}
    own = {one.pk: one.slug for one in (functions_of(user) if held is None else held)}
    shown = dict(Function.objects.filter(active=True).values_list("pk", "slug")) | own if everything else own
    kept = dict(QueueCount.objects.exclude(key=VERSION).values_list("key", "value"))

    def shared(name: str) -> int:
        return kept.get(name, 0) if everything else _sum(kept, name, own)

    counts: dict[str, int] = {name: queue(user, name).count() for name in (QueueName.MINE, QueueName.ASKED)}
    counts[QueueName.FUNCTIONS] = _sum(kept, "open", own) if own or not everything else kept.get("open", 0)
    counts |= {f"function:{slug}": kept.get(f"open:f{pk}", 0) for pk, slug in shown.items()}
    counts |= {
        name: shared(name)
        for name in (QueueName.UNASSIGNED, QueueName.WAITING, QueueName.FAILED, QueueName.SPAM)
    }
    counts |= {name: queue(user, name).count() for name in (QueueName.LATE, QueueName.SNOOZED)}
    return counts


def _sum(kept: dict[str, int], name: str, functions: dict[int, str]) -> int:
    return sum(kept.get(f"{name}:f{pk}", 0) for pk in functions)


def version_for(user: User) -> int:
    """A number that grows with every change in any queue; one look-up by key, so a page may ask for it twice a second."""
    del user  # the same for all: a change that one may not see costs one needless look
    return QueueCount.objects.filter(key=VERSION).values_list("value", flat=True).first() or 0
