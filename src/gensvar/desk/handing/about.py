"""What the conversations in a handover are about, for who may read them: the handover itself keeps their numbers alone.

Neighbours: screens asks once for a page; the templates show it as `desk/handing/thing.html`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gensvar.conversations.queries import visible_to
from gensvar.core.models import User
from gensvar.desk.numbers import NUMBER
from gensvar.desk.subjects import as_read

SHOWN: Final = 500  # of how many a page says it; of the others the number stands, as in the document


def subjects(user: User, labels: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The number and the subject by the label of each thing that names a conversation which the user may see. One query."""
    numbers = {label: found[0] for label in labels if (found := NUMBER.search(label))}
    wanted = list(dict.fromkeys(numbers.values()))[:SHOWN]
    known = {one.number: as_read(one) for one in visible_to(user).filter(number__in=wanted)} if wanted else {}
    return {label: (number, known[number]) for label, number in numbers.items() if number in known}
