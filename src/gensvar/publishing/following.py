"""One public question as it is followed: its words, the comments below it and our answers to these, from the gates (law 5).

Neighbours: entries makes a list of it, for feeds and letters; streams names it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from gensvar.answers.languages import spoken
from gensvar.publishing import gate
from gensvar.publishing.comments import gate as comments
from gensvar.publishing.comments.models import Comment, CommentAnswer, On
from gensvar.publishing.comments.values import PublishedComment
from gensvar.publishing.models import PublicText
from gensvar.publishing.values import Part, PublishedExchange, PublishedWord, joined

WORD: Final = 4  # kinds of entries, as entries numbers them: never another's, and the same for ever
COMMENT: Final = comments.NUMBER
ANSWER: Final = 6
KINDS: Final = frozenset({WORD, COMMENT, ANSWER})
LEAD: Final = 400  # characters of a word in a letter
_ANCHORS: Final = {WORD: "ord", COMMENT: "kommentar", ANSWER: "svar"}


@dataclass(frozen=True, slots=True)
class Said:
    """One word of a question that is followed; what it says of itself is in the language of the reader."""

    kind: int
    key: int  # the same for ever
    at: dt.datetime  # aware; when it was shown
    number: str  # of the exchange
    slug: str
    about: str  # its headline
    language: str  # of the headline
    word: PublishedWord
    first: bool = False  # the question, or our first answer
    page: int = 1  # of the comments

    @property
    def heading(self) -> str:
        """What it is."""
        if self.kind == COMMENT:
            return _("A comment")
        if self.kind == ANSWER:
            return _("Our answer to a comment")
        if self.word.ours:
            return _("The answer") if self.first else _("We answered again")
        return _("The question") if self.first else _("A further word")

    @property
    def title_parts(self) -> tuple[Part, ...]:
        """What it is, and about what."""
        return Part(f"{self.heading}: "), Part(self.about, self.language)

    @property
    def title(self) -> str:
        """The same in one line."""
        return joined(self.title_parts)

    @property
    def lead_parts(self) -> tuple[Part, ...]:
        """Its words in short."""
        word = self.word
        return (Part(Truncator(word.text).chars(LEAD), spoken(word.text, word.language or self.language)),)

    @property
    def signed(self) -> str:
        """Who said it: the writer's name where it may be known."""
        return ", ".join(part for part in (self.word.name, self.word.function) if part) or _("A resident")

    @property
    def path(self) -> str:
        """Where it stands on the page of the question."""
        address = reverse("square:exchange", args=[self.number, self.slug])
        return f"{address}{f'?kommentarer={self.page}' if self.page > 1 else ''}#{self.name}"

    @property
    def name(self) -> str:
        """Its anchor there."""
        return f"{_ANCHORS[self.kind]}-{self.key}"


def said(number: str, most: int) -> list[Said]:
    """What may be seen of that question, newest first: of comments and of answers to them at most `most` each.

    Nothing where the question may not be seen itself.
    """
    exchange = gate.find(number)
    if exchange is None:
        return []
    found = [_of_word(exchange, word) for word in exchange.words]
    for comment in comments.newest(On.EXCHANGE, number, most):
        below = [_of_comment(exchange, comment)]
        below += [_said(exchange, ANSWER, answer, answer.shown_at or answer.at) for answer in comment.answers]
        found += [replace(one, page=comment.page) for one in below]
    return sorted(found, key=lambda one: (one.at, one.kind, one.key), reverse=True)


def is_shown(kind: int, place: int) -> bool:
    """Whether that very word may be seen now, and the question that it belongs to."""
    if kind == WORD:
        number = PublicText.objects.filter(pk=place).values_list("exchange__number", flat=True).first()
        exchange = gate.find(number) if number else None
        return exchange is not None and any(word.key == place for word in exchange.words)
    rows = Comment.objects.filter(on_kind=On.EXCHANGE)
    row = (rows.filter(pk=place) if kind == COMMENT else rows.filter(answers=place)).first()
    if row is None or gate.find(row.on_key) is None:
        return False
    found = comments.find(row.pk, row.on_kind, row.on_key)
    return found is not None and (kind == COMMENT or any(one.key == place for one in found.answers))


def stirred(since: dt.datetime) -> frozenset[str]:
    """The numbers of the questions below which something was shown after `since` (aware); three readings for all."""
    texts = PublicText.objects.filter(approved=True).filter(
        Q(approved_at__gt=since) | Q(exchange__published_at__gt=since)
    )
    below = Comment.objects.filter(on_kind=On.EXCHANGE)
    return frozenset().union(
        texts.values_list("exchange__number", flat=True),
        below.filter(shown_at__gt=since).values_list("on_key", flat=True),
        CommentAnswer.objects.filter(shown=True, approved_at__gt=since, comment__in=below).values_list(
            "comment__on_key", flat=True
        ),
    )


def _of_word(exchange: PublishedExchange, word: PublishedWord) -> Said:
    """A word is shown when it and its exchange are."""
    at = max(exchange.published_at, word.shown_at or exchange.published_at)
    made = _said(exchange, WORD, word, at)
    return replace(made, first=word in (exchange.question, exchange.answer))


def _of_comment(exchange: PublishedExchange, comment: PublishedComment) -> Said:
    word = PublishedWord(
        ours=False,
        text=comment.text,
        language=comment.language,
        at=comment.at,
        name=comment.name,
        title="",
        function="",
        key=comment.pk,
    )
    return _said(exchange, COMMENT, word, comment.shown_at or comment.at)


def _said(exchange: PublishedExchange, kind: int, word: PublishedWord, at: dt.datetime) -> Said:
    return Said(
        kind=kind,
        key=word.key,
        at=at,
        number=exchange.number,
        slug=exchange.slug,
        about=exchange.title,
        language=exchange.title_language,
        word=word,
    )
