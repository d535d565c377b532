"""Searching what is public: the words stand in the reader's own address line and nowhere else; neighbour: publishing.gate."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from gensvar.conversations.stems import LONGEST_WORD, english, is_english, stem
from gensvar.learning import gate as outcomes
from gensvar.learning.values import PublishedOutcome
from gensvar.publishing import gate
from gensvar.publishing.values import PublishedExchange, PublishedWord
from gensvar.square.exchanges import key_of, next_after
from gensvar.square.headers import secret

PAGE: Final = 20
BEFORE: Final = 90  # characters of the text before the first word that was found
SHOWN: Final = 260  # characters of the text in all
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One exchange with the place where the words stand; both texts are escaped and carry <mark>."""

    exchange: PublishedExchange
    title: SafeString
    excerpt: SafeString
    language: str  # of the excerpt


@dataclass(frozen=True, slots=True)
class Done:
    """One outcome with the place where the words stand; both texts are escaped and carry <mark>."""

    outcome: PublishedOutcome
    title: SafeString
    excerpt: SafeString


@require_safe
@secret
def search(request: HttpRequest) -> HttpResponse:
    """Public exchanges that hold all the words of `?q=`, newest first, by the key in `?fore=`."""
    words = " ".join(request.GET.get("q", "").replace("\0", " ").split())[: gate.LONGEST_QUESTION]
    before = key_of(request.GET.get("fore", ""))
    page = gate.search(words, before, PAGE)
    sought = gate.sought(words)
    asked = frozenset(one for either in sought for one in either)
    done = outcomes.search(sought) if before is None else ()
    following = next_after(page)
    context = {
        "words": words,
        "hits": [_hit(one, asked) for one in page.exchanges],
        "done": [_done(one, asked) for one in done],
        "first": before is None,
        "again": _address(words),
        "next": _address(words, following) if following else "",
    }
    return render(request, "square/search.html", context)


def marked(text: str, asked: frozenset[str]) -> SafeString:
    """The text, escaped, with <mark> around each word whose stem was asked for (the English stem in an English text)."""
    parts, last = [], 0
    for at, end in _places(text, asked):
        parts += [escape(text[last:at]), "<mark>", escape(text[at:end]), "</mark>"]
        last = end
    return mark_safe("".join([*parts, escape(text[last:])]))


def _done(outcome: PublishedOutcome, asked: frozenset[str]) -> Done:
    """Where most of what was asked for stands: in what was said or in what was done."""
    texts = [" ".join(_composed(text).split()) for text in (outcome.newest.words, outcome.said)]
    best = max(texts, key=lambda text: len(_places(text, asked)))
    return Done(outcome, marked(_composed(outcome.title), asked), marked(_piece(best, asked), asked))


def _hit(exchange: PublishedExchange, asked: frozenset[str]) -> Hit:
    word, text = _telling(exchange, asked)
    return Hit(exchange, marked(_composed(exchange.title), asked), marked(text, asked), word.language)


def _telling(exchange: PublishedExchange, asked: frozenset[str]) -> tuple[PublishedWord, str]:
    """The word of the exchange where most of what was asked for stands (the answer, in doubt), and the piece around it."""
    texts = {word: " ".join(_composed(word.text).split()) for word in (exchange.answer, *exchange.words)}
    found = {word: _places(text, asked) for word, text in texts.items()}
    best = max(found, key=lambda word: len({stem(_folded(texts[word][at:end])) for at, end in found[word]}))
    return best, _piece(texts[best], asked)


def _piece(text: str, asked: frozenset[str]) -> str:
    """The part of a text around the first word that was asked for."""
    found = _places(text, asked)
    first = found[0][0] if found else 0
    start = 0 if first <= BEFORE else text.find(" ", first - BEFORE, first) + 1 or first
    piece = text[start : start + SHOWN]
    if start + SHOWN < len(text):
        piece = piece.rpartition(" ")[0] or piece
    return ("… " if start else "") + piece + (" …" if start + len(piece) < len(text) else "")


def _places(text: str, asked: frozenset[str]) -> list[tuple[int, int]]:
    stemmers = (stem, english) if is_english(text) else (stem,)
    return [
        found.span()
        for found in _WORD.finditer(text)
        if any(stemmed(_folded(found[0])) in asked for stemmed in stemmers)
    ]


def _folded(word: str) -> str:
    return word.lower()[:LONGEST_WORD]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _address(words: str, key: str = "") -> str:
    return f"{reverse('square:search')}?{urlencode({'q': words} | ({'fore': key} if key else {}))}"
