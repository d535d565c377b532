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


def tell_exchange(exchange: PublicExchange) -> None:
    """Emit the fact for an exchange, in the caller's transaction."""
    spoke = exchange.texts.filter(approved=True, message__person__isnull=False)
    emit(
        EntryChanged(
            functions=[exchange.function.slug],
            topics=sorted(exchange.topics.values_list("slug", flat=True)),
            persons=sorted(
                {
                    pk
                    for pair in spoke.values_list("message__person", "message__co_signer")
                    for pk in pair
                    if pk
                }
            ),
        )
    )
