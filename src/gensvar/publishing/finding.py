"""One index for all that is public beside exchanges, posts and positions: what each kind keeps in it, and finds by it.

Each kind has its own gate, which decides at every reading; what stands here is a hint. Neighbours: entries, config.flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models.expressions import RawSQL

from gensvar.conversations import stems
from gensvar.publishing import index


@dataclass(frozen=True, slots=True)
class Finding:
    """What search says of an entry, in the language of the reader."""

    sort: str  # what it is
    title: str
    title_language: str  # BCP 47, may be empty
    texts: tuple[str, ...]  # what it says; in doubt the first is shown
    language: str  # of the texts
    signed: str
    path: str  # of the place where it stands


def keep(kind: int, entry: int, texts: Sequence[str]) -> None:
    """Let that entry be found by these texts, in the caller's transaction; by nothing where there are none."""
    if texts:
        index.put(entry, stems.indexed(*texts), index.further(kind))
    else:
        index.remove(entry, index.further(kind))


@transaction.atomic
def keep_all(kind: int, shown: Iterable[tuple[int, Sequence[str]]]) -> int:
    """Make what is held of a kind anew from what its gate shows; gives how many can be found."""
    index.clear(index.further(kind))
    found = 0
    for entry, texts in shown:
        keep(kind, entry, texts)
        found += 1
    return found


def held(kind: int, asked: Sequence[Sequence[str]]) -> RawSQL:
    """The entries of that kind that hold one stem of each of these, for `pk__in`; `asked` must not be empty."""
    return index.holding(asked, index.further(kind))


def holds(texts: Sequence[str], asked: Sequence[Sequence[str]]) -> bool:
    """Whether that is so of these texts, now: what was hidden since it was kept must not be guessed word by word."""
    found = set(stems.indexed(*texts))
    return all(not found.isdisjoint(either) for either in asked)
