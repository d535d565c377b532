"""Makes what was counted anew from the words themselves: step by step, stoppable, repeatable, while words go out.

Neighbour: counting does the same as words go out, and what stands at the end is equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db.models import Count, Max, Sum

from gensvar.conversations.models import Message
from gensvar.voices import counting
from gensvar.voices.models import LastAnswer, SaidDay, SaidWord

STEP: Final = 500  # messages in one transaction
Progress = Callable[[int, int], None]


def is_missing() -> bool:
    """Whether words went out and none is counted: what is there is older than the counting."""
    return not SaidWord.objects.exists() and counting.said().exists()


def rebuild(
    progress: Progress = lambda done, total: None, *, stopped: Callable[[], bool] = lambda: False
) -> int | None:
    """Count everything anew; gives how many words of ours there are, or None where it was stopped between two steps.

    First each word's own row, then the sums of each day, then the last days: each step is one transaction that leaves
    rows and sums agreeing, so that a stop at any time does no harm and saying it again finishes it.
    """
    last = max(
        Message.objects.aggregate(last=Max("pk"))["last"] or 0,
        SaidWord.objects.aggregate(last=Max("message_id"))["last"] or 0,
    )
    steps = -(-last // STEP)
    for step in range(steps):
        if stopped():
            return None
        with counting.turn():
            first, after = step * STEP + 1, (step + 1) * STEP + 1
            ids = set(counting.said().filter(pk__gte=first, pk__lt=after).values_list("pk", flat=True))
            known = SaidWord.objects.filter(message_id__gte=first, message_id__lt=after)
            counting.count_messages(sorted(ids | set(known.values_list("message_id", flat=True))))
        progress(step + 1, steps + 1)
    days = set(SaidWord.objects.values_list("day", flat=True).distinct())
    for day in sorted(days | set(SaidDay.objects.values_list("day", flat=True).distinct())):
        if stopped():
            return None
        with counting.turn():
            SaidDay.objects.filter(day=day).delete()
            words = SaidWord.objects.filter(day=day).values(*counting.KEY).order_by()
            SaidDay.objects.bulk_create(
                SaidDay(messages=row.pop("count"), words=row.pop("total"), **row)
                for row in words.annotate(count=Count("pk"), total=Sum("words"))
            )
    with counting.turn():
        LastAnswer.objects.all().delete()
        latest = SaidDay.objects.values(*counting.PLACE).order_by().annotate(last=Max("day"))
        LastAnswer.objects.bulk_create(LastAnswer(day=row.pop("last"), **row) for row in latest.iterator())
    progress(steps + 1, steps + 1)
    return SaidWord.objects.count()
