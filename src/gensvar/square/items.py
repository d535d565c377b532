"""A public entry as a feed tells it, whatever kind it is: a name for ever, an address, words, times and who said it.

Neighbours: publishing.entries gives the entries, feeds puts them into Atom, RSS and JSON.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gensvar.answers.languages import spoken
from gensvar.learning.surveys.values import ToldSurvey
from gensvar.learning.values import PublishedOutcome
from gensvar.learning.workshop.values import ToldExperiment
from gensvar.publishing.appearances.values import ToldAppearance
from gensvar.publishing.entries import Entry
from gensvar.publishing.following import Said
from gensvar.publishing.positions.values import PublishedPosition
from gensvar.publishing.posts.values import PublishedByline, PublishedPost
from gensvar.publishing.values import PublishedExchange, PublishedWord
from gensvar.square.exchanges import address_of

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_OF_OURS: Final = re.compile(r"""(\b(?:src|href)=")/(?!/)""")
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry in the words of a feed; `address` is absolute, times are aware. `text` is all of it, or its lead alone."""

    id: str
    address: str
    title: str
    text: str
    html: str
    author: str
    tags: tuple[str, ...]
    language: str  # BCP 47, or empty
    published_at: dt.datetime
    changed_at: dt.datetime
    lead_alone: bool = False


def item(entry: Entry) -> Item:
    """What a feed says of an entry."""
    about = tuple(topic.name for topic in entry.topics)
    if entry.exchange is not None:
        return _of_exchange(entry.exchange, about)
    if entry.position is not None:
        return _of_position(entry.position, about)
    if entry.post is not None:
        return _of_post(entry.post, about)
    match entry.further:
        case Said():
            return _of_said(entry.further)
        case PublishedOutcome():
            return _of_outcome(entry.further, about)
        case ToldAppearance():
            return _of_appearance(entry.further, about)
        case ToldExperiment():
            return _of_experiment(entry.further, about)
        case ToldSurvey():
            return _of_survey(entry.further)
    raise TypeError(f"A feed has no words for entries of kind {entry.kind}.")


def tag(date: str, specific: str) -> str:
    """A tag URI (RFC 4151): the name of our site, a day on which it was ours, and what it names."""
    return f"tag:{urlsplit(settings.GENSVAR_URL).hostname},{date}:{specific}"


def clean(text: str) -> str:
    """Without the characters that XML cannot hold (XML 1.0 § 2.2)."""
    return _NOT_IN_XML.sub("", text)


def _of_exchange(one: PublishedExchange, about: Sequence[str]) -> Item:
    words = [(_heading(one, word), word, _spoken(word, one.language)) for word in one.words]
    html = render_to_string("square/_feed_words.html", {"words": words, "site": settings.GENSVAR_URL})
    return Item(
        id=tag(_day(one.published_at), f"fragor/{one.number}"),
        address=settings.GENSVAR_URL + address_of(one),
        title=clean(one.title),
        text=clean("\n\n".join(word.text for word in one.words)),
        html=clean(html),
        author=one.answer.name or one.function,
        tags=(one.function, *about),
        language=_language(one.title_language),
        published_at=one.published_at,
        changed_at=one.changed_at or one.published_at,
    )


def _of_post(one: PublishedPost, about: Sequence[str]) -> Item:
    """Published anew it keeps the name and moves the time, so that readers who have it show what stands there now."""
    return Item(
        id=tag(_day(one.first_published_at), f"nytt/{one.key}"),
        address=settings.GENSVAR_URL + reverse("square:post", args=[one.year, one.slug]),
        title=clean(one.title),
        text=clean(one.lead),
        html=clean(f"<p>{escape(one.lead)}</p>{_parts(one)}"),
        author=", ".join(author(by) for by in one.bylines),
        tags=tuple(dict.fromkeys([*(by.function for by in one.bylines if not by.guest), *about])),
        language=_language(one.language),
        published_at=one.first_published_at,
        changed_at=one.changed_at,
        lead_alone=True,
    )


def author(by: PublishedByline) -> str:
    """Whom a feed names: the person or, where they are not named, the function; a guest is said to be one."""
    if not by.guest:
        return by.name or by.function
    return _("%(name)s (guest)") % {"name": ", ".join(part for part in (by.name, by.title) if part)}


def _of_position(one: PublishedPosition, about: Sequence[str]) -> Item:
    """Each wording is an entry of its own: a reader who has the last one is told of the next."""
    wording = one.newest
    said, why = wording.here, wording.why
    text = "\n\n".join(part for part in (why.text, said.text) if part)
    return Item(
        id=tag(_day(wording.holds_from), f"vi-star-for/{one.key}/{wording.key}"),
        address=settings.GENSVAR_URL + reverse("square:position", args=[one.slug]),
        title=clean(_("Withdrawn: %(title)s") % {"title": said.title} if wording.ends else said.title),
        text=clean(text),
        html=clean(
            render_to_string("square/_feed_position.html", {"wording": wording, "said": said, "why": why})
        ),
        author=wording.name or wording.function,
        tags=tuple(dict.fromkeys((one.function, *about))),
        language=_language(said.language),
        published_at=wording.holds_from,
        changed_at=wording.holds_from,
    )


def _of_outcome(one: PublishedOutcome, about: Sequence[str]) -> Item:
    """Each step is news of its own, under a name of its own."""
    said = _("You said: %(said)s") % {"said": one.said}
    did = f"{one.newest.status_words.capitalize()}: {one.newest.words}"
    return Item(
        id=tag(_day(one.newest.at), f"ni-sade-vi-gjorde/{one.key}/{one.newest.key}"),
        address=settings.GENSVAR_URL + one.path,
        title=clean(one.title),
        text=clean(f"{said}\n\n{did}"),
        html=clean(render_to_string("square/_feed_outcome.html", {"outcome": one})),
        author=one.newest.name or one.newest.function,
        tags=(one.function, *about),
        language=_language(one.language),
        published_at=one.newest.at,
        changed_at=one.newest.at,
    )


def _of_appearance(one: ToldAppearance, about: Sequence[str]) -> Item:
    """A correction keeps the name and moves the time, so that readers who have it show what is right."""
    return Item(
        id=tag(_day(one.at), f"framtradanden/{one.key}"),
        address=settings.GENSVAR_URL + one.path,
        title=clean(one.title),
        text=clean(one.lead),
        html=clean(render_to_string("square/_feed_appearance.html", {"one": one})),
        author=one.told.name or one.told.function,
        tags=(one.told.function, *about),
        language=_language(get_language() or ""),
        published_at=one.at,
        changed_at=one.changed_at,
    )


def _of_experiment(one: ToldExperiment, about: Sequence[str]) -> Item:
    """Each line is news of its own, under a name of its own."""
    experiment = one.experiment
    return Item(
        id=tag(_day(one.line.at), f"verkstad/{experiment.key}/{one.line.key}"),
        address=settings.GENSVAR_URL + one.path,
        title=clean(one.title),
        text=clean(f"{one.heading}: {one.words}"),
        html=clean(render_to_string("square/_feed_experiment.html", {"one": one})),
        author=one.line.name or one.line.function,
        tags=(experiment.function, *about),
        language=_language(experiment.language),
        published_at=one.line.at,
        changed_at=one.line.at,
    )


def _of_survey(one: ToldSurvey) -> Item:
    """That there is a result, and of how many: what was answered stands on its page, which is always as it should be now."""
    survey = one.survey
    return Item(
        id=tag(_day(survey.published_at), f"hur-vi-leder/{survey.key}"),
        address=settings.GENSVAR_URL + one.path,
        title=clean(one.title),
        text=clean(one.lead),
        html=clean(f"<p>{escape(one.lead)}</p>"),
        author=survey.function,
        tags=(survey.function,),
        language=_language(get_language() or ""),
        published_at=survey.published_at,
        changed_at=survey.published_at,
    )


def _of_said(one: Said) -> Item:
    """One word of a question that is followed, with the question's headline."""
    language = _spoken(one.word, one.language)
    words = [(one.heading, one.word, language)]
    return Item(
        id=tag(_day(one.word.at), f"fragor/{one.number}/{one.name}"),
        address=settings.GENSVAR_URL + one.path,
        title=clean(one.title),
        text=clean(one.word.text),
        html=clean(
            render_to_string("square/_feed_words.html", {"words": words, "site": settings.GENSVAR_URL})
        ),
        author=clean(one.word.name or one.word.function or _("A resident")),
        tags=(),
        language=language,
        published_at=one.at,
        changed_at=one.at,
    )


def _parts(one: PublishedPost) -> str:
    """Its whole text as its page shows it, with absolute addresses: a feed is read elsewhere."""
    shown = [
        render_to_string("square/_part.html", {"part": part, "words": part.words, "plain": True})
        for part in one.parts
    ]
    return _OF_OURS.sub(rf"\g<1>{settings.GENSVAR_URL}/", "".join(shown))


def _heading(one: PublishedExchange, word: PublishedWord) -> str:
    if word is one.question:
        return _("The question")
    if word is one.answer:
        return _("The answer")
    return _("We answered again") if word.ours else _("A further word")


def _day(at: dt.datetime) -> str:
    """The id is the same for ever, whatever the headline becomes and in every form and language."""
    return at.astimezone(dt.UTC).date().isoformat()


def _spoken(word: PublishedWord, around: str) -> str:
    """The language of a word: what itself tells, else that of what it stands in."""
    return _language(spoken(word.text, word.language)) or _language(around)


def _language(code: str) -> str:
    return code if _LANGUAGE.fullmatch(code) else ""
