"""Searching what is public: the words stand in the reader's own address line and nowhere else; neighbour: publishing.gate."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gensvar.conversations.stems import LONGEST_WORD, english, is_english, stem
from gensvar.core import languages
from gensvar.learning import gate as outcomes
from gensvar.learning.values import PublishedOutcome
from gensvar.publishing import entries, gate, spelling
from gensvar.publishing.entries import Entry
from gensvar.publishing.finding import Finding
from gensvar.publishing.positions.values import PublishedPosition
from gensvar.publishing.posts.values import PublishedPost
from gensvar.publishing.values import PublishedExchange
from gensvar.square import standing
from gensvar.square.exchanges import address_of
from gensvar.square.headers import secret
from gensvar.square.items import author
from gensvar.square.standing import Standing
from gensvar.square.topics import in_address, key_of

PAGE: Final = 20
BEFORE: Final = 90  # characters of the text before the first word that was found
SHOWN: Final = 260  # characters of the text in all
_NUMBER: Final = re.compile(r"[0-9]{4}-[0-9]{1,12}")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry with the place where the words stand; both texts are escaped and carry <mark>."""

    address: str
    title: SafeString
    title_language: str  # BCP 47
    excerpt: SafeString
    language: str  # of the excerpt
    function: str
    at: dt.datetime  # aware
    sort: str = ""  # what it is; empty for a question and its answer
    earlier: bool = False  # the words stand in a wording that holds no longer


@dataclass(frozen=True, slots=True)
class Done:
    """One outcome with the place where the words stand; both texts are escaped and carry <mark>."""

    outcome: PublishedOutcome
    title: SafeString
    excerpt: SafeString


@dataclass(frozen=True, slots=True)
class There:
    """A place, a function or a counter with the place where the words stand; both texts are escaped and carry <mark>."""

    address: str
    sort: str
    title: SafeString
    excerpt: SafeString


class _Beside:
    """Implements publishing.spelling.Beside: outcomes are in the index, what has no date is not."""

    def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        return standing.frequencies(stems)

    def texts(self, asked: Sequence[tuple[str, ...]]) -> Sequence[str]:
        done = [f"{one.title}\n{one.said}\n{one.newest.words}" for one in outcomes.search(asked)]
        return [*done, *(f"{one.title}\n{one.text}" for one in standing.search(asked))]


@require_safe
@secret
def search(request: HttpRequest) -> HttpResponse:
    """All that is public and holds all the words of `?q=`, newest first, by the key in `?fore=`.

    What has no date stands above it: places, functions and counters; and what came of it, the outcomes.

    The number of a public exchange, as it stands in a receipt and on its page, leads to that page.
    """
    words = " ".join(request.GET.get("q", "").replace("\0", " ").split())[: gate.LONGEST_QUESTION]
    numbered = gate.find(words) if _NUMBER.fullmatch(words) else None
    if numbered is not None:
        return redirect(address_of(numbered))
    before = key_of(request.GET.get("fore", ""))
    page = entries.search(words, before, PAGE, language=languages.here())
    sought = gate.sought(words)
    asked = frozenset(one for either in sought for one in either)
    done = outcomes.search(sought) if before is None else ()
    there = standing.search(sought) if before is None else ()
    many = len(page.entries) + len(done) + len(there)
    following = in_address(page.next) if page.next is not None else ""
    meant = ""
    if words and before is None and not following and many < spelling.FEW:
        meant = spelling.proposal(words, many, languages.here(), _Beside())
    context = {
        "words": words,
        "hits": [_hit(one, asked) for one in page.entries],
        "done": [_done(one, asked) for one in done],
        "standing": [_there(one, asked) for one in there[: standing.MOST]],
        "meant": meant,
        "meant_at": _address(meant) if meant else "",
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


def _there(one: Standing, asked: frozenset[str]) -> There:
    return There(
        one.path,
        one.sort,
        marked(_composed(one.title), asked),
        marked(_piece(_composed(one.text), asked), asked),
    )


def _hit(entry: Entry, asked: frozenset[str]) -> Hit:
    if entry.finding is not None:
        return _hit_of_finding(entry.finding, entry.at, asked)
    if entry.position is not None:
        return _hit_of_position(entry.position, asked)
    if entry.post is not None:
        return _hit_of_post(entry.post, asked)
    assert entry.exchange is not None
    return _hit_of_exchange(entry.exchange, asked)


def _hit_of_exchange(exchange: PublishedExchange, asked: frozenset[str]) -> Hit:
    words = (exchange.answer, *exchange.words)  # in doubt the answer is shown
    place, text = _telling([word.text for word in words], asked)
    return Hit(
        address=address_of(exchange),
        title=marked(_composed(exchange.title), asked),
        title_language=exchange.title_language,
        excerpt=marked(text, asked),
        language=words[place].language,
        function=exchange.function,
        at=exchange.answered_at,
    )


def _hit_of_post(post: PublishedPost, asked: frozenset[str]) -> Hit:
    """In doubt the lead is shown. The link leads to the language that the words stand in: another translation lacks them."""
    _which, text = _telling((post.lead, *post.said), asked)
    with override(post.language if post.translated else get_language()):
        address = reverse("square:post", args=[post.year, post.slug])
    return Hit(
        address=address,
        title=marked(_composed(post.title), asked),
        title_language=post.language,
        excerpt=marked(text, asked),
        language=post.language,
        function=_stands_behind(post),
        at=post.first_published_at,
        sort=_("News"),
    )


def _stands_behind(post: PublishedPost) -> str:
    """The function that said it first, or the guest."""
    first = post.bylines[0] if post.bylines else None
    if first is None:
        return ""
    return author(first) if first.guest else first.function


def _hit_of_position(position: PublishedPosition, asked: frozenset[str]) -> Hit:
    """In doubt the newest wording is shown, in the language of the page."""
    said = [
        (one, words)
        for one in position.wordings
        for words in dict.fromkeys((one.here, one.said("sv"), one.said("en")))
    ]
    said = [(one, words) for one, words in said if words.text] or said
    place, text = _telling([words.text for _one, words in said], asked)
    wording, words = said[place]
    title = position.newest.here
    return Hit(
        address=reverse("square:position", args=[position.slug]),
        title=marked(_composed(title.title), asked),
        title_language=title.language,
        excerpt=marked(text, asked),
        language=words.language,
        function=position.function,
        at=position.newest.holds_from,
        sort=_("What we stand for"),
        earlier=wording is not position.newest,
    )


def _hit_of_finding(found: Finding, at: dt.datetime, asked: frozenset[str]) -> Hit:
    _which, text = _telling(found.texts, asked)
    return Hit(
        address=found.path,
        title=marked(_composed(found.title), asked),
        title_language=found.title_language,
        excerpt=marked(text, asked),
        language=found.language,
        function=found.signed,
        at=at,
        sort=found.sort,
    )


def _telling(texts: Sequence[str], asked: frozenset[str]) -> tuple[int, str]:
    """Which of the texts holds most of what was asked for (the first, in doubt), and the piece of it around that."""
    flat = [" ".join(_composed(text).split()) for text in texts]
    found = [_places(text, asked) for text in flat]
    met = [
        len({stem(_folded(text[at:end])) for at, end in places})
        for text, places in zip(flat, found, strict=True)
    ]
    best = met.index(max(met))
    return best, _piece(flat[best], asked)


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
