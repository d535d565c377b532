"""The facts of publishing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from gensvar.core.events import Fact, emit
from gensvar.publishing.models import PublicExchange


@dataclass(frozen=True, slots=True)
class EntryChanged(Fact):
    """Something was shown to the public, or withdrawn; with the streams that it belongs to."""

    name: ClassVar[str] = "entry_changed"
    functions: list[str]  # slugs
    topics: list[str]  # slugs
    persons: list[int]  # those who answered or signed


@dataclass(frozen=True, slots=True)
class GuestPublished(Fact):
    """A post under a guest's name was shown to the public."""

    name: ClassVar[str] = "guest_published"
    post_id: int


def of_exchange(exchange: PublicExchange) -> EntryChanged:
    """The fact, with the streams that an exchange stands in now."""
    spoke = exchange.texts.filter(approved=True, message__person__isnull=False)
    behind = spoke.values_list("message__person", "message__co_signer")
    return EntryChanged(
        functions=[exchange.function.slug],
        topics=sorted(exchange.topics.values_list("slug", flat=True)),
        persons=sorted({pk for pair in behind for pk in pair if pk}),
    )


def tell_exchange(exchange: PublicExchange, before: EntryChanged | None = None) -> None:
    """Emit it in the caller's transaction, with the streams that it stood in before."""
    after = of_exchange(exchange)
    was = before or after
    emit(
        EntryChanged(
            functions=sorted({*was.functions, *after.functions}),
            topics=sorted({*was.topics, *after.topics}),
            persons=sorted({*was.persons, *after.persons}),
        )
    )
