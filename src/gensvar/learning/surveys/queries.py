"""Which rounds wait for somebody, for the menu and the list."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from gensvar.learning.surveys.models import Survey

WAIT_FOR_A_DECISION: Final = (Survey.State.CLOSED, Survey.State.OPENED)


def waiting() -> QuerySet[Survey]:
    """The rounds that wait for somebody to decide about them."""
    return Survey.objects.filter(state__in=WAIT_FOR_A_DECISION)
