"""Makes contact points for tests of every room."""

from __future__ import annotations

import itertools
from typing import Any

from gensvar.contactpoints.models import ContactPoint
from gensvar.people.models import Function, Person

_numbers = itertools.count(1)


def make_contact_point(
    function: Function,
    *,
    channel: str = "email",
    address: str = "",
    owner: Person | None = None,
    deputy: Person | None = None,
    **fields: Any,
) -> ContactPoint:
    """An open contact point of that function."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"{function.name} {number}",
        "purpose": "Frågor och synpunkter",
        "state": ContactPoint.State.LIVE,
        **fields,
    }
    return ContactPoint.objects.create(
        channel=channel,
        address=address or f"place{number}@norrvik.example",
        function=function,
        owner=owner,
        deputy=deputy,
        **values,
    )
