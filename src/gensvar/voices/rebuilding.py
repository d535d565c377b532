"""Makes what was counted anew from the words themselves: step by step, stoppable, repeatable, while words go out.

Neighbours: counting does the same as words go out, and what stands at the end is equal; sums makes it in the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.db.models import Max

from gensvar.voices import counting, sums
from gensvar.voices.models import SaidDay, SaidWord
from gensvar.voices.said import KINDS

STEP: Final = 10_000  # messages, posts or appearances in one transaction
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

    First each word's own row with the sums of its day and month, then whatever sum is wrong still, then the last days.
    Each step is one transaction that leaves rows and sums agreeing: a stop at any time does no harm, and saying it again
    finishes it.
    """
    steps = [(source, first) for source in KINDS for first in range(1, _last(source) + 1, STEP)]
    total = len(steps) + 2
    for step, (source, first) in enumerate(steps, start=1):
        if stopped():
            return None
        with counting.turn():
            counting.count(source, range(first, first + STEP), many=True)
        progress(step, total)
    for days in sums.spans(_days()):
        if stopped():
            return None
        with counting.turn():
            wrong = sums.wrong_days(days)
            sums.write_days(wrong)
            sums.write_months(wrong)
    progress(total - 1, total)
    with counting.turn():
        sums.write_all_months()
        sums.write_last()
    progress(total, total)
    return SaidWord.objects.count()


def _days() -> set[dt.date]:
    """Those of which anything is counted."""
    days = set(SaidWord.objects.values_list("day", flat=True).order_by().distinct())
    return days | set(SaidDay.objects.values_list("day", flat=True).order_by().distinct())


def _last(source: SaidWord.Source) -> int:
    """The highest id of that kind, of what there is or was counted."""
    there = KINDS[source].model._default_manager.aggregate(last=Max("pk"))["last"] or 0
    counted = SaidWord.objects.filter(source=source).aggregate(last=Max("source_id"))["last"] or 0
    return max(there, counted)
