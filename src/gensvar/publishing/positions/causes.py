"""Reads what an editor says led to a wording: numbers of public exchanges and addresses of posts, one a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from gensvar.publishing.models import PublicExchange
from gensvar.publishing.positions.models import Wording
from gensvar.publishing.posts.models import Post

MOST: Final = 20
_NUMBER: Final = re.compile(r"(?:\A|/fragor/|\s)([0-9]{4}-[0-9]{1,12})(?![0-9])")
_POST: Final = re.compile(r"(?:/([a-z]{2,3}))?/nytt/((?:19|20)[0-9]{2})/([\w-]{1,255})\Z")


@dataclass(frozen=True, slots=True)
class Led:
    """One cause by its row: exactly one of the two is there."""

    exchange_id: int | None = None
    post_id: int | None = None


def read(text: str) -> tuple[list[Led], list[str]]:
    """What the lines name, each once, and the lines that name nothing that was ever public."""
    found: dict[Led, None] = {}
    unknown = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        led = _named(line) if len(found) < MOST else None
        if led is None:
            unknown.append(line[:100])
        else:
            found[led] = None
    return list(found), unknown


def written(wording: Wording) -> str:
    """The causes of a wording as `read` takes them."""
    lines = []
    for one in wording.causes.select_related("exchange", "post").order_by("pk"):
        if one.exchange is not None:
            lines.append(one.exchange.number)
        elif one.post is not None and one.post.first_published_at is not None:
            lines.append(str(one.post.url))
    return "\n".join(lines)


def _named(line: str) -> Led | None:
    line = line.partition("?")[0].partition("#")[0].rstrip("/")
    if number := _NUMBER.search(line):
        row = PublicExchange.objects.filter(number=number[1], published_at__isnull=False)
        pk = row.values_list("pk", flat=True).first()
        return Led(exchange_id=pk) if pk is not None else None
    if post := _POST.search(line):
        return _post(post[1] or "", int(post[2]), post[3])
    return None


def _post(language: str, year: int, slug: str) -> Led | None:
    """That post; where several languages have the address, as a translation has that of its original, the one of this language."""
    rows = Post.objects.filter(slug=slug, first_published_at__year=year).order_by("pk")
    there = dict(rows.values_list("locale__language_code", "pk"))
    pk = there.get(language) or there.get(settings.LANGUAGE_CODE) or next(iter(there.values()), None)
    return Led(post_id=pk) if pk is not None else None
