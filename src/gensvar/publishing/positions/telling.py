"""A wording that became public is told once: search finds it, feeds and letters hear of it, it gets its short address.

Neighbours: services tells what holds from now on, clockwork what holds since its day came.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from gensvar.core import clock, freshness
from gensvar.core.events import emit
from gensvar.publishing import index, short_links
from gensvar.publishing.events import EntryChanged
from gensvar.publishing.models import ShortLink
from gensvar.publishing.positions import gate
from gensvar.publishing.positions.models import Position, Wording

Rows = QuerySet[Wording]


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams that a position stands in."""

    functions: frozenset[str]  # slugs
    topics: frozenset[str]  # slugs


def tell(wording: Wording) -> None:
    """In the caller's transaction; the pages that are kept learn of it by the row itself (core.freshness)."""
    position = wording.position
    wording.told_at = clock.now()
    wording.save(update_fields=["told_at"])
    short_links.make(ShortLink.Kind.POSITION, str(position.pk), by=wording.decided_by)
    refresh(position.pk)
    newest = Wording.objects.filter(position=position, decided_at__isnull=False, holds_from__lte=clock.now())
    last = newest.order_by("-holds_from").values_list("person", "function__slug")[:2]
    streams = streams_of(position)
    emit(
        EntryChanged(
            functions=sorted(streams.functions | {slug for _person, slug in last}),
            topics=sorted(streams.topics),
            persons=sorted({person for person, _slug in last}),
        )
    )


def streams_of(position: Position) -> Streams:
    """Where it stands now."""
    return Streams(
        frozenset({position.function.slug}), frozenset(position.topics.values_list("slug", flat=True))
    )


def tell_described(position: Position, before: Streams) -> None:
    """Its topics or its owner changed: both the old and the new streams hear of it, if it is public."""
    after = streams_of(position)
    if after == before or gate.find_by_key(position.pk) is None:
        return
    freshness.changed()
    emit(
        EntryChanged(
            functions=sorted(before.functions | after.functions),
            topics=sorted(before.topics | after.topics),
            persons=[],
        )
    )


def refresh(key: int) -> None:
    """Let the position be found by the very words that the gate shows now; by none where it shows none."""
    shown = gate.whole(key)
    if shown is None:
        index.remove(key, index.POSITIONS)
    else:
        index.put(key, gate.found_by(shown), index.POSITIONS)


@transaction.atomic
def rebuild() -> int:
    """Make the index of positions anew from what the gate shows; gives how many can be found."""
    index.clear(index.POSITIONS)
    found = 0
    for key in Position.objects.exclude(slug="").values_list("pk", flat=True).order_by("pk"):
        shown = gate.whole(key)
        if shown is not None:
            index.put(key, gate.found_by(shown), index.POSITIONS)
            found += 1
    return found
