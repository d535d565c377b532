"""Something that a town tries."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from gensvar.core import clock
from gensvar.learning.workshop import services
from gensvar.learning.workshop.models import Experiment
from gensvar.learning.workshop.services import Plan
from gensvar.people.models import Function, Person
from gensvar.people.tests.factories import user_of

TRIES = "Vi låter bilarna vika för bussen på Storgatan."


def plan(holder: Person, function: Function, **changes: Any) -> Plan:
    """From today, decided in a month."""
    found = Plan(
        title="Bussen först",
        tries=TRIES,
        why="Bussen står still varje morgon.",
        known_by="Vi mäter restiden före och efter.",
        language="sv",
        function=function,
        holder=holder,
        starts=clock.today(),
        decides=clock.today() + dt.timedelta(days=30),
    )
    return dataclasses.replace(found, **changes)


def experiment(holder: Person, function: Function, **changes: Any) -> Experiment:
    """Proposed by the one who holds it; not public."""
    return services.propose(plan(holder, function, **changes), by=user_of(holder))
