"""Makes what was counted anew from the words themselves: step by step, stoppable, repeatable, while words go out.

Neighbour: counting does the same as words go out, and what stands at the end is equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db.models import Count, Max, Sum

from gensvar.voices import counting
from gensvar.voices.models import LastAnswer, SaidDay, SaidWord
from gensvar.voices.said import KINDS

STEP: Final = 500  # messages, posts or appearances in one transaction
Progress = Callable[[int, int], None]


def is_missing() -> bool:
    """Whether any word that went out is not counted: it is older than the counting of its kind, or a rebuild was stopped.

    What went out a moment ago and waits for its handler is missing too; to count it anew does no harm.
    """
    return any(
        kind.said().exclude(pk__in=SaidWord.objects.filter(source=source).values("source_id")).exists()
        for source, kind in KINDS.items()
    )


def rebuild(
    progress: Progress = lambda done, total: None, *, stopped: Callable[[], bool] = lambda: False
) -> int | None:
    """Count everything anew; gives how many words of ours there are, or None where it was stopped between two steps.

    First each word's own row, then the sums of each day, then the last days: each step is one transaction that leaves
    rows and sums agreeing, so that a stop at any time does no harm and saying it again finishes it.
    """
    steps = [(source, first) for source in KINDS for first in range(1, _last(source) + 1, STEP)]
    for step, (source, first) in enumerate(steps, start=1):
        if stopped():
            return None
        with counting.turn():
            after = first + STEP
            ids = set(KINDS[source].said().filter(pk__gte=first, pk__lt=after).values_list("pk", flat=True))
            known = SaidWord.objects.filter(source=source, source_id__gte=first, source_id__lt=after)
            counting.count(source, ids | set(known.values_list("source_id", flat=True)))
        progress(step, len(steps) + 1)
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
        answers = SaidDay.objects.filter(contact_point__isnull=False)
        latest = answers.values(*counting.PLACE).order_by().annotate(last=Max("day"))
        LastAnswer.objects.bulk_create(LastAnswer(day=row.pop("last"), **row) for row in latest.iterator())
    progress(len(steps) + 1, len(steps) + 1)
    return SaidWord.objects.count()


def _last(source: SaidWord.Source) -> int:
    """The highest id of that kind, of what there is or was counted."""
    there = KINDS[source].model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    counted = SaidWord.objects.filter(source=source).aggregate(last=Max("source_id"))["last"] or 0
    return max(there, counted)
