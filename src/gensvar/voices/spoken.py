"""Whether somebody said anything in a function's name in some days: what no correction of a tenure may cover up."""

from __future__ import annotations

import datetime as dt

from gensvar.people.models import Function, Person
from gensvar.voices.models import SaidWord


def spoke(person: Person, function: Function, first: dt.date, last: dt.date) -> bool:
    """From the first day until and with the last, by a message, a post or an appearance elsewhere."""
    return SaidWord.objects.filter(person=person, function=function, day__range=(first, last)).exists()
