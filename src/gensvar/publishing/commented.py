"""Comments in search: each with our answers to it, found under a page that may be seen, at its own place there.

Neighbours: comments.gate judges the comments and the page's own gate the page, comments.keeping keeps their words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gensvar.publishing import finding
from gensvar.publishing import gate as exchanges
from gensvar.publishing.comments import gate
from gensvar.publishing.comments.gate import FoundComment
from gensvar.publishing.comments.models import On
from gensvar.publishing.entries import Entry, Found
from gensvar.publishing.finding import Finding
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.values import PublishedPost
from gensvar.publishing.values import PublishedExchange

Key = tuple[str, str]
Page = PublishedExchange | PublishedPost


class Comments:
    """Implements publishing.entries.Searched."""

    number = gate.NUMBER

    def search(
        self, asked: Sequence[tuple[str, ...]], before: tuple[dt.datetime, int] | None, size: int
    ) -> Found:
        """By when each came; the same number of readings for one as for twenty, and those of a page only where it is needed."""
        found, following = gate.search(asked, before, size)
        pages = _pages({(one.kind, one.key) for one in found})
        shown = [one for one in found if (one.kind, one.key) in pages]
        places = gate.pages_of([one.comment.pk for one in shown])
        return [
            Entry(
                one.comment.at,
                self.number,
                one.comment.pk,
                finding=_finding(one, pages[one.kind, one.key], places[one.comment.pk]),
            )
            for one in shown
        ], following

    def reindex(self) -> int:
        """From what the gate shows; whether its page may be seen is asked at every reading."""
        return finding.keep_all(self.number, ((one.pk, one.texts) for one in gate.every_shown()))


def _pages(keys: Collection[Key]) -> Mapping[Key, Page]:
    """Those of the pages that may be seen now."""
    told = posts.find_at({key for kind, key in keys if kind == On.POST})
    answered = exchanges.find_all({key for kind, key in keys if kind == On.EXCHANGE})
    found: dict[Key, Page] = {(On.POST.value, key): one for key, one in told.items()}
    return found | {(On.EXCHANGE.value, number): one for number, one in answered.items()}


def _finding(found: FoundComment, page: Page, place: int) -> Finding:
    one = found.comment
    address = _address(page)
    return Finding(
        sort=_("Comment"),
        title=page.title,
        title_language=page.language,
        texts=one.texts,
        language=one.language or page.language,
        signed=one.name or _("A resident"),
        path=f"{address}{f'?kommentarer={place}' if place > 1 else ''}#kommentar-{one.pk}",
    )


def _address(page: Page) -> str:
    if isinstance(page, PublishedExchange):
        return reverse("square:exchange", args=[page.number, page.slug])
    # Each translation has comments of its own: the link leads to the one that this stands under.
    with override(page.language if page.translated else get_language()):
        return reverse("square:post", args=[page.year, page.slug])
