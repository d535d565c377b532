"""The one gate to the public: every screen, feed, search, export and file asks here what may be shown. It fails closed.

What is asked at every reading, not remembered: the exchange is published, its conversation is public and no spam, nobody
who wrote there has a protected identity, the writer's yes still stands, and a person approved this very text.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import DatabaseError
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from gensvar.conversations import stems
from gensvar.conversations.forwards import is_ours, ours
from gensvar.conversations.models import Conversation, Message, Participant
from gensvar.conversations.protecting import protected_writer
from gensvar.conversations.states import State
from gensvar.core import clock, files, keyset
from gensvar.core.models import Topic
from gensvar.people.models import Person
from gensvar.publishing import index, likeness
from gensvar.publishing import months as in_months
from gensvar.publishing.models import PublicExchange, PublicPicture, PublicText
from gensvar.publishing.named import agreed_beside, named_in
from gensvar.publishing.values import (
    ExchangePage,
    PublishedExchange,
    PublishedPicture,
    PublishedTopic,
    PublishedWord,
)
from gensvar.routing import calendar

logger = logging.getLogger(__name__)

PAGE: Final = 20
LONGEST_QUESTION: Final = 500  # characters of a search
MOST_WORDS: Final = 12  # of a search
MOST_PLACES: Final = 20  # exchanges that one picture is looked for in
LOOKED_AT: Final = 12  # exchanges that are read through for a suggestion
_OURS: Final = ours("message__")

# What is read of a word and of those behind it; the words as they came stay where they are.
_OF_A_TEXT: Final = (
    "exchange_id",
    "text",
    "shown_name",
    "approved",
    "approved_at",
    *(
        f"message__{name}"
        for name in ("conversation_id", "direction", "author", "language", "at", "may_publish", "shown_typed")
    ),
    "message__marks",
    *(f"message__{who}__{name}" for who in ("person", "co_signer") for name in ("name", "title", "shown")),
    "message__function__name",
    "message__function__name_en",
    "message__contact__protected",
)


def published_page(
    before: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
    *,
    function: str = "",
    topic: str = "",
    person: int = 0,
    month: tuple[int, int] | None = None,
) -> ExchangePage:
    """Exchanges newest first, after the key `before`; at most `size` (rows that the gate holds back leave gaps)."""
    rows = _published()
    if function:
        rows = rows.filter(function__slug=function)
    if topic:
        rows = rows.filter(topics__slug=topic)
    if person:
        rows = rows.filter(Exists(_shown_texts_of(person).filter(exchange=OuterRef("pk"))))
    if month is not None:
        begins, ends = clock.span_of(*month)
        rows = rows.filter(published_at__gte=begins, published_at__lt=ends)
    return _page(rows, before, size)


def sought(words: str) -> list[tuple[str, ...]]:
    """For each word the stems of which one is enough, in the words that tell something, where any does."""
    asked = stems.sought(words[:LONGEST_QUESTION])
    return ([one for one in asked if one[0] not in likeness.SAID_BY_ALL] or asked)[:MOST_WORDS]


def search(words: str, before: tuple[dt.datetime, int] | None = None, size: int = PAGE) -> ExchangePage:
    """Exchanges that hold all the words in what everybody can read of them, newest first, after the key `before`.

    Words are stemmed as Swedish, those of an English text as English too. Nothing to look for finds nothing.
    """
    asked = sought(words)
    if not asked:
        return ExchangePage((), None)
    try:
        page = _page(_published().filter(pk__in=index.holding(asked)), before, size)
    except DatabaseError as error:
        if index.unknown_letter(error):
            return ExchangePage((), None)
        raise
    # What was hidden since it was indexed must not be guessed word by word: only what is read here finds.
    kept = tuple(one for one in page.exchanges if _holds(one, asked))
    return ExchangePage(kept, page.next)


def _holds(shown: PublishedExchange, asked: list[tuple[str, ...]]) -> bool:
    held = set(likeness.found_by(shown))
    return all(not held.isdisjoint(either) for either in asked)


def suggest(text: str, limit: int = 3) -> tuple[PublishedExchange, ...]:
    """At most `limit` exchanges that really resemble what somebody is writing, the likest first; often none.

    However long and whatever the text is, two statements over 48 stems and the reading of 12 exchanges are the most.
    """
    asked = likeness.telling(text)
    asked = sorted(asked, key=len, reverse=True)[: likeness.MOST_ASKED]  # long words are rare ones
    if not asked or limit < 1:
        return ()
    frequencies = index.frequencies(asked)
    if not any(frequencies.values()):
        return ()
    exchanges = PublicExchange.objects.filter(state=PublicExchange.State.PUBLISHED).count()
    weights = likeness.weights(asked, frequencies, exchanges)
    rare = [one for one in weights if 0 < frequencies.get(one, 0) < index.MOST_LOOKED_AT]
    points: dict[int, float] = {}
    for one, pk in index.places_of(rare):
        points[pk] = points.get(pk, 0.0) + weights[one]
    best = sorted(points, key=lambda pk: (-points[pk], -pk))[:LOOKED_AT]
    shown = [(likeness.resemblance(one, weights), one) for one in _shown(_published().filter(pk__in=best))]
    likest = sorted(
        ((like, one) for like, one in shown if like > 0),
        key=lambda pair: (-pair[0], -pair[1].published_at.timestamp()),
    )
    return tuple(one for _like, one in likest[:limit])


def with_addresses() -> Iterable[PublishedExchange]:
    """Every exchange whose words name an address on the web, for the check of links; read a hundred at a time."""
    named = PublicText.objects.filter(approved=True, text__icontains="://")
    return _shown(
        _published().filter(pk__in=named.values("exchange")).order_by("pk").iterator(chunk_size=100)
    )


def shown_among(numbers: Iterable[str]) -> set[str]:
    """Those of these numbers whose exchanges may be seen now."""
    asked, found = sorted(set(numbers)), set[str]()
    for at in range(0, len(asked), 100):
        found.update(one.number for one in _shown(_published().filter(number__in=asked[at : at + 100])))
    return found


def find(number: str) -> PublishedExchange | None:
    """The public exchange of that number, or None for whatever may not be seen."""
    return next(iter(_shown(_published().prefetch_related("topics").filter(number=number))), None)


def find_all(numbers: Iterable[str] | QuerySet[Any]) -> dict[str, PublishedExchange]:
    """Those of these numbers that may be seen now, newest first; four readings however many there are, none for none."""
    if not isinstance(numbers, QuerySet) and not numbers:
        return {}
    rows = _published().filter(number__in=numbers).order_by("-published_at", "-pk")
    return {one.number: one for one in _shown(rows)}


def is_shown(key: int) -> bool:
    """Whether the exchange of that key may be seen now."""
    return next(iter(_shown(_published().filter(pk=key))), None) is not None


def was_withdrawn(number: str) -> bool:
    """Whether that number was public once and is no longer."""
    return (
        PublicExchange.objects.filter(number=number, published_at__isnull=False).exists()
        and find(number) is None
    )


def topics() -> QuerySet[Topic]:
    """The topics that something public is about, by name."""
    return Topic.objects.filter(exchanges__in=_open()).distinct().order_by("name")


def months() -> tuple[dt.date, ...]:
    """The months in which something that may be seen was published, newest first, as their first days."""
    rows = _open()
    return in_months.holding(
        rows, "published_at", PublicExchange.objects.filter(state=PublicExchange.State.PUBLISHED)
    )


def authors() -> QuerySet[Person]:
    """Those whose answers stand in public and who agreed to be named there, by name."""
    public = _open()
    answered = PublicText.objects.filter(_OURS, exchange__in=public, approved=True)
    behind = Q(pk__in=answered.values("message__person")) | Q(pk__in=answered.values("message__co_signer"))
    return Person.objects.filter(behind, shown=True).order_by("name", "pk")


def newest_by_function(each: int) -> dict[int, tuple[PublishedExchange, ...]]:
    """At most `each` of the newest exchanges of every function, by the function's id; two readings for all of them."""
    place = Window(
        RowNumber(), partition_by=F("function_id"), order_by=[F("published_at").desc(), F("pk").desc()]
    )
    newest = dict(_open().annotate(place=place).filter(place__lte=each).values_list("number", "function_id"))
    found: dict[int, tuple[PublishedExchange, ...]] = {}
    for one in _shown(_published().filter(number__in=newest).order_by("-published_at", "-pk")):
        function = newest[one.number]
        found[function] = (*found.get(function, ()), one)
    return found


