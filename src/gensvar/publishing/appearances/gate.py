"""The gate for appearances: the public page and the search for links ask here what may be seen. It fails closed (law 5)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import Prefetch, QuerySet

from gensvar.publishing.appearances import queries
from gensvar.publishing.appearances.models import Appearance, EarlierTelling
from gensvar.publishing.appearances.values import (
    AppearancePage,
    Corrected,
    PublishedAppearance,
    PublishedTelling,
)
from gensvar.publishing.values import PublishedTopic

logger = logging.getLogger(__name__)

PAGE: Final = 50


def public() -> QuerySet[Appearance]:
    """Those that may be seen, as rows: to ask whether there are any."""
    return Appearance.objects.filter(withdrawn_at__isnull=True)


def page(before: queries.Key | None = None, size: int = PAGE) -> AppearancePage:
    """Newest day first after the key `before`, also that something was withdrawn; three queries however many there are."""
    earlier = Prefetch("earlier", EarlierTelling.objects.select_related("person", "function"))
    rows, following = queries.page(Appearance.objects.prefetch_related("topics", earlier), before, size)
    return AppearancePage(tuple(_shown(rows)), following)


def links() -> Iterator[tuple[int, str]]:
    """The id and the link of every appearance that has one and may be seen."""
    return public().exclude(link="").order_by("pk").values_list("pk", "link").iterator()


def _shown(rows: Iterable[Appearance]) -> Iterator[PublishedAppearance]:
    for row in rows:
        try:
            yield _made(row)
        except Exception:
            logger.exception("The gate kept appearance %s closed: it could not be judged.", row.pk)


def _made(row: Appearance) -> PublishedAppearance:
    if row.withdrawn_at is not None:
        return PublishedAppearance(row.pk, row.day, None, row.withdrawn_at)
    return PublishedAppearance(
        key=row.pk,
        day=row.day,
        told=_told(row),
        topics=tuple(PublishedTopic(one.slug, one.name, one.name_en) for one in row.topics.all()),
        earlier=tuple(Corrected(_told(one), one.until, one.reason) for one in row.earlier.all()),
    )


def _told(row: Appearance | EarlierTelling) -> PublishedTelling:
    named = row.person.shown
    return PublishedTelling(
        kind=row.kind,
        kind_words=str(row.get_kind_display()),
        function=str(row.function),
        function_slug=row.function.slug,
        name=row.person.name if named else "",
        title=row.person.title if named else "",
        day=row.day,
        place=row.place,
        link=row.link,
    )
