"""How the people of a function stand to it today, in one statement: routing asks for every word that comes.

Neighbour: queries says the same with querysets, for screens and rare questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from gensvar.core import clock
from gensvar.core.roles import PERMISSIONS, May


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a person holds the function today, and whether they could answer: on duty, with a log-in and a role for it."""

    holds: bool
    there: bool


_ROLES: Final = [role.value for role, given in PERMISSIONS.items() if May.ANSWER in given]
_HOLDS: Final = "t.starts <= %s AND (t.ends IS NULL OR t.ends >= %s)"
_SQL: Final = f"""
SELECT p.id,
  EXISTS (SELECT 1 FROM people_tenure t WHERE t.person_id = p.id AND t.function_id = %s AND {_HOLDS}),
  EXISTS (SELECT 1 FROM people_tenure t WHERE t.person_id = p.id AND {_HOLDS})
  AND NOT EXISTS (SELECT 1 FROM people_absence a WHERE a.person_id = p.id AND a.starts <= %s AND a.ends >= %s)
  AND u.id IS NOT NULL AND u.is_active AND (u.access_until IS NULL OR u.access_until >= %s)
  AND EXISTS (SELECT 1 FROM core_user_groups m JOIN auth_group g ON g.id = m.group_id
              WHERE m.user_id = u.id AND g.name IN ({", ".join(["%s"] * len(_ROLES))}))
FROM people_person p LEFT JOIN core_user u ON u.id = p.user_id
WHERE p.active AND (p.id = %s
  OR p.id IN (SELECT t.person_id FROM people_tenure t WHERE t.function_id = %s AND {_HOLDS}))
"""


def standing(function_id: int, also: int | None = None) -> dict[int, Standing]:
    """Everybody who holds that function today, and one more person, by id."""
    on = connection.ops.adapt_datefield_value(clock.today())
    values = [function_id, on, on, on, on, on, on, on, *_ROLES, also or 0, function_id, on, on]
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return {row[0]: Standing(bool(row[1]), bool(row[2])) for row in cursor.fetchall()}