def topics_by_function(most: int) -> dict[int, tuple[Topic, ...]]:
    """What each function is asked most about in public, by the function's id; at most `most` topics each."""
    public = _open()
    counted = public.filter(topics__isnull=False).values_list("function_id", "topics")
    ranked = counted.annotate(times=Count("pk", distinct=True)).order_by("function_id", "-times", "topics")
    chosen: dict[int, list[int]] = {}
    for function, topic, _times in ranked:
        if len(chosen.setdefault(function, [])) < most:
            chosen[function].append(topic)
    names = Topic.objects.in_bulk({topic for topics in chosen.values() for topic in topics})
    return {function: tuple(names[topic] for topic in topics) for function, topics in chosen.items()}


def picture(sha256: str) -> tuple[bytes, str] | None:
    """The bytes and content type of a picture that stands in something that may be seen now, or None."""
    rows = PublicPicture.objects.filter(
        sha256=sha256, text__exchange__state=PublicExchange.State.PUBLISHED
    ).select_related("text__exchange")
    for row in rows[:MOST_PLACES]:  # the same picture may stand in several, and be withheld in some
        exchange = find(row.text.exchange.number)
        if exchange is not None and any(p.sha256 == sha256 for word in exchange.words for p in word.pictures):
            return files.read(sha256), row.content_type
    return None


