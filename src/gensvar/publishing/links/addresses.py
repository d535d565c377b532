"""Finds the addresses of others in what is shown to the public, through the gates alone. Neighbour: gathering keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from gensvar.contactpoints.models import ContactPoint
from gensvar.core.outside.guard import LONGEST
from gensvar.publishing import gate
from gensvar.publishing.appearances import gate as appearances
from gensvar.publishing.links.models import LinkUse
from gensvar.publishing.posts import gate as posts
from gensvar.publishing.posts.models import Source

_HREF: Final = re.compile(r"""<a\b[^<>]*?\shref\s*=\s*["'](https?://[^"'\s<>]+)["']""", re.IGNORECASE)
_WRITTEN: Final = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_TRAILING: Final = (
    ".,:;!?'’)]}"  # what ends a sentence and is no part of an address (as Django's urlize has it)
)

Use = tuple[str, str, str]
"""An address, the kind of what links to it, and its key."""


def all_shown() -> Iterator[Use]:
    """Every address of others that stands in public, with where; the same may come more than once."""
    yield from _of_places()
    yield from _of_posts()
    yield from _of_answers()
    for key, link in appearances.links():
        yield from _uses([link], LinkUse.Kind.APPEARANCE, key)
    for source in Source.objects.exclude(url="").only("pk", "url"):
        yield from _uses([source.url], LinkUse.Kind.SOURCE, source.pk)


def plain(address: str) -> str:
    """The address as it is kept: without a fragment, host in lower case; empty for one that is ours or is none."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").lower()
        named = (
            parts.netloc.replace(parts.hostname or "", host)
            if parts.netloc.islower()
            else parts.netloc.lower()
        )
    except ValueError:
        return ""
    made = parts._replace(scheme=parts.scheme.lower(), netloc=named, fragment="").geturl()
    own = urlsplit(settings.GENSVAR_URL)
    if not host or len(made) > LONGEST or len(host) > 253 or named == own.netloc.lower():
        return ""
    return made if made.isprintable() else ""


def in_words(text: str) -> list[str]:
    """The addresses that somebody wrote in plain words, without the marks that end a sentence."""
    found = []
    for match in _WRITTEN.finditer(text):
        address = match[0]
        while address and address[-1] in _TRAILING:
            if address[-1] == ")" and address.count("(") >= address.count(")"):
                break
            address = address[:-1]
        found.append(address)
    return found


def _uses(addresses: Iterable[str], kind: LinkUse.Kind, key: object) -> Iterator[Use]:
    for address in addresses:
        if kept := plain(address):
            yield kept, kind.value, str(key)


def _of_places() -> Iterator[Use]:
    for point in ContactPoint.objects.filter(state=ContactPoint.State.LIVE):
        yield from _uses([point.page], LinkUse.Kind.PLACE, point.pk)


def _of_posts() -> Iterator[Use]:
    for post in posts.every_shown():
        yield from _uses(_in_body(post.body), LinkUse.Kind.POST, post.pk)


def _in_body(body: Any) -> Iterator[str]:
    for part in body:
        if part.block_type == "text":
            yield from _in_html(part.value.source)
        elif part.block_type == "facts":
            yield from _in_html(part.value["text"].source)
        elif part.block_type == "film":
            yield part.value["url"]
        elif part.block_type == "quotation" and part.value["source"] is not None:
            yield part.value["source"].url


def _in_html(source: str) -> list[str]:
    return [unescape(found) for found in _HREF.findall(source)]


def _of_answers() -> Iterator[Use]:
    for exchange in gate.with_addresses():
        for word in exchange.words:
            if word.ours:
                yield from _uses(in_words(word.text), LinkUse.Kind.ANSWER, exchange.number)
