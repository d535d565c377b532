"""Judges what a look at an outside page found, and in which state it leaves the link: pure, so that it can be tried by table.

Nothing is called broken, or taken over, for one look: how many, over how long, is said in PATIENCE.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gensvar.core.outside.fetching import Seen, Trouble
from gensvar.core.outside.reading import Page
from gensvar.publishing.links.models import Finding, OutsideLink
from gensvar.publishing.links.sites import host_of, is_parked, site_of

State = OutsideLink.State

KINDS: Final[Mapping[Finding, OutsideLink.State]] = {
    Finding.WELL: State.WELL,
    **dict.fromkeys(
        (
            *(Finding.NO_NAME, Finding.SILENT, Finding.SLOW, Finding.UNSAFE, Finding.BROKEN_OFF),
            *(Finding.LOOP, Finding.MISSING, Finding.FAULT, Finding.ODD, Finding.ADDRESS),
        ),
        State.BROKEN,
    ),
    **dict.fromkeys((Finding.MOVED, Finding.UNLINKED, Finding.OTHER, Finding.PARKED), State.STRANGE),
    **dict.fromkeys((Finding.BARRED, Finding.INSIDE), State.BARRED),
}
TROUBLES: Final = {trouble: Finding(trouble.value) for trouble in Trouble}
BARS: Final = frozenset({401, 403, 405, 406, 407, 418, 429, 451, 999})  # said to machines, not to people


@dataclass(frozen=True, slots=True)
class Patience:
    """How many looks in a row, and over how long, before a link gets that state."""

    tries: int
    over: dt.timedelta


PATIENCE: Final = {
    State.BROKEN: Patience(4, dt.timedelta(days=3)),
    State.STRANGE: Patience(2, dt.timedelta(hours=12)),
    State.BARRED: Patience(2, dt.timedelta(hours=12)),
}
# When it is looked at again: after the first look of a kind that failed, the second, and so on.
PAUSES: Final = {
    State.BROKEN: tuple(dt.timedelta(hours=hours) for hours in (1, 6, 24, 24, 24, 48)),
    State.STRANGE: (dt.timedelta(hours=12), dt.timedelta(days=1)),
    State.BARRED: (dt.timedelta(hours=12), dt.timedelta(days=7)),
}
PLACE_DAILY: Final = dt.timedelta(days=1)
WEEKLY: Final = dt.timedelta(days=7)
TRUST: Final = dt.timedelta(days=90)  # for how long "it is right" holds for a finding that stays


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one look found, with what its sentence names."""

    finding: Finding
    details: Mapping[str, Any] = field(default_factory=dict)


def judge(link: OutsideLink, seen: Seen, page: Page, *, links_back: bool, of_place: bool) -> Judgement:
    """What this look found, beside what the link was when it was well. The first that fits of a fixed order."""
    if seen.trouble is not None:
        return Judgement(TROUBLES[seen.trouble])
    status = seen.status or 0
    host = host_of(seen.address)
    if link.site and site_of(host) != link.site:
        return Judgement(Finding.MOVED, {"before": link.site, "now": site_of(host)})
    if status >= 400:
        kind = Finding.FAULT if status >= 500 else Finding.ODD
        kind = Finding.MISSING if status in {404, 410} else kind
        return Judgement(Finding.BARRED if status in BARS else kind, {"status": status})
    if is_parked(host, page.title, page.text):
        return Judgement(Finding.PARKED)
    if of_place and link.linked_back and not links_back and seen.body:
        return Judgement(Finding.UNLINKED)
    if is_other(link, page):
        return Judgement(
            Finding.OTHER, {"before": _called(link.title, link.owner), "now": _called(page.title, page.owner)}
        )
    return Judgement(Finding.WELL)


def is_other(link: OutsideLink, page: Page) -> bool:
    """Whether title and owner changed sharply: no word in common, and no owner that stays."""
    if link.owner and link.owner == page.owner:
        return False
    before, now = _words(link.title, link.owner), _words(page.title, page.owner)
    return bool(before and now) and not before & now


def after(link: OutsideLink, found: Judgement, now: dt.datetime, *, of_place: bool) -> None:
    """Put the judgement on the link (in memory): state, tries, and when it is looked at next. Pauses are ours alone."""
    kind, before = KINDS[found.finding], KINDS.get(Finding(link.finding)) if link.finding else None
    link.finding, link.details, link.looked_at = found.finding, dict(found.details), now
    trusted = link.trusted == found.finding and link.trusted_until is not None and now < link.trusted_until
    if kind == State.WELL or trusted:
        link.tries, link.doubted_at = 0, None
        if kind == State.WELL:
            link.well_at = now
        _become(link, State.WELL, now)
        link.next_at = now + (PLACE_DAILY if of_place else WEEKLY)
        return
    if link.doubted_at is None or before != kind:
        link.tries, link.doubted_at = 0, now
    link.tries += 1
    pauses, patience = PAUSES[kind], PATIENCE[kind]
    if link.tries >= patience.tries and now - link.doubted_at >= patience.over:
        _become(link, kind, now)
    elif link.state in {
        State.NEW,
        State.WELL,
    }:  # what needs somebody stays so until it is well, or worse is certain
        _become(link, State.DOUBTED, now)
    link.next_at = now + pauses[min(link.tries, len(pauses)) - 1]


def _become(link: OutsideLink, state: OutsideLink.State, now: dt.datetime) -> None:
    if link.state != state:
        link.state, link.since = state, now


def _words(*texts: str) -> set[str]:
    return {word for text in texts for word in re.findall(r"\w{3,}", text.casefold())}


def _called(title: str, owner: str) -> str:
    return (title or owner)[:120]