def as_it_would_be(exchange: PublicExchange) -> PublishedExchange | None:
    """What would be seen if the exchange were published now; None where the gate would show nothing."""
    rows = PublicExchange.objects.filter(~protected_writer(), pk=exchange.pk)
    row = _with_texts(rows).first()
    return _pass(row, preview=True) if row is not None else None


def _shown_texts_of(person: int) -> QuerySet[PublicText]:
    return PublicText.objects.filter(
        _OURS,
        Q(message__person=person, message__person__shown=True)
        | Q(message__co_signer=person, message__co_signer__shown=True),
        approved=True,
    )


def _page(rows: QuerySet[PublicExchange], before: tuple[dt.datetime, int] | None, size: int) -> ExchangePage:
    found, following = keyset.newest(rows, "published_at", before, size)
    return ExchangePage(tuple(_shown(found)), following)


def _published() -> QuerySet[PublicExchange]:
    return _with_texts(_open())


def _open() -> QuerySet[PublicExchange]:
    """What was said to somebody with a protected identity is closed to all, also where it was said to another as well."""
    return PublicExchange.objects.filter(
        ~protected_writer(),
        state=PublicExchange.State.PUBLISHED,
        published_at__isnull=False,
        conversation__visibility=Conversation.Visibility.PUBLIC,
    ).exclude(conversation__state=State.SPAM)


def _with_texts(rows: QuerySet[PublicExchange]) -> QuerySet[PublicExchange]:
    texts = (
        PublicText.objects.filter(approved=True)
        .select_related("message__person", "message__co_signer", "message__function", "message__contact")
        .only(*_OF_A_TEXT)
        .prefetch_related("pictures")
        .order_by("message__at", "message_id")
    )
    named = Participant.objects.filter(show_name=True).only(
        "conversation_id", "contact_id", "show_name", "typed_key"
    )
    return rows.select_related("function", "conversation").prefetch_related(
        Prefetch("texts", texts, to_attr="approved_texts"),
        Prefetch("conversation__participants", named, to_attr="named_participants"),
    )


def _shown(rows: Iterable[PublicExchange]) -> Iterable[PublishedExchange]:
    for row in rows:
        try:
            found = _pass(row)
        except Exception:
            logger.exception("The gate kept exchange %s closed: it could not be judged.", row.pk)
            continue
        if found is not None:
            yield found


def _pass(row: PublicExchange, *, preview: bool = False) -> PublishedExchange | None:
    conversation = row.conversation
    if conversation.state == State.SPAM:
        return None
    if not preview and (
        row.state != PublicExchange.State.PUBLISHED
        or conversation.visibility != Conversation.Visibility.PUBLIC
    ):
        return None
    named = {one.contact_id: one for one in conversation.named_participants}  # type: ignore[attr-defined]
    texts: list[PublicText] = row.approved_texts  # type: ignore[attr-defined]
    words = tuple(
        _word(text, named) for text in texts if _may_be_seen(text.message, conversation) and text.text.strip()
    )
    if not any(word.ours for word in words) or not words or words[0].ours:
        return None
    first_answer = next(word for word in words if word.ours)
    published_at = row.published_at or first_answer.at
    changes = [published_at, row.changed_at, *(text.approved_at for text in texts)]
    return PublishedExchange(
        number=row.number,
        slug=row.slug,
        title=row.title,
        language=row.language,
        function=str(row.function),
        function_slug=row.function.slug,
        published_at=published_at,
        words=words,
        took_working_days=calendar.working_days_between(words[0].at, first_answer.at),
        changed_at=max(at for at in changes if at is not None),
        topics=tuple(map(PublishedTopic.of, _known_topics(row))),
        key=row.pk,
    )


def _known_topics(row: PublicExchange) -> Iterable[Topic]:
    """What it is about, where that was read with it; a list that does not tell it does not ask."""
    fetched: dict[str, Iterable[Topic]] = getattr(row, "_prefetched_objects_cache", {})
    return fetched.get("topics", ())


def _may_be_seen(message: Message, conversation: Conversation) -> bool:
    """Whether this very word may be shown: never a note, a forward or a machine's word, never against a no."""
    if message.conversation_id != conversation.pk:
        return False
    if message.direction == Message.Direction.IN:
        return (
            message.author == Message.Author.RESIDENT
            and message.may_publish is not False
            and message.contact is not None
            and not message.contact.protected
        )
    return is_ours(message)


def _word(text: PublicText, named: Mapping[int, Participant]) -> PublishedWord:
    message = text.message
    ours = message.direction == Message.Direction.OUT
    name = title = ""
    if ours:
        name, title = named_in(message)
    elif message.contact_id is not None and agreed_beside(message, named.get(message.contact_id)):
        name = text.shown_name
    return PublishedWord(
        ours=ours,
        text=text.text,
        language=message.language,
        at=message.at,
        name=name,
        title=title,
        function=str(message.function) if ours and message.function is not None else "",
        pictures=tuple(
            PublishedPicture(p.sha256, p.content_type, p.alternative, p.width, p.height)
            for p in text.pictures.all()
        ),
        key=text.pk,
        shown_at=text.approved_at,
    )
