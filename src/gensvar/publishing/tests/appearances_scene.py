"""Somebody of a town who spoke elsewhere."""

from __future__ import annotations

import dataclasses
from typing import Any

from gensvar.core import clock
from gensvar.core.models import User
from gensvar.people.models import Function, Person
from gensvar.publishing.appearances import services
from gensvar.publishing.appearances.models import Appearance
from gensvar.publishing.appearances.services import Facts


def facts(person: Person, function: Function, **changes: Any) -> Facts:
    """An interview of today, without a link."""
    found = Facts("interview", person, function, clock.today(), "Norrvikskuriren")
    return dataclasses.replace(found, **changes)


def appearance(person: Person, function: Function, *about: str, by: User, **changes: Any) -> Appearance:
    """One that everybody sees."""
    return services.enter(facts(person, function, **changes), about, by=by)
